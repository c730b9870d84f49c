// Drives the real program against a scripted Ollama and takes a picture of each state, in light and dark.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type Page } from '@playwright/test';
import { environment } from '../../tests/e2e/support/environment.ts';
import { screen } from '../../tests/e2e/support/screen.ts';
import { type ReplayOllama, startReplayOllama } from '../../tests/support/replay-ollama/index.ts';
import { CHATS, STREAMING } from './texts.ts';

const root = path.join(import.meta.dirname, '../..');
const target = path.join(root, 'docs/screenshots');
const MODEL = {
  name: 'llama3.2:3b',
  family: 'llama',
  parameters: '3.2B',
  quantization: 'Q4_K_M',
  sizeBytes: 2_019_393_189,
};

mkdirSync(target, { recursive: true });
for (const theme of ['light', 'dark'] as const) {
  await pictures(theme);
}

async function pictures(theme: 'light' | 'dark'): Promise<void> {
  const home = mkdtempSync(path.join(tmpdir(), 'hearth-pictures-'));
  writeFileSync(path.join(home, 'settings.json'), JSON.stringify({ theme }));
  const ollama = await startReplayOllama({ models: [MODEL], version: '0.32.5' });
  const take = (window: Page, name: string) => window.screenshot({ path: path.join(target, `${name}.${theme}.png`) });

  await withHearth(home, {}, async (window) => {
    const on = screen(window);
    await on.ask('Can you explain clause 14 of my lease in plain words?');
    await on.send.waitFor();
    await on.answers.getByText('No model read your message').waitFor();
    await take(window, 'demo');
  });

  await withHearth(home, { OLLAMA_HOST: `${ollama.host}:${ollama.port}` }, async (window) => {
    const on = screen(window);
    await take(window, 'empty');
    for (const { question, answer } of CHATS) {
      ollama.set({ answer: { tokens: tokensOf(answer), tokensPerSecond: 60 } });
      await on.newChat.click();
      await on.ask(question);
      await on.send.waitFor();
    }
    await take(window, 'chat');
    await streaming(window, ollama, take);
    await window.keyboard.press('ControlOrMeta+,');
    await window.getByRole('heading', { name: 'Backends' }).waitFor();
    await take(window, 'settings');
  });
  await ollama.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}

/** An answer half written, and a second question waiting behind it. */
async function streaming(window: Page, ollama: ReplayOllama, take: (window: Page, name: string) => Promise<unknown>) {
  const on = screen(window);
  const tokens = tokensOf(STREAMING.answer);
  ollama.set({ answer: { tokens }, holdAfterRecords: Math.floor(tokens.length * 0.7) });
  await on.newChat.click();
  await on.ask(STREAMING.question);
  await on.answers.getByText(STREAMING.lastShown).waitFor();
  await take(window, 'streaming');
  await on.newChat.click();
  await on.ask(STREAMING.next);
  await window.getByRole('status').filter({ hasText: 'in line' }).waitFor();
  await take(window, 'queued');
  ollama.set({ holdAfterRecords: null });
  ollama.release();
  await on.send.waitFor();
}

async function withHearth(home: string, env: Record<string, string>, work: (window: Page) => Promise<void>) {
  const app = await _electron.launch({
    executablePath: process.env.HEARTH_ELECTRON ?? '',
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root],
    env: environment(home, env),
  });
  try {
    const window = await app.firstWindow();
    await screen(window).composer.waitFor();
    await work(window);
  } finally {
    await app.close();
  }
}

/** Pieces as a model writes them: words with the space before them. */
const tokensOf = (answer: string) => answer.split(/(?<=\s)/);
