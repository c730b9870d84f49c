import { afterEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { setClient } from '../../../src/renderer/lib/index.ts';
import { hideToast } from '../../../src/renderer/ui/index.ts';
import { BUILT_IN, DEMO, OLLAMA } from '../../support/component/fake-hearth.ts';
import type { FakeHearth } from '../../support/component/fake-hearth.ts';
import { inputsOf, OFFICE, showSettings, status, STUDIO, WITH_ADDED } from './stage.tsx';

afterEach(() => {
  hideToast();
  setClient(null);
});

const pick = (name: string) => page.getByRole('combobox', { name });
const choose = (name: string, option: string) => userEvent.selectOptions(pick(name), option);
const saved = (hearth: FakeHearth) => inputsOf(hearth, 'settings.set');
const optionsOf = (name: string) =>
  [...(pick(name).element() as HTMLSelectElement).options].map((option) => option.label);

test('the demo can be chosen by name also where it stands in for nobody', async () => {
  const off = { state: 'off' as const };
  const hearth = await showSettings('backends', {
    backends: status([OLLAMA, { ...BUILT_IN, ...off }, { ...DEMO, ...off }], { demo: 'never' }),
  });
  await expect.element(pick('Chat: Backend')).toBeVisible();
  expect(optionsOf('Chat: Backend')).toEqual(['First that is ready', 'Ollama', 'Built-in engine (off)', 'Demo']);
  await choose('Chat: Backend', 'Demo');
  await vi.waitFor(() => expect(saved(hearth).at(-1)).toMatchObject({ backend: 'demo' }));
});

test('the chat’s backend, its model and what happens when it fails', async () => {
  const hearth = await showSettings('backends', {
    ...WITH_ADDED,
    settings: { ...WITH_ADDED.settings, model: 'gone:1b' },
  });
  await expect.element(pick('Chat: Model')).toHaveDisplayValue('gone:1b (not there)');
  expect(optionsOf('Chat: Backend')).toEqual([
    'First that is ready',
    'Ollama',
    'Built-in engine',
    'studio.local · your network',
    'Office server · internet',
    'Demo',
  ]);
  await choose('Chat: Model', 'qwen2.5:7b');
  await choose('Chat: Backend', 'Ollama');
  await expect.element(pick('Chat: Model')).toHaveDisplayValue('qwen2.5:7b');
  await choose('Chat: If it fails', 'Show the error');
  await choose('Chat: Backend', 'studio.local · your network');
  await expect.element(pick('Chat: Model')).toHaveDisplayValue('Chosen by the backend');
  expect(optionsOf('Chat: Model')).toEqual(['Chosen by the backend', 'qwen3:8b', 'gemma3:4b']);
  await expect.element(page.getByText('Leaves this computer')).toBeVisible();
  await vi.waitFor(() =>
    expect(saved(hearth)).toEqual([
      { backend: 'auto', model: 'qwen2.5:7b', ifFails: 'next' },
      { backend: 'ollama', model: 'qwen2.5:7b', ifFails: 'next' },
      { backend: 'ollama', model: 'qwen2.5:7b', ifFails: 'stop' },
      { backend: 'studio', model: null, ifFails: 'stop' },
    ]),
  );
});

test('other purposes are as the chat until something else is chosen', async () => {
  const hearth = await showSettings('backends', WITH_ADDED);
  await expect.element(pick('Quick ask: Backend')).toHaveDisplayValue('As the chat');
  await expect.element(pick('Quick ask: Model')).toHaveDisplayValue('As the chat');
  await expect.element(page.getByText('For now: hearth ask --purpose gateway')).toBeVisible();
  await choose('Quick ask: Model', 'qwen2.5:7b');
  await choose('Other programs: Backend', 'studio.local · your network');
  await choose('Other programs: Model', 'gemma3:4b');
  await vi.waitFor(() =>
    expect(saved(hearth)).toEqual([
      { purposes: { quickAsk: { backend: null, model: 'qwen2.5:7b', ifFails: 'next' } } },
      { purposes: { gateway: { backend: 'studio', model: null, ifFails: 'next' } } },
      { purposes: { gateway: { backend: 'studio', model: 'gemma3:4b', ifFails: 'next' } } },
    ]),
  );
});

test('titles, facts and emotion are off, say what they do, and never go to the demo', async () => {
  const hearth = await showSettings('backends', WITH_ADDED);
  for (const name of ['Titles', 'Facts', 'Emotion']) {
    await expect.element(pick(`${name}: Backend`)).toHaveDisplayValue('Off');
    expect(optionsOf(`${name}: Backend`)).not.toContain('Demo');
    expect(pick(`${name}: Model`).query()).toBeNull();
    expect(pick(`${name}: If it fails`).query()).toBeNull();
  }
  await expect.element(page.getByRole('row', { name: /Titles/ })).toMatchTextContent(/Use first words$/);
  await expect.element(page.getByRole('row', { name: /Facts/ })).toMatchTextContent(/Skip$/);
  await expect.element(page.getByText(/run in the background after an answer/)).toBeVisible();
  await choose('Facts: Backend', 'Built-in engine');
  await choose('Facts: Model', 'llama3.2:3b');
  await choose('Facts: Backend', 'Off');
  await vi.waitFor(() =>
    expect(saved(hearth)).toEqual([
      { purposes: { facts: { isOn: true, backend: 'llamacpp', model: null } } },
      { purposes: { facts: { isOn: true, backend: 'llamacpp', model: 'llama3.2:3b' } } },
      { purposes: { facts: { isOn: false, backend: 'llamacpp', model: 'llama3.2:3b' } } },
    ]),
  );
});

test('where a backend names no models its model is free text; where there is none, nothing is asked', async () => {
  const hearth = await showSettings('backends', {
    backends: status([OLLAMA, BUILT_IN, { ...STUDIO, models: [] }, { ...OFFICE, kind: 'query' }, DEMO]),
    settings: { backend: 'studio', purposes: { quickAsk: { backend: 'office', model: null, ifFails: 'stop' } } },
  });
  const model = page.getByRole('textbox', { name: 'Chat: Model' });
  await userEvent.fill(model, 'mistral-large');
  await userEvent.tab();
  await vi.waitFor(() =>
    expect(saved(hearth)).toEqual([{ backend: 'studio', model: 'mistral-large', ifFails: 'next' }]),
  );
  await expect.element(page.getByRole('row', { name: /Quick ask/ })).toMatchTextContent(/No model/);
  await choose('Chat: Backend', 'Built-in engine');
  await expect
    .element(page.getByRole('row', { name: /New chats of the main window/ }))
    .toMatchTextContent(/Its model file/);
});

test('a choice whose backend is gone says so, and one that main refuses goes back with the reason', async () => {
  const hearth = await showSettings('backends', { settings: { backend: 'was-here' } });
  await expect.element(pick('Chat: Backend')).toHaveDisplayValue('Not in the list any more');
  hearth.failNext('settings.set', 'The folder is not writable.', 'settings_unwritable');
  await choose('Chat: Backend', 'Ollama');
  await expect.element(page.getByText('Not saved. The folder is not writable.')).toBeVisible();
  await expect.element(pick('Chat: Backend')).toHaveDisplayValue('Not in the list any more');
});

test('families are folded away, asked for once they are opened, and show Hearth’s values in grey', async () => {
  const hearth = await showSettings('backends', { settings: { families: { llama: { temperature: 0.2 } } } });
  await expect.element(page.getByText('Values that Hearth uses for each family')).toBeVisible();
  expect(inputsOf(hearth, 'backends.families')).toEqual([]);
  hearth.failNext('backends.families', 'Hearth is still starting.');
  await userEvent.click(page.getByText('Values that Hearth uses for each family'));
  await userEvent.click(page.getByRole('button', { name: 'Try again' }));
  await userEvent.click(page.getByText('Llama', { exact: true }));
  await expect.element(page.getByText('Changed')).toBeVisible();
  await expect.element(page.getByText('https://example.org/llama')).toBeVisible();
  expect(document.querySelector('.family a')).toBeNull();
  const temperature = page.getByRole('textbox', { name: 'Llama: Temperature' });
  await expect.element(temperature).toHaveValue('0.2');
  await expect
    .element(page.getByRole('textbox', { name: 'Llama: Context, tokens' }))
    .toHaveAttribute('placeholder', '8192');
  await userEvent.fill(temperature, '3');
  await userEvent.tab();
  await expect.element(page.getByText('0 to 2')).toBeVisible();
  await userEvent.fill(temperature, '0,4');
  await userEvent.tab();
  await userEvent.fill(page.getByRole('textbox', { name: 'Llama: Stop texts, one a line' }), '<|eot_id|>\nUser:');
  await userEvent.tab();
  await vi.waitFor(() =>
    expect(saved(hearth)).toEqual([
      { families: { llama: { temperature: 0.4 } } },
      { families: { llama: { temperature: 0.4, stop: ['<|eot_id|>', 'User:'] } } },
    ]),
  );
  const reset = page.getByRole('button', { name: 'Reset Llama' });
  await userEvent.click(reset);
  await vi.waitFor(() => expect(saved(hearth).at(-1)).toEqual({ families: { llama: {} } }));
  await expect.element(temperature).toHaveValue('');
  await expect.element(reset).toHaveFocus();
});
