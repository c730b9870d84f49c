// The turns of questions at the built-in engine, over an engine that is made up.
import { expect, test, vi } from 'vitest';
import type { Engine } from '../../../src/main/backends/llamacpp/engine.ts';
import { createSession } from '../../../src/main/backends/llamacpp/session.ts';
import { memorySettings } from '../../support/memory-settings.ts';

test('a question that is stopped while room is made gives its turn back when the process has ended', async () => {
  const steps: string[] = [];
  let hasEnded = (): void => {};
  const engine: Engine = {
    pid: () => 1,
    start: () => {
      steps.push('start');
      return Promise.reject(new Error('far enough'));
    },
    send: () => expect.fail('nothing is loaded'),
    onExit: () => {},
    end: () =>
      new Promise((resolve) => {
        steps.push('end begins');
        hasEnded = () => {
          steps.push('ended');
          resolve();
        };
      }),
    stop: () => Promise.resolve(),
  };
  let availableBytes = 0;
  const session = createSession({
    engine,
    settings: memorySettings({}),
    memory: () => Promise.resolve({ totalBytes: 8e9, availableBytes }),
    needOf: () => Promise.resolve(1e9),
    isInstalled: () => false,
  });
  const file = { path: '/models/a.gguf', name: 'a', sizeBytes: 1, modifiedAtMs: 1 };
  const stop = new AbortController();
  const stopped = drain(session.ask(file, { messages: [] }, stop.signal));
  await vi.waitFor(() => expect(steps).toEqual(['end begins']));
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  availableBytes = 8e9;
  const next = drain(session.ask(file, { messages: [] }, new AbortController().signal));
  setImmediate(() => hasEnded());
  await expect(next).rejects.toThrow('far enough');
  expect(steps).toEqual(['end begins', 'ended', 'start']);
  session.stop();
});

async function drain(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _event of events);
}
