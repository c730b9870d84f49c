// When an answer is one, and what is said of one that holds nothing.
import { describe, expect, it } from 'vitest';
import { createSubstance } from '../../../src/main/backends/choice/substance.ts';
import type { ChatEvent } from '../../../src/main/backends/interface.ts';
import { noUsage } from '../../support/scripted-backends.ts';

const text = (said: string): ChatEvent => ({ type: 'text', text: said });
const thinking = (said: string): ChatEvent => ({ type: 'thinking', text: said });
const call: ChatEvent = { type: 'tool-call', call: { id: null, name: 'now', arguments: {} } };

function missing(
  events: ChatEvent[],
  {
    reason = 'stop',
    tokens = null,
    hasTools = false,
  }: { reason?: 'stop' | 'length'; tokens?: number | null; hasTools?: boolean },
) {
  const substance = createSubstance(hasTools);
  for (const event of events) substance.take(event);
  const done = { type: 'done' as const, reason, usage: { ...noUsage, answerTokens: tokens } };
  return substance.missing(done, { backend: 'Ollama', model: 'tiny' });
}

describe('an answer', () => {
  it.each([
    ['text', [text('a')], {}],
    ['text after blanks and thoughts', [thinking('hm'), text('\n'), text(' a'), text('\n')], {}],
    ['a call that was asked for', [call], { hasTools: true }],
    ['text beside a call that nobody asked for', [call, text('a')], {}],
  ])('is there with %s', (_, events, about) => {
    expect(missing(events, about)).toBeNull();
  });

  it.each([
    ['nothing at all', [], {}, 'tiny ended without an answer: it did not write a word.'],
    ['blanks', [text('\n'), text('  ')], {}, 'it did not write a word.'],
    ['nothing up to the limit', [], { reason: 'length' }, 'it reached the limit of its length before it wrote a word.'],
    ['nothing up to a limit that is told', [], { reason: 'length', tokens: 7 }, 'its limit of 7 tokens'],
    ['a thought', [thinking('hm'), text('\n')], {}, 'it thought, and stopped before it wrote a word.'],
    [
      'a thought up to the limit',
      [thinking('hm')],
      { reason: 'length', tokens: 7 },
      'its thoughts took all the 7 tokens',
    ],
    ['a thought up to a limit nobody told', [thinking('hm')], { reason: 'length' }, 'its thoughts took all the length'],
    ['a call that nobody asked for', [call], {}, 'it only called a function, now, which Hearth does not have.'],
  ] as const)('is missing where there is %s', (_, events, about, said) => {
    const error = missing([...events], about);
    expect(error).toMatchObject({ code: 'answer_empty', params: { backend: 'Ollama', model: 'tiny' } });
    expect(error?.message).toContain(said);
    expect(error?.message).toContain('Ask again, in other words, or choose another model.');
  });
});
