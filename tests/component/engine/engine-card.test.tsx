import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { openChats, setClient, useNavigation } from '../../../src/renderer/lib/index.ts';
import { hideToast } from '../../../src/renderer/ui/index.ts';
import { button, called, showEngine, until } from './stage.tsx';

afterEach(() => {
  hideToast();
  openChats();
  setClient(null);
});

const card = () => page.getByRole('region', { name: 'State of the engine' });
const state = (text: string) => expect.element(card().getByText(text, { exact: true })).toBeVisible();
const gaveUp = {
  code: 'ollama_gave_up' as const,
  message: 'Ollama ended 5 times in 2 minutes, so Hearth stopped starting it.',
  params: {},
};

test('it says how the engine is, who runs it, where and since when', async () => {
  await showEngine({ engine: { startedAtMs: Date.now() } });
  await expect.element(page.getByRole('heading', { name: 'Engine', level: 1 })).toHaveFocus();
  await state('Ready');
  await state('Started by Hearth');
  for (const fact of ['127.0.0.1:36865', '0.32.5', '48213', '/usr/local/bin/ollama']) await state(fact);
  await expect.element(card().getByText('Since')).toBeVisible();
});

test('it says what the engine does right now', async () => {
  const hearth = await showEngine();
  hearth.engine.set({
    activity: [
      { type: 'answering', model: 'llama3.2:3b' },
      { type: 'loading', model: 'qwen2.5:7b' },
    ],
  });
  await state('Loading qwen2.5 7B into memory');
  hearth.engine.set({ activity: [{ type: 'answering', model: 'llama3.2:3b' }] });
  await state('Answering with llama3.2 3B');
  hearth.engine.set({ state: 'stopping', activity: [] });
  await state('Stopping');
  hearth.engine.set({ state: 'starting' });
  await state('Starting');
});

test('stopping, starting and restarting ask main for it', async () => {
  const hearth = await showEngine();
  await userEvent.click(button('Restart'));
  await until(() => expect(called(hearth, 'engine.restart')).toHaveLength(1));
  await userEvent.click(button('Stop'));
  await state('Stopped');
  await state('You stopped it. It starts when you start it here, or when you ask something.');
  expect(button('Stop').query()).toBeNull();
  // The button that was pressed is gone; what takes its place has the focus.
  await expect.element(button('Start')).toHaveFocus();
  await userEvent.click(button('Start'));
  await state('Ready');
  expect(called(hearth, 'engine.start')).toHaveLength(1);
});

test('one that is stopped says what starts it', async () => {
  const hearth = await showEngine({ engine: { state: 'stopped', owner: 'none', host: null, pid: null } });
  await state('It starts when you ask something.');
  await hearth.client.settings.set({ ollama: { startWhenNeeded: false } });
  await state('It starts when you start it here.');
});

test('where there is none it says what to do', async () => {
  const hearth = await showEngine({ engine: { state: 'absent', owner: 'none', host: null, pid: null, program: null } });
  await state('Not installed');
  await state('No Ollama runs on this computer and none was found. Choose below to let Hearth install one.');
  expect(button('Start').query()).toBeNull();
  hearth.engine.setInstall({ offer: null });
  await state('No Ollama runs on this computer and none was found. Install it yourself, or use the built-in engine.');
});

test('force quit is in the menu, in red, and acts at once', async () => {
  const hearth = await showEngine();
  await userEvent.click(button('More actions'));
  const item = page.getByRole('menuitem', { name: 'Force quit' });
  await expect.element(item).toHaveClass(/danger/);
  await userEvent.click(item);
  await until(() => expect(called(hearth, 'engine.kill')).toHaveLength(1));
  await state('Stopped');
});

test('a start that fails says why, once', async () => {
  const hearth = await showEngine({ engine: { state: 'stopped', owner: 'none', host: null, pid: null } });
  hearth.failNext('engine.start', 'Ollama could not be started: the port is taken.', 'ollama_start_failed');
  await userEvent.click(button('Start'));
  const sentence = card().getByText('Ollama could not be started: the port is taken.');
  await expect.element(sentence).toBeVisible();
  const problem = {
    code: 'ollama_start_failed' as const,
    message: 'Ollama could not be started: the port is taken.',
    params: {},
  };
  hearth.engine.set({ state: 'failed', problem });
  await state('Does not run');
  expect(sentence.elements()).toHaveLength(1);
});

test('a stop that fails says why', async () => {
  const hearth = await showEngine();
  hearth.failNext('engine.stop', 'Hearth did not start this Ollama.', 'engine_not_ours');
  await userEvent.click(button('Stop'));
  await expect.element(page.getByText('Hearth did not start this Ollama.')).toBeVisible();
});

test('one that failed says why, with its last lines folded away, and leads to its log', async () => {
  const hearth = await showEngine({
    engine: {
      state: 'failed',
      owner: 'none',
      host: null,
      pid: null,
      problem: gaveUp,
      lastLines: ['<b>bind</b>', 'bye'],
    },
  });
  await state('Does not run');
  await state(gaveUp.message);
  const last = card().getByText('<b>bind</b>', { exact: false });
  expect(last.query()?.checkVisibility() ?? false).toBe(false);
  await userEvent.click(page.getByText('What it said last'));
  await expect.element(last).toBeVisible();
  await userEvent.click(button('See log'));
  await expect.element(page.getByRole('log')).toHaveFocus();
  await userEvent.click(button('Start'));
  expect(called(hearth, 'engine.start')).toHaveLength(1);
});

test('one that is started again says which attempt and when, and can be started now or stopped', async () => {
  const hearth = await showEngine({
    engine: {
      state: 'restarting',
      host: null,
      pid: null,
      problem: { ...gaveUp, message: 'Ollama ended by itself.' },
      restart: { attempt: 2, limit: 5, atMs: Date.now() + 60_000 },
    },
  });
  await state('Starting again, attempt 2 of 5');
  await expect.element(card().getByText(/^in (59|60) s$/)).toBeVisible();
  await state('Ollama ended by itself.');
  await userEvent.click(button('Start now'));
  expect(called(hearth, 'engine.start')).toHaveLength(1);
  hearth.engine.set({ state: 'restarting', restart: { attempt: 3, limit: 5, atMs: Date.now() + 60_000 } });
  await userEvent.click(button('Stop'));
  expect(called(hearth, 'engine.stop')).toHaveLength(1);
});

test('another’s Ollama is left alone, and it says why', async () => {
  const hearth = await showEngine({ engine: { owner: 'other', pid: null, startedAtMs: null, needsRestart: true } });
  await state('Runs by itself');
  await state('Hearth did not start this Ollama, so it leaves it alone. Stop or restart it where it was started.');
  for (const name of ['Start', 'Stop', 'Restart', 'More actions', 'Restart now']) {
    expect(button(name).query()).toBeNull();
  }
  hearth.engine.set({ host: 'studio.local:11434' });
  await state('Your network');
});

test('changed settings wait for a restart, which one press does', async () => {
  const hearth = await showEngine({ engine: { needsRestart: true } });
  const note = page.getByText('Ollama uses the new settings after a restart', { exact: false });
  await expect.element(note).toBeVisible();
  hearth.failNext('engine.restart', 'It did not answer.', 'engine_hung');
  await userEvent.click(button('Restart now'));
  await expect.element(page.getByText('It did not answer.', { exact: false })).toBeVisible();
  await userEvent.click(button('Restart now'));
  await until(() => expect(note.query()).toBeNull());
});

test('the first start can be gone through again', async () => {
  await showEngine();
  await button('Set up again').click();
  expect(useNavigation.getState().place).toEqual({ page: 'onboarding' });
});
