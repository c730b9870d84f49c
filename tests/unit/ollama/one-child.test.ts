// Who wins when a stop, a start and what the child does by itself fall into the same moment.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChildEnd } from '../../../src/main/ollama/server/child.ts';
import { beginLife, type Life, type ReadyServer } from '../../../src/main/ollama/server/life.ts';
import { type ChildState, OneChild } from '../../../src/main/ollama/server/one-child.ts';
import { unlessAborted } from '../../../src/main/waits/index.ts';

vi.mock(import('../../../src/main/ollama/server/life.ts'), () => ({ beginLife: vi.fn<typeof beginLife>() }));

const READY: ReadyServer = { host: '127.0.0.1:4', pid: 4, version: '1' };
let isReady: (server: ReadyServer) => void;
let hasEnded: (end: ChildEnd) => void;
let states: ChildState['state'][];
let child: OneChild;

beforeEach(() => {
  vi.mocked(beginLife).mockReset();
  vi.mocked(beginLife).mockImplementation((): Life => {
    const ready = new Promise<ReadyServer>((resolve) => (isReady = resolve));
    const ended = new Promise<ChildEnd>((resolve) => (hasEnded = resolve));
    const end = () => Promise.resolve(hasEnded({ signal: 'SIGTERM' }));
    return { ready: (signal) => unlessAborted(ready, signal), ended, lastLines: () => [], end, kill: end };
  });
  states = [];
  child = new OneChild({
    plan: () => ({ program: { file: process.execPath, from: 'found' }, env: {} }),
    life: {
      platform: process.platform,
      startMs: 1_000,
      stopGraceMs: 1_000,
      log: {} as Parameters<typeof beginLife>[0]['log'],
      pidPath: '',
      onFileError: () => undefined,
    },
    cleared: Promise.resolve(),
    onState: ({ state }) => states.push(state),
  });
});

/** Resolves with the start, once its life has begun. */
async function begin(): Promise<{ started: Promise<{ host: string }> }> {
  const started = child.start(new AbortController().signal);
  started.catch(() => null);
  await vi.waitFor(() => expect(beginLife).toHaveBeenCalledOnce());
  return { started };
}

/** A moment is some turns of promises: every place between them is tried. */
describe.each([0, 1, 2, 3, 4, 5, 6])('a stop %i turns after', (turns) => {
  const passed = async () => {
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
  };

  it('it became ready leaves nothing that counts as ready', async () => {
    await begin();
    isReady(READY);
    await passed();
    await child.stop();
    expect(states.slice(states.indexOf('stopping'))).toEqual(['stopping', 'stopped']);
    expect(child.running()).toBeNull();
  });

  it('it ended by itself is the last word: no failure follows that would start it again', async () => {
    const { started } = await begin();
    isReady(READY);
    await started;
    hasEnded({ signal: 'SIGKILL' });
    await passed();
    await child.stop();
    expect(states.lastIndexOf('failed')).toBeLessThan(states.indexOf('stopped'));
    expect(states.at(-1)).toBe('stopped');
    if (states.includes('stopping')) expect(states.slice(states.indexOf('stopping'))).toEqual(['stopping', 'stopped']);
  });
});

it('what is given up before it is waited for may fail later without anybody hearing of it', async () => {
  let fail: (error: Error) => void = () => undefined;
  const late = new Promise<never>((_, reject) => (fail = reject));
  await expect(unlessAborted(late, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  // A rejection that nobody handles would fail the run of the tests.
  fail(new Error('too late'));
  await new Promise((resolve) => setImmediate(resolve));
});
