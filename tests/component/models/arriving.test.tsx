// What is on its way: how far, why not, and what can be done about it.
import { afterEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { useModels } from '../../../src/renderer/features/models/index.ts';
import { setClient } from '../../../src/renderer/lib/index.ts';
import { hideToast } from '../../../src/renderer/ui/index.ts';
import { installed } from '../../support/component/fake-models.ts';
import { announced, button, called, GB, showModels } from './stage.tsx';

afterEach(() => {
  hideToast();
  setClient(null);
});

const row = (name: string) => page.getByRole('listitem', { name, exact: true });
const bar = (name: string) => page.getByRole('progressbar', { name: `Progress of ${name}` });
const RUNNING = {
  model: 'qwen2.5:7b',
  state: 'running' as const,
  step: 'layers' as const,
  totalBytes: 4.7 * GB,
  completedBytes: 2.9 * GB,
  progress: 0.62,
  bytesPerSecond: 18e6,
  secondsLeft: 100,
  heardAtMs: null,
};

test('a download tells how far it is, how fast, and how long it takes', async () => {
  await showModels({ downloads: [RUNNING] });
  await expect.element(row('qwen2.5 7B')).toMatchTextContent('2.9 of 4.7 GB · 18 MB/s · 2 min left');
  await expect.element(bar('qwen2.5 7B')).toHaveAttribute('aria-valuenow', '62');
  expect(bar('qwen2.5 7B').element().querySelector('.live')).not.toBeNull();
});

test('silence is told in grey, and the reason stays until bytes come', async () => {
  const hearth = await showModels({ downloads: [{ ...RUNNING, bytesPerSecond: 0, secondsLeft: null }] });
  const isLive = () => row('qwen2.5 7B').element().querySelector('.live') !== null;
  await expect.element(row('qwen2.5 7B')).toMatchTextContent(/2.9 of 4.7 GB · nothing is arriving$/);
  expect(isLive()).toBe(false);
  const problem = { code: 'pull_digest_mismatch' as const, message: 'What arrived was damaged.', params: {} };
  const reason = 'What arrived was damaged. Hearth tries again by itself.';
  hearth.models.download('qwen2.5:7b', { state: 'stalled', step: null, attempt: 1, problem });
  await expect.element(row('qwen2.5 7B')).toMatchTextContent(reason);
  hearth.models.download('qwen2.5:7b', { state: 'running', step: 'manifest', bytesPerSecond: null });
  await expect.element(button('Pause qwen2.5 7B')).toBeVisible();
  await expect.element(row('qwen2.5 7B')).toMatchTextContent(reason);
  expect(isLive()).toBe(false);
  hearth.models.download('qwen2.5:7b', { ...RUNNING, attempt: 0, problem: null });
  await expect.element(row('qwen2.5 7B')).toMatchTextContent(/18 MB\/s · 2 min left$/);
  expect(isLive()).toBe(true);
});

test('each state has its words and its own way on', async () => {
  const hearth = await showModels({
    parallel: 2,
    downloads: [
      RUNNING,
      {
        model: 'gemma3:4b',
        state: 'stalled',
        totalBytes: 3.3 * GB,
        completedBytes: 1.1 * GB,
        retryAtMs: Date.now() + 6_000,
      },
      { model: 'phi4:14b', state: 'waiting' },
      { model: 'mistral:7b', state: 'paused', totalBytes: 4.1 * GB, completedBytes: 1.5 * GB },
      { model: 'smollm2:360m', state: 'done', totalBytes: 0.7 * GB, completedBytes: 0.7 * GB, progress: 1 },
    ],
  });
  await expect.element(page.getByText('4 in the list, 2 at a time')).toBeVisible();
  await expect.element(row('gemma3 4B')).toMatchTextContent(/Stalled at 1.1 GB, retrying in [56] s/);
  await expect.element(row('phi4 14B')).toMatchTextContent('2nd in line');
  await expect.element(row('mistral 7B')).toMatchTextContent('Paused at 1.5 of 4.1 GB');
  await expect.element(row('smollm2 360M')).toMatchTextContent('700 MB, here');
  for (const still of ['gemma3 4B', 'phi4 14B', 'mistral 7B', 'smollm2 360M']) {
    expect(bar(still).element().querySelector('.live')).toBeNull();
  }
  await button('Retry now: gemma3 4B').click();
  await button('Resume mistral 7B').click();
  await button('Pause phi4 14B').click();
  await button('Pause qwen2.5 7B').click();
  const ids = (name: string) => called(hearth, name).map((input) => (input as { id: string }).id);
  const idOf = (model: string) => hearth.models.downloads.downloads.find((one) => one.model === model)?.id;
  expect(ids('downloads.resume')).toEqual([idOf('gemma3:4b'), idOf('mistral:7b')]);
  expect(ids('downloads.pause')).toEqual([idOf('phi4:14b'), idOf('qwen2.5:7b')]);
});

test('the seconds until the next attempt count down', async () => {
  await showModels({
    downloads: [
      {
        model: 'gemma3:4b',
        state: 'stalled',
        attempt: 3,
        retryAtMs: Date.now() + 2_500,
        problem: { code: 'pull_no_network', message: 'registry.ollama.ai can’t be reached.', params: {} },
      },
    ],
  });
  await expect.element(row('gemma3 4B')).toMatchTextContent('Stalled, retrying in 3 s');
  await expect.element(row('gemma3 4B')).toMatchTextContent('registry.ollama.ai can’t be reached.');
  await expect.element(row('gemma3 4B'), { timeout: 10_000 }).toMatchTextContent('Stalled, retrying now');
});

test('a bar never goes back, whatever is told', async () => {
  const hearth = await showModels({ downloads: [RUNNING] });
  await expect.element(bar('qwen2.5 7B')).toHaveAttribute('aria-valuenow', '62');
  hearth.models.download('qwen2.5:7b', { progress: 0.4, completedBytes: 1.9 * GB });
  await expect.element(row('qwen2.5 7B')).toMatchTextContent('1.9 of 4.7 GB');
  await expect.element(bar('qwen2.5 7B')).toHaveAttribute('aria-valuenow', '62');
  hearth.models.download('qwen2.5:7b', { progress: 0.999 });
  await expect.element(bar('qwen2.5 7B')).toHaveAttribute('aria-valuenow', '99');
  hearth.models.download('qwen2.5:7b', { state: 'done', progress: 1 });
  await expect.element(bar('qwen2.5 7B')).toHaveAttribute('aria-valuenow', '100');
});

test('how far it is draws the row anew, not the page', async () => {
  const hearth = await showModels({ downloads: [RUNNING] });
  await expect.element(bar('qwen2.5 7B')).toHaveAttribute('aria-valuenow', '62');
  const { models } = useModels.getState();
  let drawn = 0;
  // The page reads what is being loaded each time it draws itself.
  const counted = { ...models!, installed: [installed('llama3.2:3b')] };
  Object.defineProperty(counted, 'loading', { get: () => ((drawn += 1), []) });
  useModels.setState({ models: counted });
  await vi.waitFor(() => expect(drawn).toBeGreaterThan(0));
  const before = drawn;
  for (const percent of [63, 64, 65]) {
    hearth.models.download('qwen2.5:7b', { progress: percent / 100 });
    await expect.element(bar('qwen2.5 7B')).toHaveAttribute('aria-valuenow', String(percent));
  }
  expect(drawn).toBe(before);
});

test('one that failed says why, can be tried again, or goes', async () => {
  const problem = {
    code: 'pull_not_found' as const,
    message: 'There is no model acme/none at registry.ollama.ai.',
    params: {},
  };
  const hearth = await showModels({ downloads: [{ model: 'acme/none', state: 'failed', problem }] });
  await expect.element(row('none')).toMatchTextContent('Stopped');
  await expect.element(row('none')).toMatchTextContent(problem.message);
  await button('Try again: none').click();
  expect(called(hearth, 'downloads.resume')).toHaveLength(1);
  await button('Cancel none').click();
  await vi.waitFor(() => expect(row('none').query()).toBeNull());
  await expect.element(page.getByRole('heading', { name: 'Models', exact: true })).toHaveFocus();
});

test('what main refuses is told', async () => {
  const hearth = await showModels({ downloads: [RUNNING] });
  hearth.failNext('downloads.pause', 'It can’t be paused now.');
  await button('Pause qwen2.5 7B').click();
  await expect.element(page.getByText('It can’t be paused now.')).toBeVisible();
});

test('finished ones are put away together', async () => {
  const hearth = await showModels({
    downloads: [
      { model: 'a', state: 'done', progress: 1 },
      { model: 'b', state: 'done', progress: 1 },
    ],
  });
  await expect.element(page.getByRole('heading', { name: 'Downloaded' })).toBeVisible();
  await button('Clear finished').click();
  expect(called(hearth, 'downloads.clearFinished')).toHaveLength(1);
  await vi.waitFor(() => expect(page.getByRole('heading', { name: 'Downloaded' }).query()).toBeNull());
});

test('screen readers hear of new states, not of every percent', async () => {
  const hearth = await showModels({ downloads: [RUNNING] });
  await expect.element(bar('qwen2.5 7B')).toBeVisible();
  expect(announced()).toBe('');
  hearth.models.download('qwen2.5:7b', { progress: 0.7, completedBytes: 3.3 * GB });
  await expect.element(bar('qwen2.5 7B')).toHaveAttribute('aria-valuenow', '70');
  expect(announced()).toBe('');
  hearth.models.download('qwen2.5:7b', { state: 'stalled', retryAtMs: Date.now() + 9_000 });
  await vi.waitFor(() => expect(announced()).toBe('qwen2.5 7B stalled, Hearth tries again'));
  hearth.models.download('qwen2.5:7b', { state: 'done', progress: 1 });
  await vi.waitFor(() => expect(announced()).toBe('qwen2.5 7B is downloaded'));
});

test('long work on files shows its step, its bytes and its way out', async () => {
  const work = {
    id: 'w1',
    kind: 'import' as const,
    subject: 'my-model',
    doneBytes: 1.1 * GB,
    totalBytes: 4.4 * GB,
    problem: null,
  };
  const hearth = await showModels({ status: { work: [{ ...work, step: 'copying' }] } });
  await expect.element(row('Adding my-model')).toMatchTextContent('Copying · 1.1 of 4.4 GB');
  await expect.element(bar('Adding my-model')).toHaveAttribute('aria-valuenow', '25');
  const problem = { code: 'work_no_space' as const, message: 'This needs 4.4 GB on the disk.', params: {} };
  hearth.models.set({ work: [{ ...work, step: 'copying', problem }] });
  await expect.element(row('Adding my-model')).toMatchTextContent('This needs 4.4 GB on the disk.');
  await button('Dismiss: Adding my-model').click();
  expect(called(hearth, 'models.cancelWork')).toEqual([{ id: 'w1' }]);
  await vi.waitFor(() => expect(row('Adding my-model').query()).toBeNull());
});

test('everything in a row is reached by keys', async () => {
  await showModels({ downloads: [RUNNING] });
  await expect.element(button('Pause qwen2.5 7B')).toBeVisible();
  (button('Pause qwen2.5 7B').element() as HTMLElement).focus();
  await userEvent.tab();
  await expect.element(button('Cancel qwen2.5 7B')).toHaveFocus();
});
