import { afterEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { setClient, useNavigation } from '../../../src/renderer/lib/index.ts';
import { hideToast } from '../../../src/renderer/ui/index.ts';
import type { ErrorCode } from '../../../src/contract/errors.ts';
import { BUILT_IN, DEMO, OLLAMA, OLLAMA_READY } from '../../support/component/fake-hearth.ts';
import { inputsOf, OFFICE, showSettings, status, STUDIO, WITH_ADDED } from './stage.tsx';

afterEach(() => {
  hideToast();
  setClient(null);
  useNavigation.setState({ place: { page: 'chat' } });
});

const rows = () => page.getByRole('list', { name: /Backends/ }).getByRole('listitem');
const row = (name: string) => rows().filter({ hasText: new RegExp(name) });
const names = () => [...document.querySelectorAll<HTMLElement>('[data-backend]')].map((one) => one.dataset.backend);
const trouble = (code: ErrorCode, message: string, params = {}) => ({
  state: 'unavailable' as const,
  problem: { code, message, params },
});
const next = () => document.querySelector('[data-next]');

test('each backend says where it is, what it is and how it is, in words', async () => {
  await showSettings('backends', {
    ...WITH_ADDED,
    backends: status([
      { ...OLLAMA, abilities: ['thinking', 'images'] },
      { ...BUILT_IN, ...trouble('engine_unavailable', 'It needs AVX.') },
      { ...STUDIO, standsIn: false },
      OFFICE,
      DEMO,
    ]),
  });
  await expect
    .element(rows().nth(0))
    .toHaveTextContent(
      '1OllamaThis computer127.0.0.1:11434 · started and stopped by Hearth · version 0.12.6 · 2 models · if the model can: thinkReady, 12 ms',
    );
  await expect.element(rows().nth(1)).toHaveTextContent('2Built-in engineThis computerIt needs AVX.Not availableCheck');
  await expect
    .element(rows().nth(2))
    .toHaveTextContent(
      '–studio.localYour networkWhat you ask leaves this computeronly when chosen · http://studio.local:8000/v1 · 2 modelsReady, 34 ms',
    );
  await expect
    .element(rows().nth(3))
    .toHaveTextContent(
      '3Office serverInternetWhat you ask leaves this computerhttps://llm.office.example/v1Key refused (401)Update key',
    );
  await expect
    .element(rows().nth(4))
    .toMatchTextContent(/^If nothing answersNot chosen yet\..+Say soShow a demo reply$/);
});

test('an engine that was never set up is told calmly, not as a fault, and can be set up', async () => {
  const message = 'The built-in engine has no model yet.';
  await showSettings('backends', {
    backends: status([OLLAMA, { ...BUILT_IN, models: [], ...trouble('no_model_file', message) }, DEMO]),
  });
  await expect.element(row('Built-in')).toMatchTextContent(message + 'Not set up');
  expect(row('Built-in').element().querySelector('.bad')).toBeNull();
  await userEvent.click(page.getByRole('button', { name: 'Get model: Built-in engine' }));
  expect(useNavigation.getState().place).toEqual({ page: 'settings', section: 'models' });
});

test('a server elsewhere is called what it is', async () => {
  const hearth = await showSettings('backends');
  const place = (host: string) => hearth.setBackends({ ...OLLAMA_READY, backends: [{ ...OLLAMA, host }] });
  await expect.element(page.getByText('This computer').first()).toBeVisible();
  for (const host of ['192.168.1.20:11434', 'studio.local:11434', 'nas:11434', '[fd00::1]:11434']) {
    place(host);
    await expect.element(rows().first()).toMatchTextContent('Your network');
    place('127.0.0.1:11434');
    await expect.element(rows().first()).toMatchTextContent('This computer');
  }
  for (const host of ['llm.example.org:443', '8.8.8.8:11434', '[2001:db8::1]:11434']) {
    place(host);
    await expect.element(rows().first()).toMatchTextContent('Internet');
    place('[::1]:11434');
    await expect.element(rows().first()).toMatchTextContent('This computer');
  }
});

test('one that rests says for how long, and a look can be asked for', async () => {
  const hearth = await showSettings('backends', {
    backends: status([
      { ...OLLAMA, ...trouble('backend_unreachable', 'No Ollama answers.'), restsUntilMs: Date.now() + 25_000 },
      DEMO,
    ]),
  });
  await expect.element(row('Ollama')).toMatchTextContent(/Resting, asked again in \d+ s/);
  const seconds = () => Number(/again in (\d+) s/.exec(row('Ollama').element().textContent ?? '')?.[1]);
  const before = seconds();
  expect(before).toBeLessThanOrEqual(25);
  await vi.waitFor(() => expect(seconds()).toBeLessThan(before), { timeout: 5_000 });
  await userEvent.click(page.getByRole('button', { name: 'Check: Ollama' }));
  await vi.waitFor(() => expect(inputsOf(hearth, 'backends.check')).toHaveLength(1));
});

test('Check all asks main, and cannot be pressed while a check runs', async () => {
  const hearth = await showSettings('backends');
  await userEvent.click(page.getByRole('button', { name: 'Check all' }));
  expect(inputsOf(hearth, 'backends.check')).toHaveLength(1);
  hearth.setBackends({ ...OLLAMA_READY, isChecking: true });
  await expect.element(page.getByRole('button', { name: 'Checking' })).toBeDisabled();
  hearth.setBackends(OLLAMA_READY);
  hearth.failNext('backends.check', 'Hearth is still starting.');
  await userEvent.click(page.getByRole('button', { name: 'Check all' }));
  await expect.element(page.getByText('Hearth is still starting.')).toBeVisible();
});

test('Alt with an arrow moves the backend that has the focus; it keeps the focus, and screen readers are told', async () => {
  const hearth = await showSettings('backends', WITH_ADDED);
  const grip = page.getByRole('button', { name: 'Move studio.local' });
  await expect.element(grip).toHaveAccessibleDescription('Drag it, or press Alt with Arrow Up or Arrow Down.');
  (grip.element() as HTMLElement).focus();
  await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}');
  await vi.waitFor(() => expect(names()).toEqual(['ollama', 'studio', 'llamacpp', 'office', 'demo']));
  expect(inputsOf(hearth, 'backends.move')).toEqual([{ id: 'studio', index: 1 }]);
  await expect.element(grip).toHaveFocus();
  await expect.element(page.getByText('studio.local is now at place 2 of 4.')).toBeInTheDocument();
  await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}');
  await vi.waitFor(() => expect(names()[0]).toBe('studio'));
  await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}');
  expect(inputsOf(hearth, 'backends.move')).toHaveLength(2);
});

test('what happens when nothing answers stays last: nothing goes below it, and it has no grip', async () => {
  const hearth = await showSettings('backends', WITH_ADDED);
  await expect.element(page.getByRole('button', { name: 'Move Office server' })).toBeVisible();
  (page.getByRole('button', { name: 'Move Office server' }).element() as HTMLElement).focus();
  await userEvent.keyboard('{Alt>}{ArrowDown}{/Alt}');
  expect(inputsOf(hearth, 'backends.move')).toEqual([]);
  expect(names().at(-1)).toBe('demo');
  expect(page.getByRole('button', { name: 'Move Demo' }).query()).toBeNull();
});

test('a row is dragged by its grip', async () => {
  const hearth = await showSettings('backends', WITH_ADDED);
  await userEvent.dragAndDrop(
    page.getByRole('button', { name: 'Move Office server' }),
    page.getByRole('button', { name: 'Move Ollama' }),
    { steps: 12 },
  );
  await vi.waitFor(() => expect(inputsOf(hearth, 'backends.move')).toEqual([{ id: 'office', index: 0 }]));
  await vi.waitFor(() => expect(names()).toEqual(['office', 'ollama', 'llamacpp', 'studio', 'demo']));
});

test('a move that main refuses goes back, with the reason', async () => {
  const hearth = await showSettings('backends', WITH_ADDED);
  hearth.failNext('backends.move', 'The folder is not writable.', 'settings_unwritable');
  await userEvent.click(page.getByRole('button', { name: 'More about Ollama' }));
  await userEvent.click(page.getByRole('menuitem', { name: /Move down/ }));
  await expect.element(page.getByText('The folder is not writable.')).toBeVisible();
  expect(names()).toEqual(['ollama', 'llamacpp', 'studio', 'office', 'demo']);
});

test('who arranged the order can leave it to Hearth again', async () => {
  const hearth = await showSettings('backends', WITH_ADDED);
  await expect.element(row('Ollama')).toBeVisible();
  expect(page.getByRole('button', { name: 'Let Hearth choose the order' }).query()).toBeNull();
  await userEvent.click(page.getByRole('button', { name: 'More about Built-in engine' }));
  await userEvent.click(page.getByRole('menuitem', { name: /Move up/ }));
  await userEvent.click(page.getByRole('button', { name: 'Let Hearth choose the order' }));
  await expect.element(page.getByText('Hearth chooses the order.')).toBeInTheDocument();
  expect(inputsOf(hearth, 'backends.resetOrder')).toHaveLength(1);
});

test('a switch counts at once, and the row keeps its place and its height', async () => {
  const hearth = await showSettings('backends', WITH_ADDED);
  const use = page.getByRole('switch', { name: 'Use studio.local' });
  await expect.element(use).toBeChecked();
  const before = row('studio.local').element().getBoundingClientRect();
  await userEvent.click(use);
  await expect.element(use).not.toBeChecked();
  expect(inputsOf(hearth, 'backends.setOn')).toEqual([{ id: 'studio', isOn: false }]);
  await expect.element(row('studio.local')).toMatchTextContent('Off');
  const after = row('studio.local').element().getBoundingClientRect();
  expect([after.top, after.height]).toEqual([before.top, before.height]);
});

test('what happens when nothing answers is said, also while it is open, and chosen by a press or a key', async () => {
  const hearth = await showSettings('backends', WITH_ADDED);
  const row = page.getByRole('radiogroup', { name: 'If nothing answers' });
  const say = row.getByRole('radio', { name: 'Say so' });
  const demo = row.getByRole('radio', { name: 'Show a demo reply' });
  await expect.element(demo).toBeChecked();
  await expect.element(row).toHaveAccessibleDescription(/^Not chosen yet\. Until an engine answers/);
  hearth.setBackends(status(undefined, { demo: 'never' }));
  await expect.element(say).toBeChecked();
  await expect.element(row).toHaveAccessibleDescription(/^Not chosen yet\. As engines are in use/);
  // What is in force already is kept for good by a press.
  await userEvent.click(say);
  await expect.element(row).toHaveAccessibleDescription('The chat shows what went wrong and what helps.');
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(demo).toBeChecked();
  await expect.element(demo).toHaveFocus();
  await expect.element(row).toHaveAccessibleDescription(/always labelled and with the reason/);
  expect(inputsOf(hearth, 'settings.set')).toEqual([{ ifNothingAnswers: 'say' }, { ifNothingAnswers: 'demo' }]);
});

test('one that was chosen by name and is off can be switched on where that is said', async () => {
  const hearth = await showSettings('backends', {
    backends: status([{ ...OLLAMA, state: 'off' }, { ...BUILT_IN, state: 'off' }, DEMO]),
    settings: { backend: 'ollama' },
  });
  await userEvent.click(page.getByRole('button', { name: 'Switch on: Ollama' }));
  await vi.waitFor(() => expect(inputsOf(hearth, 'backends.setOn')).toEqual([{ id: 'ollama', isOn: true }]));
  expect(page.getByRole('button', { name: 'Switch on: Built-in engine' }).query()).toBeNull();
});

test('one that was added may stand in, or is asked only when chosen', async () => {
  const hearth = await showSettings('backends', WITH_ADDED);
  await userEvent.click(page.getByRole('button', { name: 'More about studio.local' }));
  await userEvent.click(page.getByRole('menuitem', { name: 'Only when chosen' }));
  await expect.element(row('studio.local')).toMatchTextContent(/^–.*only when chosen/);
  await userEvent.click(page.getByRole('button', { name: 'More about studio.local' }));
  await userEvent.click(page.getByRole('menuitem', { name: 'Use as a stand-in' }));
  await expect.element(row('studio.local')).toMatchTextContent(/^3/);
  expect(inputsOf(hearth, 'backends.edit')).toEqual([
    { id: 'studio', standsIn: false },
    { id: 'studio', standsIn: true },
  ]);
});

test('removing acts at once and can be taken back; the focus stays near', async () => {
  const hearth = await showSettings('backends', WITH_ADDED);
  await userEvent.click(page.getByRole('button', { name: 'More about studio.local' }));
  await userEvent.click(page.getByRole('menuitem', { name: 'Remove' }));
  await vi.waitFor(() => expect(names()).toEqual(['ollama', 'llamacpp', 'office', 'demo']));
  await expect.element(page.getByText('studio.local removed')).toBeVisible();
  await vi.waitFor(() => expect(document.querySelector('.chain')?.contains(document.activeElement)).toBe(true));
  await userEvent.click(page.getByRole('button', { name: /Undo/ }));
  await vi.waitFor(() => expect(names()).toEqual(['ollama', 'llamacpp', 'studio', 'office', 'demo']));
  expect(inputsOf(hearth, 'backends.undoRemove')).toEqual([{ id: 'studio' }]);
});

test('what belongs to Hearth can’t be removed, and the environment’s only have limits', async () => {
  await showSettings('backends', {
    backends: status([OLLAMA, { ...STUDIO, origin: 'environment' }, DEMO]),
  });
  for (const name of ['Ollama', 'studio.local']) {
    await userEvent.click(page.getByRole('button', { name: `More about ${name}` }));
    await expect.element(page.getByRole('menuitem', { name: 'Limits…' })).toBeVisible();
    expect(page.getByRole('menuitem', { name: 'Remove' }).query()).toBeNull();
    expect(page.getByRole('menuitem', { name: 'Edit…' }).elements()).toHaveLength(name === 'Ollama' ? 1 : 0);
    await userEvent.keyboard('{Escape}');
  }
});

test('it says where the next question goes and why', async () => {
  const hearth = await showSettings('backends', { backends: status([OLLAMA, BUILT_IN, DEMO]) });
  await vi.waitFor(() =>
    expect(next()?.textContent).toBe(
      'Next question: Ollama 0.12.6 on this computer: ready, 2 models. Model: llama3.2:3b.',
    ),
  );
  const down = { ...OLLAMA, ...trouble('backend_unreachable', 'No Ollama answers.'), version: null };
  const built = { id: 'llamacpp', kind: 'llamacpp' as const, label: 'Built-in engine', model: null };
  hearth.setBackends(status([down, BUILT_IN, DEMO], { chosen: built }));
  await vi.waitFor(() =>
    expect(next()?.textContent).toBe(
      'Next question: Built-in engine on this computer: asleep, wakes when asked, 1 model. Why not Ollama: No Ollama answers.',
    ),
  );
  const demo = { id: 'demo', kind: 'demo' as const, label: 'Demo', model: null };
  hearth.setBackends(status([down, { ...BUILT_IN, state: 'off' }, DEMO], { chosen: demo }));
  await vi.waitFor(() =>
    expect(next()?.textContent).toBe(
      'Next question: demo replies, always labelled. Why not Ollama: No Ollama answers.',
    ),
  );
  hearth.setBackends(status([down, { ...DEMO, state: 'off' }], { chosen: { ...demo, id: 'ollama', kind: 'ollama' } }));
  await vi.waitFor(() =>
    expect(next()?.textContent).toBe('Nothing can answer the next question. Why not Ollama: No Ollama answers.'),
  );
  hearth.setBackends(status([OLLAMA, STUDIO, DEMO], { chosen: { ...demo, id: 'studio', kind: 'openai' } }));
  await vi.waitFor(() => expect(next()?.textContent).toContain('studio.local on your network: ready'));
});

test('where all is switched off it says so, and names no engine that this computer can’t run', async () => {
  const mlx = { ...OLLAMA, id: 'mlx', kind: 'mlx' as const, label: 'MLX', host: null, models: [] };
  const absent = { ...mlx, ...trouble('mlx_unavailable', 'MLX can’t be used: MLX needs a Mac with Apple Silicon.') };
  const off = [
    { ...OLLAMA, state: 'off' as const },
    { ...BUILT_IN, state: 'off' as const },
  ];
  const chosenDemo = { id: 'demo', kind: 'demo' as const, label: 'Demo', model: null };
  const chosenMlx = { id: 'mlx', kind: 'mlx' as const, label: 'MLX', model: null };
  const hearth = await showSettings('backends', { backends: status([...off, absent, DEMO], { chosen: chosenDemo }) });
  await vi.waitFor(() =>
    expect(next()?.textContent).toBe(
      'Next question: demo replies, always labelled. Switched off: Ollama, Built-in engine.',
    ),
  );
  const nobody = 'Nothing can answer the next question. Switched off: Ollama, Built-in engine.';
  const demoOff = { ...DEMO, state: 'off' as const };
  hearth.setBackends(status([...off, absent, demoOff], { chosen: chosenMlx }));
  await vi.waitFor(() => expect(next()?.textContent).toBe(nobody));
  hearth.setBackends(status([...off, { ...mlx, state: 'off' }, demoOff], { chosen: chosenDemo }));
  await vi.waitFor(() => expect(next()?.textContent).toBe(nobody));
});

test('every control has a name, and nothing is wider than the window at 880 px and at 200 % of it', async () => {
  await showSettings('backends', {
    ...WITH_ADDED,
    backends: status(undefined, {
      demo: 'ifNobodyIsThere',
      isOrderAutomatic: false,
      environment: [{ name: 'OLLAMA_HOST', value: '127.0.0.1:11434', state: 'inForce', problem: null }],
    }),
  });
  await expect.element(row('Ollama')).toBeVisible();
  for (const role of ['combobox', 'textbox', 'switch', 'button'] as const) {
    const all = page.getByRole(role).elements().length;
    expect(all).toBeGreaterThan(0);
    expect(page.getByRole(role, { name: /\S/ }).elements()).toHaveLength(all);
  }
  for (const width of [1280, 880, 440]) {
    await page.viewport(width, 600);
    const pane = document.querySelector('.page')!;
    expect(pane.scrollWidth).toBeLessThanOrEqual(pane.clientWidth);
    for (const control of pane.querySelectorAll('button, input, select, [role=switch]')) {
      expect(control.getBoundingClientRect().right).toBeLessThanOrEqual(width);
    }
  }
});

test('variables of the environment are listed with what became of them', async () => {
  const problem = { code: 'internal' as const, message: 'OLLAMA_TIMEOUT is no number of seconds.', params: {} };
  await showSettings('backends', {
    backends: status(undefined, {
      environment: [
        { name: 'OLLAMA_HOST', value: '127.0.0.1:11434', state: 'inForce', problem: null },
        { name: 'OLLAMA_MODEL', value: 'llama3.2', state: 'overridden', problem: null },
        { name: 'OLLAMA_TIMEOUT', value: 'soon', state: 'invalid', problem },
      ],
    }),
  });
  const table = page.getByRole('region', { name: 'From the environment' });
  const line = (name: string) => table.getByRole('row').filter({ hasText: new RegExp(name) });
  await expect.element(line('OLLAMA_HOST')).toHaveTextContent('OLLAMA_HOST127.0.0.1:11434In force');
  await expect.element(line('OLLAMA_MODEL')).toHaveTextContent('OLLAMA_MODELllama3.2Overridden by your settings');
  await expect.element(line('OLLAMA_TIMEOUT')).toMatchTextContent('soonNot understoodOLLAMA_TIMEOUT is no number');
});
