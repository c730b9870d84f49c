// Starts, stops, kills, restarts and crashes in any order and at any moment: the last wish comes true and nothing is left.
import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { HearthError } from '../../../src/main/errors/index.ts';
import {
  createActivityBoard,
  createEngine,
  createPlaces,
  type OllamaServer,
  parseAddress,
} from '../../../src/main/ollama/index.ts';
import { untilGone } from '../../support/processes.ts';
import { forever, openBench } from './setup.ts';

const STEPS = ['start', 'given up start', 'stop', 'kill', 'restart', 'crash', 'question', 'check'] as const;
const anyStep = fc.record({ step: fc.constantFrom(...STEPS), pauseMs: fc.constantFrom(0, 0, 1, 20, 150) });

/** What may be told while others interfere. */
const TOLD = new Set([
  'cancelled',
  'ollama_start_failed',
  'ollama_gave_up',
  'ollama_held',
  'backend_unreachable',
  'backend_empty',
]);

function crash(server: OllamaServer): void {
  const child = server.state();
  if (child.state === 'ready') process.kill(child.pid, 'SIGKILL');
}

it('ends as the last one wanted it', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyStep, { minLength: 3, maxLength: 10 }),
      fc.constantFrom('start', 'stop', 'kill'),
      async (steps, last) => {
        const bench = openBench();
        const seen = new Set<number>();
        const underWay: Promise<unknown>[] = [];
        const unexpected: unknown[] = [];
        const keep = (error: unknown) => {
          if (!(error instanceof HearthError) || !TOLD.has(error.code)) unexpected.push(error);
        };
        await bench.behave({ runner: 'start' });
        const server = bench.server({ limits: { backoffMs: [1, 1, 1, 1], windowMs: 60_000 } });
        server.onChange((state) => {
          if (state.state === 'ready') for (const pid of bench.pids()) seen.add(pid);
        });
        // Nobody listens at the port that is kept for discarding.
        const address = { ...parseAddress('127.0.0.1:9'), from: 'settings' as const };
        const places = createPlaces({
          address: () => address,
          server,
          isStartAllowed: () => true,
          connectTimeoutMs: () => 2_000,
        });
        const engine = createEngine({
          server,
          places,
          board: createActivityBoard(),
          isOwnProgram: () => false,
          lookMs: () => 2_000,
        });
        try {
          for (const { step, pauseMs } of steps) {
            if (step === 'crash') crash(server);
            else {
              const work = {
                start: () => engine.start(forever()),
                'given up start': () => engine.start(AbortSignal.timeout(30)),
                stop: () => engine.stop(),
                kill: () => engine.kill(),
                restart: () => engine.restart(forever()),
                question: () => places.start(forever()),
                check: () => places.open(forever()),
              }[step]();
              underWay.push(work.catch(keep));
            }
            if (pauseMs > 0) await sleep(pauseMs);
          }
          await engine[last](forever());
          await Promise.all(underWay);
          expect(unexpected).toEqual([]);
          const wanted = last === 'start' ? { state: 'ready', isHeld: false } : { state: 'stopped', isHeld: true };
          // A crash just before a start is noticed after it.
          await vi.waitFor(() => expect(engine.status()).toMatchObject(wanted), { timeout: 8_000 });
          if (last === 'start') await engine.stop();
          await untilGone([...seen]);
        } finally {
          engine.close();
          places.close();
          await server.stop();
          await Promise.all(underWay);
          await bench.end();
        }
      },
    ),
    { numRuns: 20 },
  );
});
