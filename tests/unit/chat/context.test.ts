import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/contract/conversations.ts';
import { contextOf } from '../../../src/main/chat/context.ts';
import { answerMessage } from '../../support/answers.ts';

const question = (text: string): Message => ({
  ...answerMessage('done', ''),
  role: 'user',
  parts: [{ type: 'text', text }],
});
const answer = (parts: Message['parts'], state: Message['state'] = 'done'): Message => ({
  ...answerMessage(state, ''),
  parts,
});

describe('what the model sees', () => {
  it('is every question and every answer, in order', () => {
    const path = [question('one'), answer([{ type: 'text', text: 'first' }]), question('two')];
    expect(contextOf(path)).toEqual([
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'first' },
      { role: 'user', content: 'two' },
    ]);
  });

  it('leaves out answers without text, and nothing else', () => {
    const path = [
      question('one'),
      answer([], 'failed'),
      question('two'),
      answer([{ type: 'thinking', text: 'hm' }], 'stopped'),
      question('three'),
      answer([{ type: 'text', text: 'half an ans' }], 'interrupted'),
      question('   '),
    ];
    expect(contextOf(path).map(({ content }) => content)).toEqual(['one', 'two', 'three', 'half an ans', '   ']);
  });

  it('does not hand back what the model thought', () => {
    const path = [
      answer([
        { type: 'thinking', text: 'secretly' },
        { type: 'text', text: 'openly' },
      ]),
    ];
    expect(contextOf(path)).toEqual([{ role: 'assistant', content: 'openly' }]);
  });
});
