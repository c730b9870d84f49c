import { afterEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { setClient } from '../../../src/renderer/lib/index.ts';
import { hideToast } from '../../../src/renderer/ui/index.ts';
import type { FakeHearth, FakeOptions } from '../../support/component/fake-hearth.ts';
import { inputsOf, OFFICE, showSettings, status, WITH_ADDED } from './stage.tsx';

afterEach(() => {
  hideToast();
  setClient(null);
});

const dialog = () => page.getByRole('dialog');
const field = (name: string) => dialog().getByRole('textbox', { name, exact: true });
const save = () => userEvent.click(dialog().getByRole('button', { name: 'Save' }));

async function edit(name: string, entry = 'Edit…', options: FakeOptions = WITH_ADDED): Promise<FakeHearth> {
  const hearth = await showSettings('backends', options);
  await userEvent.click(page.getByRole('button', { name: `More about ${name}` }));
  await userEvent.click(page.getByRole('menuitem', { name: entry }));
  await expect.element(dialog()).toBeVisible();
  return hearth;
}

test('only what was changed goes to main, and the focus goes back to the row', async () => {
  const hearth = await edit('studio.local');
  await expect.element(field('Name')).toHaveFocus();
  await userEvent.fill(field('Name'), 'Studio');
  await userEvent.click(dialog().getByRole('switch', { name: 'Use as a stand-in' }));
  await save();
  await vi.waitFor(() =>
    expect(inputsOf(hearth, 'backends.edit')).toEqual([{ id: 'studio', name: 'Studio', standsIn: false }]),
  );
  expect(dialog().query()).toBeNull();
  await expect.element(page.getByRole('button', { name: 'More about Studio' })).toHaveFocus();
  expect(inputsOf(hearth, 'settings.set')).toEqual([]);
});

test('a kept key is never shown, only that there is one and where; a new one replaces it', async () => {
  const hearth = await showSettings('backends', WITH_ADDED);
  await userEvent.click(page.getByRole('button', { name: 'Update key: Office server' }));
  const key = dialog().getByLabelText('Key');
  await expect.element(key).toHaveFocus();
  await expect.element(key).toHaveValue('');
  await expect.element(key).toHaveAttribute('type', 'password');
  await expect.element(key).toHaveAttribute('placeholder', 'A key is kept. Type a new one to replace it');
  await expect.element(key).toHaveAccessibleDescription('Kept by the system’s secret store.');
  await userEvent.fill(key, 'sk-new');
  await save();
  await vi.waitFor(() => expect(inputsOf(hearth, 'backends.edit')).toEqual([{ id: 'office', key: 'sk-new' }]));
  expect(document.body.innerHTML).not.toContain('sk-new');
});

test('a key can be removed, and one that was to go can be kept after all', async () => {
  const hearth = await edit('Office server', 'Edit…', {
    ...WITH_ADDED,
    backends: status([OFFICE], { secretsIn: 'file' }),
  });
  const key = dialog().getByLabelText('Key');
  await expect
    .element(key)
    .toHaveAccessibleDescription('Kept in a file that only your account can read: this system has no secret store.');
  await userEvent.click(dialog().getByRole('button', { name: 'Remove key' }));
  await expect.element(key).toHaveAccessibleDescription('The key is removed when you save.');
  await userEvent.click(dialog().getByRole('button', { name: 'Keep it' }));
  await userEvent.click(dialog().getByRole('button', { name: 'Remove key' }));
  await save();
  await vi.waitFor(() => expect(inputsOf(hearth, 'backends.edit')).toEqual([{ id: 'office', key: null }]));
});

test('headers are added, replaced and removed; wrong ones are never sent', async () => {
  const hearth = await edit('Office server');
  await expect.element(dialog().getByLabelText('Name of header 1')).toHaveValue('X-Team');
  await expect.element(dialog().getByLabelText('Value of X-Team')).toHaveValue('');
  await userEvent.click(dialog().getByRole('button', { name: 'Add a header' }));
  await expect.element(dialog().getByLabelText('Name of header 2')).toHaveFocus();
  await userEvent.fill(dialog().getByLabelText('Name of header 2'), 'two words');
  await userEvent.fill(dialog().getByLabelText('Value of two words'), 'one');
  await save();
  await expect.element(dialog().getByText(/A header has a name of letters/)).toBeVisible();
  expect(inputsOf(hearth, 'backends.edit')).toEqual([]);
  await userEvent.fill(dialog().getByLabelText('Name of header 2'), 'X-Project');
  await userEvent.click(dialog().getByRole('button', { name: 'Remove X-Team' }));
  await save();
  await vi.waitFor(() =>
    expect(inputsOf(hearth, 'backends.edit')).toEqual([
      { id: 'office', headers: { 'X-Team': null, 'X-Project': 'one' } },
    ]),
  );
});

test('another address says that the key goes there; what main refuses stays, with the reason', async () => {
  const hearth = await edit('Office server');
  await userEvent.fill(field('Address'), 'https://other.example/v1');
  await expect.element(field('Address')).toHaveAccessibleDescription('Its key and headers go to the new address.');
  hearth.failNext('backends.edit', 'studio.local is in the list already.', 'backend_exists');
  await save();
  await expect.element(dialog().getByRole('alert')).toHaveTextContent('studio.local is in the list already.');
  await expect.element(field('Address')).toHaveValue('https://other.example/v1');
  await userEvent.fill(field('Name'), '');
  await save();
  await expect.element(dialog().getByText('Give it a name')).toBeVisible();
  await expect.element(field('Name')).toHaveFocus();
  await userEvent.keyboard('{Escape}');
  expect(dialog().query()).toBeNull();
  expect(inputsOf(hearth, 'backends.edit')).toHaveLength(1);
});

test('limits of one backend are in seconds; empty ones are those of Advanced; others stay', async () => {
  const hearth = await edit('Built-in engine', 'Limits…', {
    ...WITH_ADDED,
    settings: { backends: { added: [], limits: { llamacpp: { silenceMs: 90_000 }, ollama: { connectMs: 1_000 } } } },
  });
  await expect.element(field('Connecting')).toHaveFocus();
  await expect.element(field('Connecting')).toHaveAttribute('placeholder', '5');
  await expect.element(field('Silence')).toHaveValue('90');
  await userEvent.fill(field('Silence'), 'soon');
  await save();
  await expect.element(dialog().getByText('Give a number from 0.1 to 3600, or leave it empty')).toBeVisible();
  expect(inputsOf(hearth, 'settings.set')).toEqual([]);
  await userEvent.fill(field('Silence'), '');
  await userEvent.fill(field('First word'), '1,5');
  await save();
  await vi.waitFor(() =>
    expect(inputsOf(hearth, 'settings.set')).toEqual([
      { backends: { limits: { ollama: { connectMs: 1_000 }, llamacpp: { firstTokenMs: 1_500 } } } },
    ]),
  );
});

test('the address of Ollama counts once it is saved; what cannot be one is never sent', async () => {
  const hearth = await edit('Ollama');
  await expect.element(field('Address')).toHaveFocus();
  for (const bad of ['http//192.168.1.20', 'two words', 'ftp://host', 'http://', 'host:port', 'a//b']) {
    await userEvent.fill(field('Address'), bad);
    await userEvent.keyboard('{Enter}');
    await expect.element(dialog().getByText('This is not an address. Try 192.168.1.20:11434')).toBeVisible();
  }
  expect(inputsOf(hearth, 'settings.set')).toEqual([]);
  await userEvent.fill(field('Address'), 'studio.local');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(inputsOf(hearth, 'settings.set')).toEqual([{ ollama: { address: 'studio.local' } }]));
});

test('an address that main refuses says so', async () => {
  const hearth = await edit('Ollama');
  hearth.failNext('settings.set', 'That is not an address.', 'backend_url_invalid');
  await userEvent.fill(field('Address'), 'studio.local');
  await save();
  await expect.element(dialog().getByRole('alert')).toHaveTextContent('That is not an address.');
});

test('the model file of the built-in engine is a full path, or the first of the folder', async () => {
  const hearth = await edit('Built-in engine', 'Edit…', {
    ...WITH_ADDED,
    settings: { llamacpp: { modelPath: '/m/a.gguf' } },
  });
  await userEvent.fill(field('Model file'), 'tiny');
  await save();
  await expect.element(dialog().getByText('Give the full path of a .gguf file, or leave it empty')).toBeVisible();
  await userEvent.fill(field('Model file'), '');
  await save();
  await vi.waitFor(() => expect(inputsOf(hearth, 'settings.set')).toEqual([{ llamacpp: { modelPath: null } }]));
});
