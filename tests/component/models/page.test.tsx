// The page around the lists: finding, getting by name, disk, moving, leftovers, no Ollama, no models.
import { afterEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { setClient, useNavigation } from '../../../src/renderer/lib/index.ts';
import { hideToast } from '../../../src/renderer/ui/index.ts';
import { installed } from '../../support/component/fake-models.ts';
import { button, called, GB, showModels } from './stage.tsx';

afterEach(() => {
  hideToast();
  setClient(null);
});

const find = () => page.getByRole('searchbox', { name: 'Find a model' });
const rows = (name: string) => page.getByRole('table', { name }).getByRole('row').elements().length - 1;
const DISK = {
  folder: '/home/user/.ollama/models',
  totalBytes: 463 * GB,
  freeBytes: 212 * GB,
  modelsBytes: 19.6 * GB,
  leftoverBytes: 0,
  leftoverCount: 0,
};
const HERE = [installed('llama3.2:3b'), installed('qwen2.5-coder:7b', { family: 'qwen2' })];

test('a slash leads to finding, which narrows both lists; Esc lets go', async () => {
  await showModels({ installed: HERE });
  await expect.element(page.getByRole('heading', { name: 'Models', exact: true })).toHaveFocus();
  await expect.element(button('Get qwen2.5 7B, 4.7 GB')).toBeVisible();
  await userEvent.keyboard('/');
  await expect.element(find()).toHaveFocus();
  await userEvent.keyboard('qwen');
  expect([rows('Installed'), rows('Catalogue')]).toEqual([1, 1]);
  // What a model is good at counts too, word by word.
  await find().fill('code languages');
  await expect.element(page.getByText('No installed model matches.')).toBeVisible();
  expect(rows('Catalogue')).toBe(1);
  await userEvent.keyboard('{Escape}');
  await expect.element(find()).toHaveValue('');
  expect(rows('Installed')).toBe(2);
});

test('a name in no list can be fetched by it', async () => {
  const hearth = await showModels({ installed: HERE });
  await find().fill('hf.co/someone/Thing-GGUF:Q8_0');
  await expect.element(page.getByText('In no list here. From hf.co, if it is there.')).toBeVisible();
  await userEvent.keyboard('{Enter}');
  await expect.element(button('Download hf.co/someone/Thing-GGUF:Q8_0')).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('listitem', { name: 'Thing Q8_0' })).toBeVisible();
  await expect.element(find()).toHaveValue('');
  await find().fill('http://nas.local:5000/me/own');
  await button('Download http://nas.local:5000/me/own').click();
  expect(called(hearth, 'downloads.add')).toEqual([
    { model: 'hf.co/someone/Thing-GGUF:Q8_0', isInsecure: false },
    { model: 'http://nas.local:5000/me/own', isInsecure: true },
  ]);
});

test('what is in the lists stands before what only its name could fetch', async () => {
  await showModels({ installed: HERE });
  await find().fill('llama3.2');
  const offer = button('Download llama3.2');
  await expect.element(offer).toBeVisible();
  const before = (id: string) =>
    document.getElementById(id)?.compareDocumentPosition(offer.element()) === Node.DOCUMENT_POSITION_FOLLOWING;
  expect([before('models-installed'), before('models-catalogue')]).toEqual([true, true]);
});

test('nothing is offered that is on screen already, or is no name', async () => {
  await showModels({ installed: HERE });
  const offer = () => document.querySelector('[data-offer]');
  await find().fill('llama3.2:3b');
  await expect.element(page.getByText('llama3.2 3B').first()).toBeVisible();
  expect(offer()).toBeNull();
  for (const text of ['two words', 'a//b', '../etc', 'a:b:c d']) {
    await find().fill(text);
    await vi.waitFor(() => expect(page.getByText(`No model matches “${text}”`).query()).not.toBeNull());
    expect(offer()).toBeNull();
  }
  // Another tag is another model.
  await find().fill('llama3.2');
  await expect.element(button('Download llama3.2')).toBeVisible();
});

test('a name that main refuses stays, with the reason', async () => {
  const hearth = await showModels({ installed: HERE });
  hearth.failNext('downloads.add', 'There is no place for another one.');
  await find().fill('acme/thing');
  await button('Download acme/thing').click();
  await expect.element(page.getByText('There is no place for another one.')).toBeVisible();
  await expect.element(find()).toHaveValue('acme/thing');
});

test('the disk tells what is taken, by what, and where', async () => {
  await showModels({ installed: HERE, status: { disk: DISK } });
  const disk = page.getByRole('region', { name: 'Disk' });
  await expect
    .element(disk)
    .toHaveTextContent('Models 19.6 GBEverything else 231 GBFree 212 GB/home/user/.ollama/models463 GB diskMove');
});

test('moving tells what it means first, then goes on as a work with a way out', async () => {
  const hearth = await showModels({ installed: HERE, status: { disk: DISK } });
  hearth.models.picked = null;
  await button('Move the models to another folder').click();
  await vi.waitFor(() => expect(called(hearth, 'models.pickFolder')).toHaveLength(1));
  expect(page.getByRole('dialog').query()).toBeNull();
  hearth.models.picked = '/mnt/big/models';
  await button('Move the models to another folder').click();
  await expect.element(page.getByRole('dialog', { name: 'Move the models' })).toMatchTextContent('/mnt/big/models');
  hearth.failNext('models.moveFolder', '/mnt/big/models can’t hold models: it is not empty.', 'folder_unusable');
  await button('Move 19.6 GB').click();
  await expect.element(page.getByRole('alert')).toMatchTextContent('it is not empty');
  await button('Move 19.6 GB').click();
  await vi.waitFor(() => expect(page.getByRole('dialog').query()).toBeNull());
  expect(called(hearth, 'models.moveFolder').at(-1)).toEqual({ to: '/mnt/big/models' });
  const work = { id: 'm1', kind: 'move' as const, subject: '/mnt/big/models', step: 'copying' as const, problem: null };
  hearth.models.set({ work: [{ ...work, doneBytes: 4.9 * GB, totalBytes: 19.6 * GB }] });
  const row = page.getByRole('listitem', { name: 'Moving to /mnt/big/models' });
  await expect.element(row).toMatchTextContent('Copying · 4.9 of 19.6 GB');
  // One move at a time.
  expect(button('Move the models to another folder').query()).toBeNull();
  await button('Cancel: Moving to /mnt/big/models').click();
  expect(called(hearth, 'models.cancelWork')).toEqual([{ id: 'm1' }]);
});

test('models of somebody else’s Ollama are not Hearth’s to move', async () => {
  const hearth = await showModels({ installed: HERE, status: { disk: DISK } });
  await expect.element(button('Move the models to another folder')).toBeVisible();
  hearth.engine.set({ owner: 'other' });
  await vi.waitFor(() => expect(button('Move the models to another folder').query()).toBeNull());
});

test('what broken downloads left is cleared, and the bytes are told', async () => {
  const hearth = await showModels({
    installed: HERE,
    status: { disk: { ...DISK, leftoverBytes: 0.8 * GB, leftoverCount: 2 } },
  });
  await expect.element(page.getByText('2 broken downloads left 800 MB behind')).toBeVisible();
  hearth.failNext('models.clearLeftovers', 'The folder can’t be written.');
  await button('Clear').click();
  await expect.element(page.getByText('The folder can’t be written.')).toBeVisible();
  await button('Clear').click();
  await expect.element(page.getByText('Freed 800 MB')).toBeVisible();
  await vi.waitFor(() => expect(button('Clear').query()).toBeNull());
});

test('an Ollama that is stopped can be started from here', async () => {
  const problem = { code: 'ollama_held' as const, message: 'You stopped Ollama.', params: {} };
  const hearth = await showModels({ status: { installed: null, problem } });
  hearth.engine.set({ state: 'stopped' });
  await expect.element(page.getByText('You stopped Ollama.')).toBeVisible();
  hearth.failNext('engine.start', 'Ollama could not be started: no permission.', 'ollama_start_failed');
  await button('Start Ollama').click();
  await expect.element(page.getByText('Ollama could not be started: no permission.')).toBeVisible();
  await button('Start Ollama').click();
  await vi.waitFor(() => expect(hearth.engine.status.state).toBe('ready'));
  hearth.models.set({ installed: HERE, problem: null });
  await expect.element(page.getByText('2 models', { exact: false })).toBeVisible();
  expect(button('Start Ollama').query()).toBeNull();
});

test('a deletion that did not happen is no Ollama that does not answer', async () => {
  const message = 'Deleting llama3.2:3b could not be finished: permission denied. Nothing was lost. Try again.';
  const hearth = await showModels({
    installed: HERE,
    status: { problem: { code: 'work_failed', message, params: {} } },
  });
  hearth.engine.set({ state: 'ready' });
  await expect.element(page.getByText(message)).toBeVisible();
  expect(page.getByText('Ollama does not answer', { exact: false }).query()).toBeNull();
  expect(button('Engine settings').query()).toBeNull();
});

test('an Ollama of ours that was given up says why it is away', async () => {
  const problem = {
    code: 'backend_unreachable' as const,
    message: 'No Ollama answers at 127.0.0.1:11434.',
    params: {},
  };
  const hearth = await showModels({ installed: HERE, status: { problem } });
  const message = 'Ollama ended 5 times in 2 minutes, so Hearth stopped starting it.';
  hearth.engine.set({ state: 'failed', owner: 'none', problem: { code: 'ollama_gave_up', message, params: {} } });
  await expect.element(page.getByText(message)).toBeVisible();
  await expect.element(button('Start Ollama')).toBeVisible();
});

test('where there is no Ollama, the way leads to the engine', async () => {
  const problem = { code: 'ollama_not_installed' as const, message: 'No Ollama was found', params: {} };
  const hearth = await showModels({ status: { installed: null, problem } });
  hearth.engine.set({ state: 'absent', owner: 'none' });
  await expect.element(page.getByText('There is no Ollama yet, so there are no models of it')).toBeVisible();
  expect(button('Start Ollama').query()).toBeNull();
  await button('Get Ollama').click();
  expect(useNavigation.getState().place).toMatchObject({ page: 'settings', section: 'engine' });
});

test('an Ollama that has died is not one that never was', async () => {
  const problem = {
    code: 'backend_unreachable' as const,
    message: 'No Ollama answers at 127.0.0.1:11434.',
    params: {},
  };
  const hearth = await showModels({ installed: HERE, status: { problem } });
  hearth.engine.set({ state: 'absent', owner: 'none', problem });
  await expect.element(page.getByText('Ollama does not answer, so its models can’t be listed')).toBeVisible();
  await expect.element(page.getByText('No Ollama answers at 127.0.0.1:11434.')).toBeVisible();
});

test('without models there is one line and one way to begin', async () => {
  const hearth = await showModels({ installed: [] });
  await expect.element(page.getByText('No model is on this computer yet.')).toBeVisible();
  await button('Download llama3.2 3B, 2.0 GB').click();
  expect(called(hearth, 'downloads.add')).toEqual([{ model: 'llama3.2:3b', isInsecure: false }]);
  await expect.element(page.getByText('No model is here yet. The first one is on its way.')).toBeVisible();
});

test('opening the page looks anew, and a look that fails takes nothing away', async () => {
  const hearth = await showModels({ installed: HERE, faults: [['models.refresh', 'Ollama does not answer.']] });
  await vi.waitFor(() => expect(called(hearth, 'models.refresh')).toHaveLength(1));
  await expect.element(page.getByText('2 models', { exact: false })).toBeVisible();
});

test('while main has not told, it says that it looks', async () => {
  await showModels({ status: { installed: null } });
  await expect.element(page.getByRole('status', { name: 'Looking for models' })).toBeInTheDocument();
});

test('every control has a name', async () => {
  await showModels({
    installed: HERE,
    status: { disk: { ...DISK, leftoverCount: 1, leftoverBytes: 5 } },
    downloads: [
      { model: 'a', state: 'running' },
      { model: 'b', state: 'done' },
    ],
  });
  await expect.element(button('Clear finished')).toBeVisible();
  for (const role of ['button', 'textbox', 'searchbox', 'radio', 'progressbar'] as const) {
    const all = page.getByRole(role).elements().length;
    expect(all).toBeGreaterThan(0);
    expect(page.getByRole(role, { name: /\S/ }).elements()).toHaveLength(all);
  }
});

test('at 880 px, and at 200 % of it, nothing is wider than the window', async () => {
  await showModels({
    installed: [...HERE, installed('hf.co/a-rather-long-publisher/An-Even-Longer-Name-Of-A-Model-GGUF:Q4_K_M')],
    status: { disk: DISK },
    downloads: [
      {
        model: 'qwen2.5:7b',
        state: 'running',
        step: 'layers',
        totalBytes: 4.7 * GB,
        completedBytes: GB,
        bytesPerSecond: 18e6,
        secondsLeft: 4_000,
      },
      {
        model: 'gemma3:4b',
        state: 'stalled',
        totalBytes: 3.3 * GB,
        completedBytes: GB,
        retryAtMs: Date.now() + 60_000,
      },
    ],
  });
  for (const width of [880, 440]) {
    await page.viewport(width, 600);
    const scroller = document.querySelector('.page.models');
    await vi.waitFor(() => expect(scroller?.scrollWidth).toBe(scroller?.clientWidth));
    for (const name of ['Pause qwen2.5 7B', 'Retry now: gemma3 4B', 'Delete llama3.2 3B', 'Import a file']) {
      const box = button(name).element().getBoundingClientRect();
      expect(box.left).toBeGreaterThanOrEqual(0);
      expect(box.right).toBeLessThanOrEqual(width);
    }
  }
});
