// The card for every error an answer can end with, on one page: all words are there. `npm run gallery` takes its pictures.
import '../../../src/renderer/ui/styles.css';
import '../../../src/renderer/features/chat/chat.css';
import '../../../src/renderer/lib/i18n.ts';
import { describe, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { cleanup, render } from 'vitest-browser-react';
import sentences from '../../../resources/locales/en/errors.json' with { type: 'json' };
import type { BackendStatus } from '../../../src/contract/backends.ts';
import { ErrorCode, type ErrorParams } from '../../../src/contract/errors.ts';
import { Settings } from '../../../src/contract/settings.ts';
import { AnswerFault } from '../../../src/renderer/features/chat/answer-fault.tsx';
import { useChatStore } from '../../../src/renderer/features/chat/index.ts';
import { isAnswerCode } from '../../../src/renderer/features/chat/remedy-ways.ts';
import { useEngine } from '../../../src/renderer/features/engine/index.ts';
import { useModels } from '../../../src/renderer/features/models/index.ts';
import { useSettings } from '../../../src/renderer/features/settings/index.ts';
import { answerMessage, ollamaSource } from '../../support/answers.ts';
import { ENGINE_READY } from '../../support/component/fake-engine.ts';
import { CATALOGUE, installed, NO_MODELS } from '../../support/component/fake-models.ts';
import { ollamaReady } from '../../support/fake-main.ts';
import { showChat } from './stage.tsx';

const PARAMS: ErrorParams = {
  backend: 'Ollama',
  host: 'studio.local:1234',
  name: 'Studio',
  model: 'llama3.2:3b',
  installed: 'gemma3:1b, qwen2.5:14b',
  seconds: 10,
  status: 401,
  wait: '40 s',
  waitMs: 40_000,
  reason: 'llama runner process has terminated',
  reasons: 'Ollama: it does not run. Studio: it refused the key.',
  said: 'error: no space left on device',
  how: 'exit code 1',
  times: 5,
  minutes: 10,
  needed: '5.6 GB',
  free: '2.3 GB',
  set: 4_096,
  can: 131_072,
  to: 'https://new.example/v1',
  page: 'https://login.example',
  path: '/home/user/.hearth',
  found: 12,
  known: 9,
};
const [ollama] = ollamaReady.backends as [BackendStatus];
const studio: BackendStatus = {
  ...ollama,
  id: 'studio',
  kind: 'openai',
  label: 'Studio',
  host: 'studio.local:1234',
  origin: 'added',
};
/** Whose errors come from a server that was added. */
const OF_A_SERVER: ReadonlySet<string> = new Set([
  'backend_key_needed',
  'backend_key_refused',
  'backend_quota',
  'backend_redirects',
  'backend_login',
  'secret_unreadable',
]);

/** Just failed, for those that have to wait. */
const SINCE_MS = Date.now();

function Card({ code }: { code: ErrorCode }) {
  const all: Readonly<Record<string, string>> = sentences;
  const message = (all[code] ?? '').replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) =>
    String(PARAMS[name] ?? whole),
  );
  const source = OF_A_SERVER.has(code)
    ? { ...ollamaSource, kind: 'openai' as const, label: 'Studio', host: studio.host }
    : ollamaSource;
  const detail = code === 'backend_failed' ? 'HTTP 500 {"error":"llama runner process has terminated"}' : undefined;
  const error = { code, message, params: PARAMS, ...(detail ? { detail } : {}) };
  const answer = answerMessage('failed', '', { error, source, settledAtMs: SINCE_MS });
  return (
    <div className="answer" data-code={code}>
      <AnswerFault message={answer} hasText={false} onAskAgain={() => undefined} goOn={null} />
    </div>
  );
}

async function showAll(): Promise<HTMLElement> {
  // For what it puts in place; the cards stand alone.
  await showChat({ backends: { ...ollamaReady, backends: [ollama, studio] } });
  const loaded = { sizeBytes: 5e9, gpuBytes: null, expiresAtMs: null };
  const models = [
    installed('llama3.2:3b'),
    installed('gemma3:1b', { sizeBytes: 8e8 }),
    installed('qwen2.5:14b', { sizeBytes: 9e9, loaded }),
  ];
  await vi.waitFor(() => expect(useModels.getState().models).not.toBeNull());
  await cleanup();
  useModels.setState({ models: { ...NO_MODELS, installed: models }, catalogue: CATALOGUE });
  useEngine.setState({ engine: { ...ENGINE_READY, state: 'stopped' } });
  useSettings.setState({ settings: Settings.parse({}) });
  useChatStore.setState({ backends: { ...ollamaReady, backends: [ollama, studio] } });
  const { container } = await render(
    <div
      className="col"
      style={{ maxWidth: 'none', padding: 24, display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 16 }}
    >
      {ErrorCode.options.filter(isAnswerCode).map((code) => (
        <Card key={code} code={code} />
      ))}
    </div>,
  );
  return container;
}

describe('every error', () => {
  it('has a card whose words are whole, with one to three buttons', async () => {
    const gallery = await showAll();
    const codes = ErrorCode.options.filter(isAnswerCode);
    for (const code of codes) {
      const card = gallery.querySelector(`[data-code="${code}"] .fault`);
      if (!card) throw new Error(`no card for ${code}`);
      expect(card.querySelector('b')?.textContent, code).toMatch(/\S/);
      expect(card.textContent, code).not.toMatch(/\{\{|fault\.|remedy\.|undefined/);
      const buttons = [...card.querySelectorAll('.acts button')];
      expect(buttons.length, code).toBeGreaterThan(0);
      expect(buttons.length, code).toBeLessThanOrEqual(3);
      for (const button of buttons) expect(button.textContent, code).toMatch(/\S/);
      expect(card.querySelectorAll('.btn.primary').length, code).toBeLessThanOrEqual(1);
    }
    if (!import.meta.env.VITE_PICTURES) return;
    // What is outside the frame is not drawn.
    await page.viewport(1_280, gallery.scrollHeight);
    for (const theme of ['light', 'dark']) {
      document.documentElement.dataset.theme = theme;
      const path = `../../../test-results/gallery/error-cards.${theme}.png`;
      await page.elementLocator(gallery).screenshot({ path });
    }
  });
});
