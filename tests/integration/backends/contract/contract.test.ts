// One contract, kept by every backend. What a case is stands in cases.ts, what a backend can be made to do in subjects/.
import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cleanUp } from '../setup.ts';
import type { Trial } from './ask.ts';
import { CASES } from './cases.ts';
import type { CaseName, Stage, Subject } from './subject.ts';
import { demo } from './subjects/demo.ts';
import { llamacpp } from './subjects/llamacpp.ts';
import { mlx } from './subjects/mlx.ts';
import { ollama } from './subjects/ollama.ts';
import { openAiServer } from './subjects/openai.ts';
import { queryService } from './subjects/query.ts';

const SUBJECTS: readonly Subject[] = [llamacpp, ollama, openAiServer, queryService, mlx, demo];
const NAMES = Object.keys(CASES) as CaseName[];

afterEach(cleanUp);

describe.each(SUBJECTS)('$name', (subject) => {
  const { notApplicable } = subject;
  for (const name of NAMES) {
    const reason = notApplicable[name];
    if (reason === undefined) it(name, () => keep(name, subject));
    // Told with the others, so that nothing is left out in silence.
    else it.skip(`${name} (can’t be: ${reason})`, () => undefined);
  }
});

/** Runs one case, then ends everything and counts what is left. */
async function keep(name: CaseName, subject: Subject): Promise<void> {
  const stages: Stage[] = [];
  const signals: AbortSignal[] = [];
  const trial: Trial = {
    async open(conditions) {
      const stage = await subject.open(conditions);
      stages.push(stage);
      return stage;
    },
    signal() {
      const controller = new AbortController();
      signals.push(controller.signal);
      return controller;
    },
  };
  await CASES[name](trial, subject);
  const listeners = () => signals.flatMap((signal) => getEventListeners(signal, 'abort'));
  await vi.waitFor(() => expect(listeners()).toEqual([]), { timeout: 5_000 });
  for (const stage of stages) {
    await stage.stop();
    await vi.waitFor(() => expect(stage.open()).toBe(0), { timeout: 5_000 });
  }
}

describe('the table', () => {
  it('says of each case where it can’t be, and why; everything else is run', () => {
    const table = NAMES.map((name) => [
      name,
      SUBJECTS.filter((one) => name in one.notApplicable).map((one) => one.name),
    ]);
    const reasons = SUBJECTS.flatMap(({ notApplicable }) => Object.values(notApplicable));
    for (const reason of reasons) expect(reason).toMatch(/\w{3}/);
    expect(Object.fromEntries(table.filter(([, names]) => names?.length))).toMatchInlineSnapshot(`
      {
        "breaks off in the middle": [
          "demo",
        ],
        "can’t start its process": [
          "Ollama",
          "OpenAI-compatible server",
          "query service",
          "demo",
        ],
        "does not begin in time": [
          "demo",
        ],
        "does not connect in time": [
          "built-in llama.cpp",
          "MLX",
          "demo",
        ],
        "ends without its end": [
          "demo",
        ],
        "fails before the stream": [
          "demo",
        ],
        "fails in the middle": [
          "built-in llama.cpp",
          "query service",
          "demo",
        ],
        "falls silent": [
          "demo",
        ],
        "finds nobody there": [
          "demo",
        ],
        "goes on with an answer": [
          "query service",
          "demo",
        ],
        "is left early": [
          "query service",
        ],
        "is stopped after the first token": [
          "query service",
        ],
        "is stopped before the first token": [
          "demo",
        ],
        "is stopped when it repeats itself": [
          "built-in llama.cpp",
          "query service",
          "demo",
        ],
        "keeps a megabyte whole": [
          "built-in llama.cpp",
          "demo",
        ],
        "keeps characters that are split": [
          "demo",
        ],
        "keeps secrets to itself": [
          "built-in llama.cpp",
          "Ollama",
          "MLX",
          "demo",
        ],
        "loads for too long": [
          "query service",
          "demo",
        ],
        "says that it was cut at its length": [
          "query service",
          "demo",
        ],
      }
    `);
  });
});
