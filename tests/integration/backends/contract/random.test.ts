// Any stream at all, cut, broken or paused anywhere, is the same text on every backend that reads streams.
import * as fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { Backend, ChatRequest } from '../../../../src/main/backends/interface.ts';
import { makePipedMlx } from '../../../support/stand-in-mlx/piped.ts';
import type { ScriptedOpenAi } from '../../../support/scripted-openai.ts';
import { openMlxBench } from '../../mlx/support.ts';
import { backendAt, openAi } from '../remote-setup.ts';
import { atEnd, cleanUp, forever, hear, ollamaAt, replay } from '../setup.ts';
import { PATIENT } from './subject.ts';

afterEach(cleanUp);

interface Script {
  thinking: string[];
  texts: string[];
  /** After so many of them. */
  fault: { kind: 'cut' | 'end-early' | 'error'; after: number } | null;
  /** The server waits here for a moment; null: nowhere. */
  pauseAfter: number | null;
  splitBytes: number | null;
}

// Whole characters of every kind, as models write them; what is empty is no event.
const piece = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
const script: fc.Arbitrary<Script> = fc
  .record({
    thinking: fc.array(piece, { maxLength: 3 }),
    texts: fc.array(piece, { minLength: 1, maxLength: 8 }),
    kind: fc.option(fc.constantFrom('cut', 'end-early', 'error'), { freq: 2 }),
    at: fc.nat(),
    pauseAt: fc.option(fc.nat()),
    splitBytes: fc.option(fc.integer({ min: 1, max: 40 })),
  })
  .map(({ thinking, texts, kind, at, pauseAt, splitBytes }) => {
    const places = thinking.length + texts.length + 1;
    const fault = kind === null ? null : { kind, after: at % places };
    return { thinking, texts, fault, pauseAfter: pauseAt === null ? null : pauseAt % places, splitBytes };
  });

/** A backend, and how its server is told what to say next. */
interface Player {
  backend: Backend;
  play(script: Script): void;
}

async function ollama(): Promise<Player> {
  const server = await replay();
  return {
    backend: ollamaAt(server.url, PATIENT),
    play({ thinking, texts, fault, pauseAfter, splitBytes }) {
      const struck = fault === null ? null : { afterRecords: fault.after };
      server.set({
        answer: { thinking, tokens: texts },
        splitBytes,
        holdAfterRecords: pauseAfter,
        fault:
          struck === null || fault === null
            ? null
            : fault.kind === 'error'
              ? { kind: 'error-line', ...struck, error: 'no' }
              : { kind: fault.kind, ...struck },
      });
      if (pauseAfter !== null) void server.held().then(() => server.release());
    },
  };
}

function playOn(server: ScriptedOpenAi): Player['play'] {
  // The first record holds the role.
  const record = (after: number) => after + 1;
  return ({ thinking, texts, fault, pauseAfter, splitBytes }) => {
    server.set({
      answer: { thinking, pieces: texts },
      splitBytes,
      holdAt: pauseAfter === null ? null : record(pauseAfter),
      fault: fault === null ? null : { kind: fault.kind, afterRecords: record(fault.after), error: { message: 'no' } },
    });
    if (pauseAfter !== null) void server.held().then(() => server.release());
  };
}

async function openAiServer(): Promise<Player> {
  const server = await openAi();
  return { backend: backendAt(server.url, PATIENT), play: playOn(server) };
}

async function mlx(): Promise<Player> {
  const server = await openAi({ models: null });
  const bench = await openMlxBench('stand-in/plain', { settings: { timeouts: PATIENT } });
  atEnd(() => bench.end());
  await makePipedMlx(bench.program, { folder: bench.folder, port: server.port });
  return { backend: bench.backend, play: playOn(server) };
}

it('is heard as it was said, up to where it broke, on all of them', async () => {
  const players = { ollama: await ollama(), openAi: await openAiServer(), mlx: await mlx() };
  await fc.assert(
    fc.asyncProperty(script, async (said) => {
      const { thinking, texts, fault } = said;
      const heard = Math.min(fault?.after ?? Infinity, thinking.length + texts.length);
      const expected = {
        thinking: thinking.slice(0, heard).join(''),
        text: texts.slice(0, Math.max(0, heard - thinking.length)).join(''),
        isWhole: fault === null,
      };
      for (const [name, player] of Object.entries(players)) expect(await outcome(player, said), name).toEqual(expected);
    }),
    { numRuns: 16 },
  );
});

async function outcome(player: Player, said: Script) {
  const { backend } = player;
  player.play(said);
  const model = backend.kind === 'mlx' ? null : 'tiny';
  const request: ChatRequest = { model, messages: [{ role: 'user', content: 'hello' }] };
  const { events, text, error } = await hear(backend.chat(request, forever()));
  const thinking = events.map((event) => (event.type === 'thinking' ? event.text : '')).join('');
  const hasEnd = events.some(({ type }) => type === 'done');
  // Either the end or an error, never both and never neither.
  expect(hasEnd).toBe(error === null);
  return { thinking, text, isWhole: hasEnd };
}
