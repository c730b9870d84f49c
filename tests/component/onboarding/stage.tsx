// Puts the window on screen as at a first start: no conversation, only the demo could answer.
import '../../../src/renderer/ui/styles.css';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import type { BackendsStatus, BackendStatus, ModelInfo } from '../../../src/contract/backends.ts';
import { useChatStore } from '../../../src/renderer/features/chat/index.ts';
import { openChats } from '../../../src/renderer/lib/index.ts';
import { App } from '../../../src/renderer/main/app.tsx';
import type { FakeHearth, FakeOptions } from '../../support/component/fake-hearth.ts';
import { BUILT_IN, DEMO, fakeHearth, OLLAMA } from '../../support/component/fake-hearth.ts';

const NO_FILE: BackendStatus = {
  ...BUILT_IN,
  state: 'unavailable',
  models: [],
  problem: { code: 'no_model_file', message: 'The built-in engine has no model yet.', params: {} },
};

const model = (name: string): ModelInfo => ({
  name,
  sizeBytes: 2_019_393_189,
  family: null,
  parameters: null,
  quantization: null,
});

/** No Ollama anywhere. */
export const NOTHING: BackendsStatus = {
  backends: [
    {
      ...OLLAMA,
      isOwned: false,
      state: 'unavailable',
      version: null,
      models: [],
      problem: { code: 'ollama_not_installed', message: 'No Ollama was found', params: {} },
    },
    NO_FILE,
    DEMO,
  ],
  chosen: { id: 'demo', kind: 'demo', label: 'Demo', model: null },
  isChecking: false,
  demo: 'ifNobodyIsThere',
  isOrderAutomatic: true,
  environment: [],
  secretsIn: 'system',
};

/** An Ollama of the user's with these models. */
export function ollamaWith(...names: string[]): BackendsStatus {
  const [first = null] = names;
  return {
    backends: [{ ...OLLAMA, isOwned: false, version: '0.12.3', models: names.map(model) }, NO_FILE, DEMO],
    chosen: first === null ? NOTHING.chosen : { id: 'ollama', kind: 'ollama', label: 'Ollama', model: first },
    isChecking: false,
    demo: 'ifNobodyIsThere',
    isOrderAutomatic: true,
    environment: [],
    secretsIn: 'system',
  };
}

export async function showFirstStart(options: FakeOptions = {}): Promise<FakeHearth> {
  await page.viewport(1280, 800);
  openChats();
  useChatStore.getState().startNew();
  useChatStore.setState({ draft: '', backends: null });
  const hearth = fakeHearth({ backends: NOTHING, settings: { onboarding: { isDone: false } }, ...options });
  await render(<App />);
  return hearth;
}
