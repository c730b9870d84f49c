// What is here: its facts, chatting, deleting with undo, memory, copying, updating, details and editing.
import { afterEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { setClient } from '../../../src/renderer/lib/index.ts';
import { hideToast } from '../../../src/renderer/ui/index.ts';
import { installed } from '../../support/component/fake-models.ts';
import { button, called, GB, onNewChat, showModels } from './stage.tsx';

afterEach(() => {
  hideToast();
  setClient(null);
});

const LLAMA = installed('llama3.2:3b', {
  lastUsedAtMs: Date.now() - 130_000,
  loaded: { sizeBytes: 2.9 * GB, gpuBytes: 0, expiresAtMs: null },
});
const QWEN = installed('qwen2.5:7b', { sizeBytes: 4.7 * GB, family: 'qwen2', contextLength: 32_768 });
const FILE = installed('tiny', { engine: 'llamacpp', path: '/home/user/tiny.gguf', sizeBytes: 1.1 * GB });

const table = () => page.getByRole('table', { name: 'Installed' });
const row = (name: string) => table().getByRole('row').filter({ hasText: name });
const choose = async (model: string, entry: string) => {
  await button(`More for ${model}`).click();
  await page.getByRole('menuitem', { name: entry }).click();
};

test('each row tells name, size, family, context and last use', async () => {
  await showModels({ installed: [LLAMA, QWEN, FILE] });
  await expect.element(row('llama3.2 3B')).toMatchTextContent('llama3.2 3Bin memory2.0 GBLlama128k2 minutes ago');
  await expect.element(row('qwen2.5 7B')).toMatchTextContent('qwen2.5 7B4.7 GBQwen232kNever');
  await expect.element(row('tiny')).toMatchTextContent('tinyBuilt-in engine1.1 GBLlama128kNever');
  await expect.element(page.getByText('3 models, 7.8 GB')).toBeVisible();
});

test('what a server does not tell of a model is left open', async () => {
  const loaded = { sizeBytes: null, gpuBytes: null, expiresAtMs: null };
  const unknown = { sizeBytes: null, family: null, contextLength: null, capabilities: [], loaded };
  await showModels({ installed: [QWEN, installed('odd:latest', unknown)] });
  await expect.element(row('odd')).toMatchTextContent('oddin memory–––Never');
  await expect.element(page.getByText('2 models, 4.7 GB')).toBeVisible();
  await expect.element(button('Chat with odd')).toBeVisible();
});

test('chatting with a model makes it the one that is asked, in a new chat', async () => {
  const hearth = await showModels({ installed: [LLAMA, QWEN, FILE] });
  await button('Chat with qwen2.5 7B').click();
  await vi.waitFor(() => expect(onNewChat).toHaveBeenCalledOnce());
  await button('Chat with tiny').click();
  await vi.waitFor(() => expect(onNewChat).toHaveBeenCalledTimes(2));
  // From the built-in engine back to one of Ollama's.
  await button('Chat with llama3.2 3B').click();
  await vi.waitFor(() => expect(onNewChat).toHaveBeenCalledTimes(3));
  expect(called(hearth, 'settings.set')).toEqual([
    { model: 'qwen2.5:7b' },
    { backend: 'llamacpp', llamacpp: { modelPath: '/home/user/tiny.gguf' } },
    { model: 'llama3.2:3b', backend: 'ollama' },
  ]);
});

test('a choice that can’t be kept leads nowhere and says why', async () => {
  const hearth = await showModels({ installed: [LLAMA] });
  hearth.failNext('settings.set', 'The folder is not writable.', 'settings_unwritable');
  await button('Chat with llama3.2 3B').click();
  await expect.element(page.getByText('The folder is not writable.')).toBeVisible();
  expect(onNewChat).not.toHaveBeenCalled();
});

test('one that only makes embeddings is not for chatting', async () => {
  await showModels({ installed: [installed('nomic-embed-text', { capabilities: ['embedding'] })] });
  await expect.element(button('Delete nomic-embed-text')).toBeVisible();
  expect(button('Chat with nomic-embed-text').query()).toBeNull();
});

test('deleting acts at once, moves the focus on, and can be undone', async () => {
  const hearth = await showModels({ installed: [LLAMA, QWEN] });
  await button('Delete llama3.2 3B').click();
  expect(called(hearth, 'models.remove')).toEqual([{ name: 'llama3.2:3b', engine: 'ollama' }]);
  await vi.waitFor(() => expect(row('llama3.2 3B').query()).toBeNull());
  await expect.element(page.getByText('1 model, 4.7 GB')).toBeVisible();
  await expect.element(button('Delete qwen2.5 7B')).toHaveFocus();
  await expect.element(page.getByText('llama3.2 3B deleted')).toBeVisible();
  await userEvent.keyboard('{Control>}z{/Control}');
  await expect.element(row('llama3.2 3B')).toBeVisible();
  expect(called(hearth, 'models.undoRemove')).toEqual([{ name: 'llama3.2:3b', engine: 'ollama' }]);
});

test('a file of one’s own is only taken off the list, and the toast says so', async () => {
  const own = installed('ours', { engine: 'llamacpp', path: '/home/user/.local/share/hearth/models/ours.gguf' });
  const hearth = await showModels({ installed: [FILE, own] });
  await button('Delete tiny').click();
  await expect.element(page.getByText('tiny taken off the list; the file stays')).toBeVisible();
  hideToast();
  hearth.models.set({ installed: [own], removing: [] });
  await button('Delete ours').click();
  await expect.element(page.getByText('ours deleted')).toBeVisible();
});

test('undo takes back all that can be taken back', async () => {
  const hearth = await showModels({ installed: [LLAMA, QWEN] });
  await button('Delete llama3.2 3B').click();
  await button('Delete qwen2.5 7B').click();
  await expect.element(page.getByText('2 models deleted')).toBeVisible();
  await button('Undo all').click();
  await expect.element(row('llama3.2 3B')).toBeVisible();
  await expect.element(row('qwen2.5 7B')).toBeVisible();
  expect(hearth.models.status.removing).toEqual([]);
});

test('an undo that fails for one still saves the others', async () => {
  const hearth = await showModels({ installed: [LLAMA, QWEN] });
  await button('Delete llama3.2 3B').click();
  await button('Delete qwen2.5 7B').click();
  await expect.element(page.getByText('2 models deleted')).toBeVisible();
  hearth.failNext('models.undoRemove', 'Ollama does not answer.');
  await button('Undo all').click();
  await expect.element(page.getByText('Ollama does not answer.')).toBeVisible();
  await expect.element(row('llama3.2 3B')).toBeVisible();
  expect(hearth.models.status.removing).toHaveLength(1);
});

test('the last of all leaves the focus on the page', async () => {
  await showModels({ installed: [LLAMA] });
  await button('Delete llama3.2 3B').click();
  await vi.waitFor(() => expect(row('llama3.2 3B').query()).toBeNull());
  await expect.element(page.getByRole('heading', { name: 'Models', exact: true })).toHaveFocus();
});

test('an undo that comes too late says so', async () => {
  const hearth = await showModels({ installed: [LLAMA, QWEN] });
  await button('Delete llama3.2 3B').click();
  await expect.element(page.getByText('llama3.2 3B deleted')).toBeVisible();
  hearth.models.set({ installed: [QWEN], removing: [] });
  await button('Undo').click();
  await expect.element(page.getByText('llama3.2 3B was already deleted')).toBeVisible();
});

test('a deletion that main refuses leaves the row', async () => {
  const hearth = await showModels({ installed: [LLAMA] });
  hearth.failNext('models.remove', 'llama3.2:3b is being downloaded right now.', 'model_in_use');
  await button('Delete llama3.2 3B').click();
  await expect.element(page.getByText('llama3.2:3b is being downloaded right now.')).toBeVisible();
  await expect.element(row('llama3.2 3B')).toBeVisible();
  // Whoever lets go of the button is left alone by what main tells next.
  (document.activeElement as HTMLElement).blur();
  hearth.models.set({ installed: [LLAMA, QWEN] });
  await expect.element(row('qwen2.5 7B')).toBeVisible();
  expect(document.activeElement).toBe(document.body);
});

test('loading and unloading are asked of main, and shown as main tells them', async () => {
  const hearth = await showModels({ installed: [LLAMA, QWEN] });
  await choose('qwen2.5 7B', 'Load into memory');
  expect(called(hearth, 'models.load')).toEqual([{ name: 'qwen2.5:7b', engine: 'ollama' }]);
  hearth.models.set({ loading: ['qwen2.5:7b'] });
  await expect.element(row('qwen2.5 7B')).toMatchTextContent('loading');
  await choose('llama3.2 3B', 'Unload from memory');
  expect(called(hearth, 'models.unload')).toEqual([{ name: 'llama3.2:3b', engine: 'ollama' }]);
  hearth.failNext('models.unload', 'Ollama does not answer.');
  await choose('llama3.2 3B', 'Unload from memory');
  await expect.element(page.getByText('Ollama does not answer.')).toBeVisible();
});

test('an update fetches a newer one, or says that there is none', async () => {
  const hearth = await showModels({ installed: [LLAMA, QWEN] });
  await choose('llama3.2 3B', 'Update');
  await expect.element(page.getByText('llama3.2 3B is up to date')).toBeVisible();
  expect(called(hearth, 'models.ensure')).toEqual([{ model: 'llama3.2:3b', isFresh: true }]);
  hearth.models.outdated = ['qwen2.5:7b'];
  await choose('qwen2.5 7B', 'Update');
  await expect.element(page.getByText('A newer qwen2.5 7B is in the list')).toBeVisible();
  await expect.element(page.getByRole('progressbar', { name: 'Progress of qwen2.5 7B' })).toBeVisible();
});

test('a copy needs a name that is one, and that is free', async () => {
  const hearth = await showModels({ installed: [LLAMA] });
  await choose('llama3.2 3B', 'Copy under a new name');
  const name = page.getByRole('textbox', { name: 'New name' });
  await expect.element(name).toHaveFocus();
  await name.fill('two words');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('alert')).toMatchTextContent('This is not a name.');
  expect(called(hearth, 'models.copy')).toEqual([]);
  hearth.failNext('models.copy', 'There is a model called my-writer already.', 'model_exists');
  await name.fill('my-writer');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('alert')).toMatchTextContent('There is a model called my-writer already.');
  await name.fill('my-writer-2');
  await button('Copy').click();
  await expect.element(page.getByText('my-writer-2 is there')).toBeVisible();
  expect(called(hearth, 'models.copy').at(-1)).toEqual({ from: 'llama3.2:3b', to: 'my-writer-2' });
  await expect.element(button('More for llama3.2 3B')).toHaveFocus();
});

test('details tell everything, and give the focus back', async () => {
  await showModels({ installed: [LLAMA] });
  await choose('llama3.2 3B', 'Details');
  const drawer = page.getByRole('dialog', { name: 'llama3.2 3B' });
  for (const fact of ['3.2B', 'Q4_K_M', '128k tokens', 'chat', 'Fits', 'Cache for 4k tokens', '11.2 GB']) {
    await expect.element(drawer.getByText(fact, { exact: true }).first()).toBeVisible();
  }
  await expect.element(drawer.getByText('Answer in one sentence.')).toBeVisible();
  await expect.element(drawer.getByText('<|eot_id|>')).toBeVisible();
  await drawer.getByText('Licence').click();
  await expect.element(drawer.getByText('LLAMA 3.2 COMMUNITY LICENSE AGREEMENT')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(drawer.query()).toBeNull());
  await expect.element(button('More for llama3.2 3B')).toHaveFocus();
});

test('details that can’t be read are asked for again', async () => {
  const hearth = await showModels({ installed: [LLAMA] });
  hearth.failNext('models.details', 'Ollama does not answer.');
  await choose('llama3.2 3B', 'Details');
  await expect.element(page.getByRole('alert')).toMatchTextContent('Ollama does not answer.');
  await button('Try again').click();
  await expect.element(page.getByText('Answer in one sentence.')).toBeVisible();
});

test('system prompt and parameters are changed together', async () => {
  const hearth = await showModels({ installed: [LLAMA] });
  await choose('llama3.2 3B', 'Edit');
  const system = page.getByRole('textbox', { name: 'System prompt' });
  await expect.element(system).toHaveFocus();
  await system.fill('Be brief.');
  await page.getByRole('textbox', { name: 'Value of parameter 1 temperature' }).fill(' 0.2 ');
  await button('Add a parameter').click();
  await expect.element(page.getByRole('combobox', { name: 'Name of parameter 3' })).toHaveFocus();
  await userEvent.keyboard('num_ctx');
  await page.getByRole('textbox', { name: 'Value of parameter 3 num_ctx' }).fill('8192');
  await button('Remove parameter stop').click();
  await button('Save').click();
  await expect.element(page.getByText('Be brief.')).toBeVisible();
  await expect.element(button('Edit')).toHaveFocus();
  const settings = [
    { name: 'temperature', value: '0.2' },
    { name: 'num_ctx', value: '8192' },
  ];
  expect(called(hearth, 'models.edit')).toEqual([{ name: 'llama3.2:3b', system: 'Be brief.', settings }]);
});

test('what can’t be right is never sent; what main refuses stays to be corrected', async () => {
  const hearth = await showModels({ installed: [LLAMA] });
  await choose('llama3.2 3B', 'Edit');
  const value = page.getByRole('textbox', { name: 'Value of parameter 1 temperature' });
  for (const [text, sentence] of [
    ['warm', 'This has to be a number'],
    ['', 'Give a value'],
  ] as const) {
    await value.fill(text);
    await button('Save').click();
    await expect.element(page.getByText(sentence)).toBeVisible();
    await expect.element(value).toHaveFocus();
  }
  expect(called(hearth, 'models.edit')).toEqual([]);
  hearth.failNext('models.edit', 'Ollama refused the value.', 'bad_request');
  await value.fill('0.3');
  await button('Save').click();
  await expect.element(page.getByText('Ollama refused the value.')).toBeVisible();
  await expect.element(value).toHaveValue('0.3');
});

test('changes are not lost by a key: only Cancel lets them go', async () => {
  const hearth = await showModels({ installed: [LLAMA] });
  await choose('llama3.2 3B', 'Edit');
  await page.getByRole('textbox', { name: 'System prompt' }).fill('Draft');
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByText('Your changes are not saved.', { exact: false })).toBeVisible();
  await expect.element(page.getByRole('textbox', { name: 'System prompt' })).toHaveValue('Draft');
  await button('Cancel').click();
  await expect.element(page.getByText('Answer in one sentence.')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(page.getByRole('dialog').query()).toBeNull());
  expect(called(hearth, 'models.edit')).toEqual([]);
});

test('a file of the built-in engine has nothing to load, change or update', async () => {
  const hearth = await showModels({ installed: [FILE] });
  await button('More for tiny').click();
  expect(page.getByRole('menuitem').elements()).toHaveLength(1);
  hearth.models.details = { ...hearth.models.details, isEditable: false };
  await page.getByRole('menuitem', { name: 'Details' }).click();
  await expect.element(page.getByText('Q4_K_M')).toBeVisible();
  expect(button('Edit').query()).toBeNull();
  expect(called(hearth, 'models.details')).toEqual([{ name: 'tiny', engine: 'llamacpp' }]);
});

test('hundreds of models are all there, and only those in sight are drawn', async () => {
  const many = Array.from({ length: 400 }, (_, index) => installed(`model-${index}:3b`));
  await showModels({ installed: many });
  await expect.element(page.getByText('400 models', { exact: false })).toBeVisible();
  expect(table().getByRole('row').elements()).toHaveLength(401);
  const last = document.querySelector<HTMLElement>('[data-model="ollama model-399:3b"] b');
  expect(last?.checkVisibility({ contentVisibilityAuto: true })).toBe(false);
  await page.getByRole('searchbox', { name: 'Find a model' }).fill('model-399');
  await expect.element(button('Delete model-399 3B')).toBeVisible();
  expect(table().getByRole('row').elements()).toHaveLength(2);
});
