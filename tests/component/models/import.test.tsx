// A model file of one's own: picked or dropped, looked into, taken in.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { getClient, setClient } from '../../../src/renderer/lib/index.ts';
import { hideToast } from '../../../src/renderer/ui/index.ts';
import { installed } from '../../support/component/fake-models.ts';
import { button, called, showModels } from './stage.tsx';

beforeEach(() => {
  // As the preload offers it.
  window.hearth = { pathOf: (file) => (file.name === 'from-a-page.png' ? '' : `/home/user/${file.name}`) };
});
afterEach(() => {
  delete window.hearth;
  hideToast();
  setClient(null);
});

const dialog = () => page.getByRole('dialog', { name: 'Add a model file' });
const name = () => page.getByRole('textbox', { name: 'Name' });

function drag(type: 'dragenter' | 'dragover' | 'dragleave' | 'drop', ...names: string[]): DragEvent {
  const dataTransfer = new DataTransfer();
  for (const each of names) dataTransfer.items.add(new File(['GGUF'], each));
  const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
  document.querySelector('.page')?.dispatchEvent(event);
  return event;
}

test('a picked file is looked into, and what it holds is told before anything is taken', async () => {
  const hearth = await showModels();
  await button('Import a file').click();
  await expect.element(dialog()).toMatchTextContent('tiny.gguf');
  await expect
    .element(dialog())
    .toMatchTextContent('ArchitecturellamaParameters1.2BQuantizationQ4_K_MContext8k tokensSize1.1 GB');
  await expect.element(dialog()).toMatchTextContent('1.9 GB of 11.2 GB freeFits');
  await expect.element(name()).toHaveValue('tiny');
  expect(called(hearth, 'models.importFile')).toEqual([]);
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(dialog().query()).toBeNull());
  await expect.element(button('Import a file')).toHaveFocus();
});

test('it is added to Ollama under a name that is one, and that is free', async () => {
  const hearth = await showModels();
  await button('Import a file').click();
  await name().fill('my model');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('alert')).toMatchTextContent('This is not a name.');
  expect(called(hearth, 'models.importFile')).toEqual([]);
  hearth.failNext('models.importFile', 'There is a model called my-model already.', 'model_exists');
  await name().fill('my-model');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('alert')).toMatchTextContent('There is a model called my-model already.');
  await expect.element(name()).toHaveAttribute('aria-invalid', 'true');
  await name().fill('my-model-2');
  await page.getByRole('dialog').getByRole('button', { name: 'Add to Ollama' }).click();
  await vi.waitFor(() => expect(dialog().query()).toBeNull());
  const input = { path: '/home/user/tiny.gguf', engine: 'ollama', name: 'my-model-2' };
  expect(called(hearth, 'models.importFile').at(-1)).toEqual(input);
});

test('or it is used where it lies, by the built-in engine, which needs no name', async () => {
  const hearth = await showModels();
  await button('Import a file').click();
  await page.getByRole('radio', { name: /^Use with the built-in engine/ }).click();
  expect(name().query()).toBeNull();
  await button('Use this file').click();
  await vi.waitFor(() => expect(dialog().query()).toBeNull());
  const input = { path: '/home/user/tiny.gguf', engine: 'llamacpp', name: 'tiny' };
  expect(called(hearth, 'models.importFile')).toEqual([input]);
});

test('a name that main refuses is told also where there is no field for it', async () => {
  const hearth = await showModels();
  hearth.failNext('models.importFile', 'tiny is no name of a model.', 'model_name_invalid');
  await button('Import a file').click();
  await page.getByRole('radio', { name: /^Use with the built-in engine/ }).click();
  await button('Use this file').click();
  await expect.element(dialog().getByRole('alert')).toMatchTextContent('tiny is no name of a model.');
});

test('one that was closed before main answered closes nothing else later', async () => {
  await showModels({ installed: [installed('llama3.2:3b')] });
  const client = getClient();
  let answer = (): void => undefined;
  const importFile = () => new Promise<{ id: string }>((resolve) => (answer = () => resolve({ id: 'work' })));
  setClient(
    Object.assign(Object.create(client), { models: Object.assign(Object.create(client.models), { importFile }) }),
  );
  await button('Import a file').click();
  await button('Add to Ollama').click();
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(dialog().query()).toBeNull());
  await button('More for llama3.2 3B').click();
  await page.getByRole('menuitem', { name: 'Details' }).click();
  const details = page.getByRole('dialog', { name: 'llama3.2 3B' });
  await expect.element(details.getByText('Parameters', { exact: true }).first()).toBeVisible();
  answer();
  await new Promise((resolve) => setTimeout(resolve));
  await expect.element(details).toBeVisible();
});

test('choosing none does nothing', async () => {
  const hearth = await showModels();
  hearth.models.picked = null;
  await button('Import a file').click();
  await vi.waitFor(() => expect(called(hearth, 'models.pickFile')).toHaveLength(1));
  expect(page.getByRole('dialog').query()).toBeNull();
});

test('a file that is held over the page shows where to let go; dropped, it is looked into', async () => {
  const hearth = await showModels();
  expect(drag('dragover', 'own.gguf').defaultPrevented).toBe(true);
  await expect.element(page.getByText('Drop a model file')).toBeVisible();
  drag('dragleave', 'own.gguf');
  await vi.waitFor(() => expect(page.getByText('Drop a model file').query()).toBeNull());
  drag('dragover', 'own.gguf');
  drag('drop', 'own.gguf');
  await expect.element(dialog()).toMatchTextContent('own.gguf');
  expect(page.getByText('Drop a model file').query()).toBeNull();
  expect(called(hearth, 'models.inspectFile')).toEqual([{ path: '/home/user/own.gguf' }]);
});

test('a file that is no model is refused in main’s words, and another can be chosen', async () => {
  const hearth = await showModels();
  const refusal = '/home/user/picture.png is not a model that Hearth can use: it is no GGUF file.';
  hearth.failNext('models.inspectFile', refusal, 'file_not_a_model');
  drag('drop', 'picture.png');
  await expect.element(page.getByRole('alert')).toMatchTextContent(refusal);
  await button('Choose another file').click();
  await expect.element(dialog()).toMatchTextContent('Q4_K_M');
  await expect.element(name()).toHaveValue('tiny');
});

test('a file that was refused is looked into anew when it is chosen again', async () => {
  const hearth = await showModels();
  hearth.failNext('models.inspectFile', 'The file is not complete.', 'file_unreadable');
  await button('Import a file').click();
  await expect.element(dialog().getByRole('alert')).toMatchTextContent('The file is not complete.');
  await button('Choose another file').click();
  await expect.element(name()).toHaveValue('tiny');
  expect(called(hearth, 'models.inspectFile')).toHaveLength(2);
});

test('several files at once, one from a web page, and dragged text are left alone', async () => {
  const hearth = await showModels();
  drag('drop', 'a.gguf', 'b.gguf');
  await expect.element(page.getByText('Several files were dropped.', { exact: false })).toBeVisible();
  drag('drop', 'from-a-page.png');
  await expect.element(page.getByText('This does not lie on a disk of this computer', { exact: false })).toBeVisible();
  expect(drag('dragover').defaultPrevented).toBe(false);
  expect(page.getByText('Drop a model file').query()).toBeNull();
  expect(called(hearth, 'models.inspectFile')).toEqual([]);
});

test('while a dialog is open a drop changes nothing', async () => {
  const hearth = await showModels();
  await button('Import a file').click();
  await expect.element(dialog()).toMatchTextContent('tiny.gguf');
  drag('dragover', 'own.gguf');
  drag('drop', 'own.gguf');
  await expect.element(dialog()).toMatchTextContent('tiny.gguf');
  expect(called(hearth, 'models.inspectFile')).toEqual([{ path: '/home/user/tiny.gguf' }]);
});
