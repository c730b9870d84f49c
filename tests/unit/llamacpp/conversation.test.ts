// Which part of a long conversation is read: one that stays the same from turn to turn.
import { describe, expect, test } from 'vitest';
import { createFitting } from '../../../src/main/backends/llamacpp/conversation.ts';
import type { EngineMessage } from '../../../src/main/backends/llamacpp/protocol.ts';

const CONTEXT_TOKENS = 1_000;
const counting = {
  contextTokens: CONTEXT_TOKENS,
  modelMaximum: 8_000,
  countText: (text: string) => text.split(' ').length,
  countPrompt: (messages: EngineMessage[]) =>
    messages.reduce((sum, { content }) => sum + content.split(' ').length + 12, 0),
};
const words = (count: number, mark: string) => `${mark} ${'word '.repeat(count - 1).trim()}`;
const turn = (number: number): EngineMessage[] => [
  { role: 'user', content: words(20, `q${number}`) },
  { role: 'assistant', content: words(60, `a${number}`) },
];
const SYSTEM: EngineMessage = { role: 'system', content: 'Be brief.' };

describe('a conversation that outgrows its context', () => {
  test('is read anew in few of many turns, and never more than fits', () => {
    const fit = createFitting();
    const history: EngineMessage[] = [SYSTEM];
    let before: EngineMessage[] = [];
    let fromTheStart = 0;
    let wasAnew = false;
    for (let number = 0; number < 60; number += 1) {
      const asked = turn(number)[0]!;
      const { messages, promptTokens } = fit([...history, asked], counting);
      expect(promptTokens).toBeLessThanOrEqual(CONTEXT_TOKENS - 250);
      expect(messages[0]).toEqual(SYSTEM);
      expect(messages[1]?.role).toBe('user');
      expect(messages.at(-1)).toEqual(asked);
      const isAnew = !before.every((message, index) => messages[index] === message);
      if (isAnew) fromTheStart += 1;
      expect(isAnew && wasAnew).toBe(false);
      wasAnew = isAnew;
      before = messages;
      history.push(...turn(number).with(0, asked));
    }
    // 60 turns of about 100 tokens, of which the template's own are many: half of 750 goes each time.
    expect(fromTheStart).toBeGreaterThan(3);
    expect(fromTheStart).toBeLessThanOrEqual(20);
  });

  test('keeps its place while another one is asked that fits', () => {
    const fit = createFitting();
    const long = Array.from({ length: 12 }, (_, number) => turn(number)).flat();
    const question: EngineMessage = { role: 'user', content: 'and now' };
    const first = fit([...long, question], counting);
    expect(fit([question], counting).leftOutMessages).toBe(0);
    const next = fit([...long, question, { role: 'assistant', content: 'this' }, question], counting);
    expect(next.leftOutMessages).toBe(first.leftOutMessages);
  });

  test('is read from its beginning again when it has become short', () => {
    const fit = createFitting();
    const long = Array.from({ length: 12 }, (_, number) => turn(number)).flat();
    const question: EngineMessage = { role: 'user', content: 'and now' };
    expect(fit([...long, question], counting).leftOutMessages).toBeGreaterThan(0);
    expect(fit([...long.slice(0, 4), question], counting).leftOutMessages).toBe(0);
  });
});

test('an answer that is to go on stays with its question', () => {
  const messages: EngineMessage[] = [...turn(1), { role: 'user', content: 'go' }, { role: 'assistant', content: 'I' }];
  expect(createFitting()(messages, counting).messages).toEqual(messages);
});

test.each([
  ['no question', [SYSTEM]],
  ['two answers after the question', [...turn(1), { role: 'assistant', content: 'more' } as const]],
])('a conversation with %s is refused', (_, messages) => {
  expect(() => createFitting()(messages, counting)).toThrow('does not end with a question');
});

test('a question longer than the context is refused before its tokens are counted', () => {
  const countText = () => expect.fail('counted');
  const messages: EngineMessage[] = [{ role: 'user', content: 'x'.repeat(CONTEXT_TOKENS * 32 + 1) }];
  expect(() => createFitting()(messages, { ...counting, countText })).toThrow(
    // Four characters a token, and room for an answer.
    expect.objectContaining({
      failure: expect.objectContaining({ room: { setTokens: 1_000, neededTokens: 8_251, canTokens: 8_000 } }),
    }),
  );
});
