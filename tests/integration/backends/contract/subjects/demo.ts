// The demo: no engine, no network, replies by keyword.
import { createDemoBackend, demoReply } from '../../../../../src/main/backends/demo.ts';
import type { Scripted, Stage, Subject } from '../subject.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
/** Longer than any test. */
const HOUR_MS = 3_600_000;
const QUESTIONS = ['hello', 'thank you', 'help', 'what time is it', 'write some code', 'something else'];

function scripted(content: string): Scripted {
  const request = { model: null, messages: [{ role: 'user' as const, content }] };
  return { request, text: demoReply(content, NOW) };
}

function open(): Promise<Stage> {
  const now = () => NOW;
  const quick = createDemoBackend({ now, pieceGapMs: 0 });
  const slow = createDemoBackend({ now, pieceGapMs: HOUR_MS });
  let backend = quick;
  return Promise.resolve({
    get backend() {
      return backend;
    },
    script({ does }) {
      backend = does === 'hold' ? slow : quick;
      return Promise.resolve(scripted('hello'));
    },
    reached: () => Promise.resolve(),
    // Nothing is behind it that could see it.
    expectLeft: () => undefined,
    many(count) {
      const ones = Array.from({ length: count }, (_, index) => scripted(QUESTIONS[index % QUESTIONS.length] ?? ''));
      return Promise.resolve(ones);
    },
    asked: () => 0,
    open: () => 0,
    kept: 0,
    stop: () => Promise.resolve(),
  });
}

const NO_ENGINE = 'there is no engine behind it that could fail or be late';
const OWN_WORDS = 'its replies are its own: they can’t be scripted';

export const demo: Subject = {
  name: 'demo',
  named: 'Demo',
  open,
  firstWords: null,
  codes: {},
  looks: [{ when: { does: 'answer' }, state: 'ready', code: null }],
  models: [],
  proofs: {},
  notApplicable: {
    'is stopped before the first token': 'its first word is there at once',
    'fails before the stream': NO_ENGINE,
    'finds nobody there': NO_ENGINE,
    'can’t start its process': NO_ENGINE,
    'fails in the middle': NO_ENGINE,
    'breaks off in the middle': NO_ENGINE,
    'ends without its end': NO_ENGINE,
    'does not connect in time': NO_ENGINE,
    'does not begin in time': NO_ENGINE,
    'falls silent': NO_ENGINE,
    'loads for too long': NO_ENGINE,
    'keeps characters that are split': OWN_WORDS,
    'keeps a megabyte whole': OWN_WORDS,
    'says that it was cut at its length': OWN_WORDS,
    'goes on with an answer': OWN_WORDS,
    'is stopped when it repeats itself': OWN_WORDS,
    'keeps secrets to itself': 'it is given no key',
  },
};
