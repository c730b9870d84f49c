// The demo: at once, by words, and never taken for a model.
import { describe, expect, it } from 'vitest';
import { createDemoBackend, demoReply } from '../../../src/main/backends/demo.ts';
import type { ChatEvent } from '../../../src/main/backends/interface.ts';

const now = new Date('2026-11-21T09:05:00');
const notice = 'This is a sample answer so you can see how Hearth works. No model read your message.';
const ask = (content: string) => ({ model: null, messages: [{ role: 'user' as const, content }] });

describe('a reply', () => {
  it.each([
    ['Hello!', 'Hello.'],
    ['what can you do?', 'asks a model on this computer'],
    ['Help, how do I set up Ollama', 'Settings, Models'],
    ['Thank you', 'welcome'],
    ['What time is it?', '9:05'],
    ['what is the date', 'November 21, 2026'],
    ['Write a python function', '```js'],
    ['What is the ROI of this?', 'divided by what it cost'],
    ['When is our renewal due', '90 days'],
    ['How is their usage?', 'as a direction'],
    ['Is this account at risk?', 'Signs of risk'],
    ['What is the next step?', 'one person, one date'],
    ['Help me with pricing', 'talk about price'],
    ['Why is the sky blue?', 'a model will answer this question'],
    ['', 'a model will answer this question'],
    // A keyword inside a word is none.
    ['which ship', 'a model will answer this question'],
  ])('to “%s”', (question, part) => {
    const reply = demoReply(question, now);
    expect(reply).toContain(part);
    expect(reply.endsWith(notice)).toBe(true);
  });

  it('comes in a few pieces that make up the text, and then ends', async () => {
    const events: ChatEvent[] = [];
    const demo = createDemoBackend({ now: () => now, pieceGapMs: 0 });
    for await (const event of demo.chat(ask('hello'), new AbortController().signal)) events.push(event);
    const texts = events.flatMap((event) => (event.type === 'text' ? [event.text] : []));
    expect(texts.length).toBeGreaterThan(2);
    // A reply by keywords is there within a tenth of a second, however long it is.
    expect(texts.length).toBeLessThanOrEqual(5);
    expect(texts.join('')).toBe(demoReply('hello', now));
    expect(events.at(-1)).toMatchObject({ type: 'done', reason: 'stop', usage: { answerTokens: null } });
  });

  it('ends with its signal', async () => {
    const controller = new AbortController();
    const demo = createDemoBackend({ pieceGapMs: 60_000 });
    const read = async () => {
      for await (const event of demo.chat(ask('hello'), controller.signal))
        if (event.type === 'text') controller.abort();
    };
    await expect(read()).rejects.toMatchObject({ code: 'cancelled' });
  });
});

it('is always there and answers several at once', async () => {
  const demo = createDemoBackend();
  expect(await demo.look(new AbortController().signal)).toMatchObject({
    state: 'ready',
    problem: null,
  });
  expect(demo).toMatchObject({ label: 'Demo', lane: 'demo', concurrency: 8 });
});
