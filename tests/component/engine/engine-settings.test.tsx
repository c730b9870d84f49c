import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { setClient, useNavigation } from '../../../src/renderer/lib/index.ts';
import { button, saved, showEngine, until } from './stage.tsx';

afterEach(() => setClient(null));

const field = (name: string) => page.getByRole('textbox', { name, exact: true });
const choice = (name: string) => page.getByRole('combobox', { name, exact: true });
const toggle = (name: string) => page.getByRole('switch', { name, exact: true });
const openMore = () => userEvent.click(page.getByText('More settings'));

test('the everyday settings are in view, the rest is folded away', async () => {
  await showEngine();
  for (const name of ['Context length', 'Keep models in memory']) await expect.element(choice(name)).toBeVisible();
  await expect.element(field('Answers at once')).toBeVisible();
  expect(choice('Flash attention').query()).toBeNull();
  await openMore();
  await expect.element(choice('Flash attention')).toBeVisible();
});

test('each choice is kept as the value it stands for, and Ollama can decide again', async () => {
  const hearth = await showEngine();
  await openMore();
  const cases: [string, string, object, object][] = [
    ['Context length', '8k tokens', { contextLength: 8_192 }, { contextLength: null }],
    ['Keep models in memory', 'Always', { keepAliveMinutes: -1 }, { keepAliveMinutes: null }],
    ['Keep models in memory', 'Not at all', { keepAliveMinutes: 0 }, { keepAliveMinutes: null }],
    ['Keep models in memory', '1 hour', { keepAliveMinutes: 60 }, { keepAliveMinutes: null }],
    ['Flash attention', 'Off', { flashAttention: 'off' }, { flashAttention: 'auto' }],
    ['Memory of the conversation', 'Half the memory (q8_0)', { kvCacheType: 'q8_0' }, { kvCacheType: 'auto' }],
  ];
  for (const [name, label, chosen, auto] of cases) {
    await userEvent.selectOptions(choice(name), label);
    await until(() => expect(saved(hearth).at(-1)).toEqual({ engine: chosen }));
    await expect.element(choice(name)).toHaveDisplayValue(label);
    await userEvent.selectOptions(choice(name), 'Ollama decides');
    await until(() => expect(saved(hearth).at(-1)).toEqual({ engine: auto }));
  }
});

test('a value that is not in the list shows as it is', async () => {
  await showEngine({ settings: { engine: { contextLength: 10_000, keepAliveMinutes: 7 } } });
  await expect.element(choice('Context length')).toHaveDisplayValue('10000 tokens');
  await expect.element(choice('Keep models in memory')).toHaveDisplayValue('7 minutes');
});

test('numbers count when they are left, within their limits; nothing lets Ollama decide', async () => {
  const hearth = await showEngine();
  await openMore();
  const cases: [string, string, string, object, object][] = [
    ['Answers at once', '4', '65', { parallel: 4 }, { parallel: null }],
    ['Threads', '8', '0', { threads: 8 }, { threads: null }],
    ['Layers on the graphics card', '0', '1001', { gpuLayers: 0 }, { gpuLayers: null }],
    ['Port', '11435', '65536', { port: 11_435 }, { port: 0 }],
  ];
  for (const [name, good, bad, value, nothing] of cases) {
    const before = saved(hearth).length;
    await userEvent.fill(field(name), bad);
    await userEvent.tab();
    await expect.element(page.getByText('Give a whole number from', { exact: false })).toBeVisible();
    expect(saved(hearth)).toHaveLength(before);
    await userEvent.fill(field(name), good);
    await userEvent.tab();
    await until(() => expect(saved(hearth).at(-1)).toEqual({ engine: value }));
    await expect.element(field(name)).toHaveValue(good);
    await userEvent.fill(field(name), '');
    await userEvent.tab();
    await until(() => expect(saved(hearth).at(-1)).toEqual({ engine: nothing }));
  }
});

test('the port 0 means any free one, as does an empty field', async () => {
  const hearth = await showEngine({ settings: { engine: { port: 11_435 } } });
  await openMore();
  await userEvent.fill(field('Port'), '0');
  await userEvent.tab();
  await until(() => expect(saved(hearth)).toEqual([{ engine: { port: 0 } }]));
  await expect.element(field('Port')).toHaveValue('');
});

test('texts that make no sense are never sent', async () => {
  const hearth = await showEngine();
  await openMore();
  const cases: [string, string[], string, (text: string) => object][] = [
    ['Graphics cards', ['0,,1', 'one two'], '0,1', (gpuDevices) => ({ engine: { gpuDevices } })],
    [
      'Web pages that may use it',
      ['example.org', 'https://a b'],
      'https://example.org, app://*',
      (origins) => ({ engine: { origins } }),
    ],
    ['Proxy', ['proxy.lan:3128', 'ftp://proxy'], 'http://proxy.lan:3128', (proxy) => ({ engine: { proxy } })],
    [
      'Download Ollama from',
      ['mirror.lan', 'file:///tmp'],
      'https://mirror.lan/ollama',
      (baseUrl) => ({ install: { baseUrl } }),
    ],
  ];
  for (const [name, wrong, good, patch] of cases) {
    const before = saved(hearth).length;
    for (const text of wrong) {
      await userEvent.fill(field(name), text);
      await userEvent.tab();
      await expect.element(field(name)).toHaveAttribute('aria-invalid', 'true');
    }
    expect(saved(hearth)).toHaveLength(before);
    await userEvent.fill(field(name), good);
    await userEvent.tab();
    await until(() => expect(saved(hearth).at(-1)).toEqual(patch(good)));
  }
});

test('what main refuses is taken back, with the reason', async () => {
  const hearth = await showEngine();
  hearth.failNext('settings.set', 'The folder is not writable.', 'settings_unwritable');
  await userEvent.selectOptions(choice('Context length'), '8k tokens');
  await expect.element(page.getByText('Not saved. The folder is not writable.')).toBeVisible();
  await expect.element(choice('Context length')).toHaveDisplayValue('Ollama decides');
});

test('opening Ollama to the network warns before anything is changed', async () => {
  const hearth = await showEngine();
  await openMore();
  const expose = toggle('Let other computers use it');
  await userEvent.click(expose);
  await expect.element(page.getByRole('alert').getByText('Ollama has no password.', { exact: false })).toBeVisible();
  await expect.element(expose).not.toBeChecked();
  expect(saved(hearth)).toEqual([]);
  await userEvent.click(button('Keep it to this computer'));
  await expect.element(expose).toHaveFocus();
  expect(page.getByRole('alert').query()).toBeNull();
  await userEvent.click(expose);
  await userEvent.keyboard('{Escape}');
  expect(page.getByRole('alert').query()).toBeNull();
  await userEvent.click(expose);
  await userEvent.click(button('Let them use it'));
  await until(() => expect(saved(hearth)).toEqual([{ engine: { isExposed: true } }]));
  await expect.element(expose).toBeChecked();
  await expect.element(page.getByText('everybody on your networks can use it', { exact: false })).toBeVisible();
  await userEvent.click(expose);
  await until(() => expect(saved(hearth).at(-1)).toEqual({ engine: { isExposed: false } }));
});

test('switches are kept; cloud models are off to begin with', async () => {
  const hearth = await showEngine();
  await openMore();
  await expect.element(toggle('Allow models that run at ollama.com')).not.toBeChecked();
  await userEvent.click(toggle('Allow models that run at ollama.com'));
  await userEvent.click(toggle('Start Ollama when needed'));
  await until(() =>
    expect(saved(hearth)).toEqual([{ engine: { isCloudAllowed: true } }, { ollama: { startWhenNeeded: false } }]),
  );
});

test('a choice that has no effect, or opens more than one thinks, says so', async () => {
  await showEngine({ settings: { engine: { kvCacheType: 'q4_0', flashAttention: 'off', origins: '*' } } });
  await openMore();
  await expect.element(page.getByText('Has no effect while flash attention is off.')).toBeVisible();
  await expect.element(page.getByText('Every web page you open can use your models.')).toBeVisible();
});

test('the models folder shows, and is moved on the page of models', async () => {
  await showEngine({ settings: { engine: { modelsFolder: '/big/models' } } });
  await expect.element(page.getByText('/big/models')).toBeVisible();
  await userEvent.click(button('Open Models'));
  expect(useNavigation.getState().place).toEqual({ page: 'settings', section: 'models' });
});

test('every control has a name and says what it is for', async () => {
  await showEngine();
  await openMore();
  for (const role of ['combobox', 'textbox', 'switch', 'button', 'radio'] as const) {
    const all = page.getByRole(role).elements().length;
    expect(all).toBeGreaterThan(0);
    expect(page.getByRole(role, { name: /\S/ }).elements()).toHaveLength(all);
  }
  await expect.element(field('Threads')).toHaveAccessibleDescription(/cores of the processor/);
  await expect.element(toggle('Let other computers use it')).toHaveAccessibleDescription(/answers every computer/);
});

test('nothing is wider than a window of 880 px', async () => {
  await page.viewport(880, 600);
  await showEngine({ lines: ['x'.repeat(2_000)], engine: { needsRestart: true } });
  await openMore();
  const pane = document.querySelector('.page');
  expect(pane?.scrollWidth).toBe(pane?.clientWidth);
  await page.viewport(1280, 800);
});
