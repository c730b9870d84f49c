// Drives the real program against a scripted Ollama and takes a picture of each state, in light and dark.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { environment, NO_OLLAMA } from '../../tests/e2e/support/environment.ts';
import { screen } from '../../tests/e2e/support/screen.ts';
import { type ReplayOllama, startReplayOllama } from '../../tests/support/replay-ollama/index.ts';
import { startScriptedOpenAi } from '../../tests/support/scripted-openai.ts';
import { CHATS, FACTS, STREAMING } from './texts.ts';

const root = path.join(import.meta.dirname, '../..');
const target = path.join(root, 'docs/screenshots');
/** Where Hearth looks by itself. It must be free: a real Ollama would get into the pictures. */
const OLLAMA_PORT = 11_434;
/** Where LM Studio listens, which stands in the list of backends. */
const STUDIO_PORT = 1_234;
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
  const settings = ({ isSetUp, added = [] }: { isSetUp: boolean; added?: object[] }) =>
    writeFileSync(
      path.join(home, 'settings.json'),
      JSON.stringify({ theme, onboarding: { isDone: isSetUp }, backends: { added } }),
    );
  const take = async (window: Page, name: string) => {
    // The pointer stands somewhere on a virtual screen: nothing must look hovered.
    await window.mouse.move(1, 1);
    await settled(window);
    await window.screenshot({ path: path.join(target, `${name}.${theme}.png`) });
  };

  settings({ isSetUp: false });
  const empty = await startReplayOllama({ port: OLLAMA_PORT, models: [], version: '0.32.5' });
  await withHearth(home, NO_OLLAMA, async (window) => {
    await window.getByRole('heading', { name: 'Choose an engine' }).waitFor();
    await take(window, 'onboarding');
    await window.keyboard.press('Enter');
    await window.getByRole('radio').first().waitFor();
    await take(window, 'onboarding-model');
  });
  await empty.close();

  settings({ isSetUp: true });
  await withHearth(home, NO_OLLAMA, async (window) => {
    const on = screen(window);
    await on.ask('Can you explain clause 14 of my lease in plain words?');
    await on.answers.getByText('No model read your message').waitFor();
    await on.answers.getByRole('button', { name: 'Check again' }).waitFor();
    await take(window, 'demo');
  });

  // From here on there are engines: a scripted Ollama where a real one would be, and a model for the built-in one.
  mkdirSync(path.join(home, 'models'), { recursive: true });
  cpSync(path.join(root, 'tests/fixtures/tiny.gguf'), path.join(home, 'models/tiny.gguf'));
  const ollama = await startReplayOllama({ port: OLLAMA_PORT, models: [MODEL], version: '0.32.5' });
  const id = (name: string) => ({ id: name, object: 'model', owned_by: 'organization_owner' });
  const studio = await startScriptedOpenAi({ port: STUDIO_PORT, models: ['qwen3-8b', 'gemma-3-12b-it'].map(id) });
  settings({ isSetUp: true, added: [{ id: 'studio', name: 'LM Studio', url: studio.url, standsIn: true }] });
  // Not this computer's own folder: its name would be in the picture of the models.
  const folder = path.join(tmpdir(), 'ollama/models');
  mkdirSync(folder, { recursive: true });
  await withHearth(home, { ...NO_OLLAMA, OLLAMA_MODELS: folder }, async (window, app) => {
    const on = screen(window);
    await window.getByRole('button', { name: /Model: llama3.2/ }).waitFor();
    await window.getByRole('button', { name: /Carry on/ }).waitFor();
    await take(window, 'empty');
    for (const { question, answer } of CHATS) {
      ollama.set({ answer: { tokens: tokensOf(answer), tokensPerSecond: 60 } });
      await on.newChat.click();
      await on.ask(question);
      await on.answers.getByText('tokens/s').waitFor();
    }
    await take(window, 'chat');
    await streaming(window, ollama, take);
    await window.keyboard.press('ControlOrMeta+,');
    await window.getByRole('navigation').getByRole('button', { name: 'Backends' }).click();
    await window.getByRole('heading', { name: 'Backends', level: 1 }).waitFor();
    await window.getByText(/^Next question: Ollama .*: ready/).waitFor();
    await window.getByRole('listitem').filter({ hasText: 'LM Studio' }).getByText('Ready').waitFor();
    await take(window, 'backends');
    for (const page of ['Models', 'Engine'] as const) {
      await window.getByRole('navigation').getByRole('button', { name: page }).click();
      await window.getByRole('heading', { name: page, level: 1 }).waitFor();
      await window
        .getByText(page === 'Models' ? 'llama3.2 3B' : '0.32.5')
        .first()
        .waitFor();
      await take(window, page.toLowerCase());
    }
    await memory(window, take);
    await window.keyboard.press('Escape');
    await gallery({ window, app, ollama, take });
  });
  await studio.close();
  await ollama.close();
  rmSync(path.dirname(folder), { recursive: true, force: true });
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
  await window.getByRole('button', { name: 'Cancel' }).waitFor();
  await take(window, 'queued');
  ollama.set({ holdAfterRecords: null });
  ollama.release();
  await on.answers.getByText('tokens/s').waitFor();
}

/** All that Markdown of models holds, in a window as high as it is long. */
async function gallery({ window, app, ollama, take }: Scene) {
  const on = screen(window);
  const text = readFileSync(path.join(root, 'tests/fixtures/markdown/gallery.md'), 'utf8');
  ollama.set({ answer: { tokens: tokensOf(text) } });
  await on.newChat.click();
  await on.ask('Show me everything');
  await on.answers.getByText('tokens/s').waitFor();
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1000, 2100));
  await window.waitForFunction(() => innerHeight > 2_000);
  await take(window, 'gallery');
}

/** What Hearth remembers, written in by hand, and learning switched on. */
async function memory(window: Page, take: (window: Page, name: string) => Promise<unknown>) {
  await window.getByRole('navigation').getByRole('button', { name: 'Memory' }).click();
  await window.getByRole('switch', { name: 'Learn from what you write' }).click();
  for (const fact of FACTS) {
    await window.getByRole('textbox', { name: 'New fact' }).fill(fact);
    await window.keyboard.press('Enter');
    await window.getByText(fact).waitFor();
  }
  await take(window, 'memory');
}

interface Scene {
  window: Page;
  app: ElectronApplication;
  ollama: ReplayOllama;
  take: (window: Page, name: string) => Promise<unknown>;
}

async function withHearth(
  home: string,
  env: Record<string, string>,
  work: (window: Page, app: ElectronApplication) => Promise<void>,
) {
  const app = await _electron.launch({
    executablePath: process.env.HEARTH_ELECTRON ?? '',
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root],
    env: environment(home, env),
    // Playwright would draw every page light, whatever the theme.
    colorScheme: null,
  });
  try {
    await work(await app.firstWindow(), app);
  } finally {
    await app.close();
  }
}

/** Waits until what comes in has come in: the line about the queue begins invisible, and buttons change their colour. */
async function settled(window: Page): Promise<void> {
  await window.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const passing = document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(passing.map((one) => one.finished));
  });
}

/** Pieces as a model writes them: words with the space before them. */
function tokensOf(answer: string): string[] {
  return answer.split(/(?<=\s)/);
}
