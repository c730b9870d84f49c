// A model that has come is told once, by the system, when nobody looks.
import { expect, it } from 'vitest';
import type { Download } from '../../../src/contract/downloads.ts';
import { createAppState } from '../../../src/main/app-state.ts';
import { errorInfo } from '../../../src/main/errors/index.ts';
import type { Services } from '../../../src/main/services.ts';
import { type Notice, notifyOfDownloads } from '../../../src/main/shell/notifications.ts';
import { memorySettings } from '../../support/memory-settings.ts';

const done: Download = {
  id: '0199c3a0-0003-7000-8000-000000000001' as Download['id'],
  model: 'llama3.2:3b',
  state: 'done',
  step: null,
  totalBytes: 10,
  completedBytes: 10,
  progress: 1,
  bytesPerSecond: null,
  secondsLeft: null,
  heardAtMs: null,
  attempt: 0,
  retryAtMs: null,
  problem: null,
  createdAtMs: 1,
  finishedAtMs: 2,
};

function desk() {
  const app = createAppState({ version: 'test', platform: 'linux', dataFolder: '/' });
  const settings = memorySettings();
  const listeners: ((download: Download) => void)[] = [];
  let downloads = { onSettled: (listener: (download: Download) => void) => listeners.push(listener) };
  const services = {
    app,
    settings,
    history: () => Promise.resolve({ downloads }),
    log: { info() {}, warn() {}, error() {}, close() {} },
  } as unknown as Services;
  const shown: (Notice & { click: () => void })[] = [];
  const state = { isFocused: false, clicks: 0 };
  notifyOfDownloads(services, {
    isWindowFocused: () => state.isFocused,
    onClick: () => (state.clicks += 1),
    create(notice) {
      let click = () => {};
      return {
        show: () => shown.push({ ...notice, click: () => click() }),
        on: (event: 'click' | 'close', listener: () => void) => {
          if (event === 'click') click = listener;
        },
      };
    },
  });
  return {
    settings,
    shown,
    state,
    settle: (download: Download) => listeners.forEach((listener) => listener(download)),
    /** The history is open, as the app tells; a notice that comes later says `ready` once more. */
    ready: async (change?: 'another history') => {
      if (change) downloads = { ...downloads };
      app.setReady();
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

it('tells of a model that has come, once, and brings the window to the front', async () => {
  const { ready, settle, shown, state } = desk();
  await ready();
  await ready();
  settle(done);
  expect(shown).toMatchObject([{ title: 'llama3.2:3b is ready', body: 'You can use it now.' }]);
  shown[0]?.click();
  expect(state.clicks).toBe(1);
});

it('tells of one that needs the user in the words of its problem', async () => {
  const { ready, settle, shown } = desk();
  await ready();
  const problem = errorInfo('pull_not_found', { model: 'nope', host: 'registry.ollama.ai' });
  settle({ ...done, model: 'nope', state: 'failed', problem });
  expect(shown).toMatchObject([{ title: 'nope was not downloaded', body: problem.message }]);
});

it('is silent while a window is in front, and when that was wished', async () => {
  const { ready, settle, settings, shown, state } = desk();
  await ready();
  state.isFocused = true;
  settle(done);
  state.isFocused = false;
  await settings.set({ downloads: { notify: false } });
  settle(done);
  expect(shown).toEqual([]);
});

it('follows a history that is opened again', async () => {
  const { ready, settle, shown } = desk();
  await ready();
  await ready('another history');
  settle(done);
  // The stand-ins share one list: both are followed.
  expect(shown).toHaveLength(2);
});
