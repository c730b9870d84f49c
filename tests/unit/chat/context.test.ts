// What of a conversation goes to a model.
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/contract/conversations.ts';
import type { ErrorInfo } from '../../../src/contract/errors.ts';
import { contextOf } from '../../../src/main/chat/context.ts';
import { inTurn } from '../../../src/main/chat/roles.ts';
import { errorInfo } from '../../../src/main/errors/index.ts';
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

const demoSource = { kind: 'demo' as const, url: 'demo:', label: 'Demo', model: null, host: null, skipped: [] };

describe('what the model sees', () => {
  it('is every question and every answer, in order', () => {
    const path = [question('one'), answer([{ type: 'text', text: 'first' }]), question('two')];
    expect(contextOf(path)).toEqual([
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'first' },
      { role: 'user', content: 'two' },
    ]);
  });

  it('leaves out answers without text, and keeps what the user has seen of the others', () => {
    const path = [
      question('one'),
      answer([], 'failed'),
      question('two'),
      answer([{ type: 'thinking', text: 'hm' }], 'stopped'),
      question('three'),
      answer([{ type: 'text', text: 'half an ans' }], 'interrupted'),
      question('four'),
      answer([{ type: 'text', text: 'a pie' }], 'stopped'),
      question('five'),
    ];
    expect(inTurn(contextOf(path)).map(({ content }) => content)).toEqual([
      'one\n\ntwo\n\nthree',
      'half an ans',
      'four',
      'a pie',
      'five',
    ]);
  });

  it('never is a reply of the demo, in whatever state', () => {
    for (const state of ['done', 'stopped', 'interrupted', 'streaming'] as const) {
      const reply = { ...answer([{ type: 'text', text: 'This is a sample.' }], state), source: demoSource };
      expect(contextOf([question('one'), reply, question('two')]).map(({ content }) => content)).toEqual([
        'one',
        'two',
      ]);
    }
  });

  it('is no question that a server refused, also where the demo answered it then', () => {
    const refused = errorInfo('backend_failed', { backend: 'vLLM', reason: 'too long' });
    const away = errorInfo('backend_unreachable', { backend: 'vLLM', host: 'x' });
    const failed = (error: ErrorInfo) => ({ ...answer([], 'failed'), error });
    const stoodIn = (reason: ErrorInfo) => ({
      ...answer([{ type: 'text', text: 'This is a sample.' }]),
      source: { ...demoSource, skipped: [{ kind: 'openai' as const, label: 'vLLM', reason }] },
    });
    for (const reply of [failed(refused), stoodIn(refused)])
      expect(contextOf([question('one'), reply, question('two')])).toEqual([{ role: 'user', content: 'two' }]);
    for (const reply of [failed(away), stoodIn(away)])
      expect(contextOf([question('one'), reply, question('two')])).toHaveLength(2);
    // Asked again, it is what is asked.
    expect(contextOf([question('one')])).toEqual([{ role: 'user', content: 'one' }]);
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
