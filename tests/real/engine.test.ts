// The built-in engine with a real instruct model, as a person asks it. Run by `npm run test:real`, never by `npm test`.
import { join } from 'node:path';
import * as library from 'node-llama-cpp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend, ChatMessage, ChatOptions } from '../../src/main/backends/interface.ts';
import { chatWrapperFor } from '../../src/main/backends/llamacpp/chat-wrapper.ts';
import { askAsItsFamily } from '../../src/main/backends/families/ask.ts';
import { aboutWriter } from '../../src/main/insights/about-writer.ts';
import { FACTS_FORMAT, FACTS_MAX_TOKENS, factsPrompt, statementsIn } from '../../src/main/insights/statements.ts';
import { TITLE_MAX_TOKENS, titleIn, titlePrompt } from '../../src/main/insights/title.ts';
import { TONE_FORMAT, TONE_MAX_TOKENS, toneIn, tonePrompt } from '../../src/main/insights/tone.ts';
import { type Bench, collect, openBench } from '../integration/llamacpp/support.ts';
import { memorySettings } from '../support/memory-settings.ts';

const MODEL = join(process.env.HEARTH_TEST_MODELS ?? '', 'smollm2-135m-instruct.gguf');
const FIXED: ChatOptions = { seed: 1, temperature: 0, repeatPenalty: 1, maxTokens: 200 };
const SYSTEM: ChatMessage = { role: 'system', content: 'You are a helpful assistant. Answer briefly.' };
const signal = () => AbortSignal.timeout(240_000);

let bench: Bench;
let backend: Backend;
beforeAll(async () => {
  bench = await openBench();
  backend = bench.engine.forFile(MODEL);
});
afterAll(() => bench.end());

const say = (messages: ChatMessage[], options: ChatOptions = {}) =>
  collect(backend, { model: null, messages, options: { ...FIXED, ...options } }, signal());
const user = (content: string): ChatMessage => ({ role: 'user', content });

describe('a real model', () => {
  test('knows the capital of France and ends by itself', async () => {
    const { text, done } = await say([SYSTEM, user('What is the capital of France?')]);
    expect(text).toContain('Paris');
    expect(done).toMatchObject({ reason: 'stop', usage: { answerTokens: expect.any(Number) } });
    expect(text).not.toMatch(/<\||\|>/);
  });

  test('is asked as its family wants it where the chat has no system message', async () => {
    const asking = { changes: memorySettings().get().families, architectureOf: () => 'llama' };
    const request = { model: null, messages: [user('What is the capital of France?')], options: FIXED };
    let text = '';
    for await (const event of askAsItsFamily(backend, request, asking, signal()))
      if (event.type === 'text') text += event.text;
    expect(text).toMatch(/Paris/);
    expect(text.length).toBeLessThan(100);
  });

  test('remembers a name over turns', async () => {
    const before: ChatMessage[] = [
      SYSTEM,
      user('Remember: my cat is called Felix.'),
      { role: 'assistant', content: 'Your cat is called Felix.' },
    ];
    expect((await say([...before, user('What is my cat called?')])).text).toContain('Felix');
    expect((await say([SYSTEM, user('What is my cat called?')])).text).not.toContain('Felix');
  });

  test('goes on with an answer that was cut, in one text', async () => {
    const question = [SYSTEM, user('Count from one to ten in words, separated by commas.')];
    const whole = await say(question);
    const cut = await say(question, { maxTokens: 8 });
    expect(cut.done).toMatchObject({ reason: 'length' });
    const messages: ChatMessage[] = [...question, { role: 'assistant', content: cut.text }];
    const rest = await collect(backend, { model: null, messages, goesOn: true, options: FIXED }, signal());
    expect(cut.text + rest.text).toBe(whole.text);
    expect(rest.done?.usage.answerTokens).toBeLessThan(whole.done?.usage.answerTokens ?? 0);
  });

  test('stops when it is told to, and answers the next question', async () => {
    const stop = new AbortController();
    const begun = (async () => {
      for await (const event of backend.chat({ model: null, messages: [user('Tell a very long story.')] }, stop.signal))
        if (event.type === 'text') stop.abort();
    })();
    await expect(begun).rejects.toMatchObject({ code: 'cancelled' });
    expect((await say([SYSTEM, user('What is the capital of France?')])).text).toContain('Paris');
  });

  test('says that a chat is longer than its context, and that an answer was cut', async () => {
    const fresh = await openBench();
    const small = { ...FIXED, contextTokens: 512, maxTokens: 8 };
    const turns = Array.from({ length: 20 }, (_, index): ChatMessage[] => [
      user(`Number ${index} is a good number. ${'Really. '.repeat(10)}`),
      { role: 'assistant', content: 'Yes, it is.' },
    ]).flat();
    try {
      const messages = [SYSTEM, ...turns, user('Count from one to fifty in words.')];
      const { done } = await collect(fresh.engine.forFile(MODEL), { model: null, messages, options: small }, signal());
      expect(done).toMatchObject({ reason: 'length', usage: { wasPromptCut: true } });
    } finally {
      await fresh.end();
    }
  });
});

/** What a small model writes when it has nothing to say: words of the prompt, its own examples, marks, several lines. */
const JUNK = /Oslo|two children|^(?:title|message|answer|facts?)\b[:.]?$|[<>{}[\]|]|\n/i;

describe('background work with the weakest model', () => {
  const errand = async (messages: ChatMessage[], maxTokens: number, format?: Record<string, unknown>) => {
    const request = { model: null, messages, options: { temperature: 0, maxTokens }, think: false };
    return (await collect(backend, { ...request, ...(format === undefined ? {} : { format }) }, signal())).text;
  };

  test.each(['How does TCP recover from a lost packet?', 'I live in Bergen and work as a nurse.', 'Write a poem.'])(
    'learns nothing that was not said: %s',
    async (message) => {
      const about = aboutWriter(message);
      // Nothing is asked of a message that says nothing of its writer.
      const reply = about === '' ? '' : await errand(factsPrompt(about, []), FACTS_MAX_TOKENS, FACTS_FORMAT);
      for (const fact of statementsIn(reply, about)) {
        expect(fact).not.toMatch(JUNK);
        expect(fact).toMatch(/Bergen|nurse/i);
      }
    },
  );

  test('names a chat, or leaves it', async () => {
    const title = titleIn(await errand(titlePrompt('What is a mutex?', 'A lock for one thread.'), TITLE_MAX_TOKENS));
    if (title !== null) expect(title).not.toMatch(JUNK);
  });

  test('tells a tone in the form that is asked for', async () => {
    const tone = toneIn(await errand(tonePrompt('I am so happy today!'), TONE_MAX_TOKENS, TONE_FORMAT));
    expect(tone).toEqual({ label: expect.any(String), confidence: expect.any(Number) });
  });
});

test('tokens a second against the library called directly, as a ratio', async () => {
  const prompt = [user('Write a long story about a lighthouse.')];
  const options = { temperature: 0, maxTokens: 120 };
  const llama = await library.getLlama({ build: 'never', gpu: false, progressLogs: false, logger: () => {} });
  const model = await llama.loadModel({ modelPath: MODEL, gpuLayers: 0 });
  const context = await model.createContext({ threads: 1, contextSize: 2_048 });
  const sequence = context.getSequence();
  const chat = new library.LlamaChat({
    contextSequence: sequence,
    chatWrapper: (await chatWrapperFor(library, model))({}),
  });
  const direct: number[] = [];
  const ours: number[] = [];
  // In turns, so that whatever else the computer does falls on both.
  for (let round = 0; round < 4; round += 1) {
    let firstAtMs = 0;
    const before = sequence.tokenMeter.getState();
    await chat.generateResponse([{ type: 'user', text: prompt[0]!.content }], {
      ...options,
      onTextChunk: () => (firstAtMs ||= performance.now()),
    });
    direct.push(sequence.tokenMeter.diff(before).usedOutputTokens / (performance.now() - firstAtMs));
    const { usage } = (await say(prompt, { ...options, repeatPenalty: 1.1 })).done!;
    ours.push(usage.answerTokens! / usage.answerMs!);
  }
  await llama.dispose();
  const best = { direct: Math.max(...direct), ours: Math.max(...ours) };
  console.log(
    `bench real-tokens ratio=${(best.ours / best.direct).toFixed(3)} goal=0.95 direct=${Math.round(best.direct * 1_000)}/s`,
  );
  expect(best.ours).toBeGreaterThan(0);
});
