// Messages in the order that strict chat templates take, whatever the history holds.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../../src/main/backends/index.ts';
import { inTurn } from '../../../src/main/chat/roles.ts';
import { breachOfRoles } from '../../support/strict-template.ts';

const user = (content: string): ChatMessage => ({ role: 'user', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });
const system = (content: string): ChatMessage => ({ role: 'system', content });

describe('in turn', () => {
  it.each<[string, ChatMessage[], ChatMessage[]]>([
    ['what alternates stays', [user('a'), assistant('b'), user('c')], [user('a'), assistant('b'), user('c')]],
    ['unanswered questions are one', [user('a'), user('b')], [user('a\n\nb')]],
    ['a question asked again counts once', [user('a'), user(' a\n'), user('a')], [user('a')]],
    ['also with another between', [user('a'), user('b'), user('a')], [user('b\n\na')]],
    [
      'the same question after its answer is asked anew',
      [user('a'), assistant('b'), user('a')],
      [user('a'), assistant('b'), user('a')],
    ],
    [
      'answers in a row are one',
      [user('a'), assistant('b'), assistant('b'), user('c')],
      [user('a'), assistant('b\n\nb'), user('c')],
    ],
    ['an answer to nothing is left out', [assistant('b'), user('c')], [user('c')]],
    ['empty ones are left out', [user('a'), assistant(' \n'), user(''), user('c')], [user('a\n\nc')]],
    [
      'what the system says is one, and first',
      [system('x'), user('a'), system(''), system('y')],
      [system('x\n\ny'), user('a')],
    ],
  ])('%s', (_what, given, expected) => {
    expect(inTurn(given)).toEqual(expected);
  });

  it('half a character is told as the sign for one', () => {
    expect(inTurn([user('a'), assistant('so \ud83d'), user('b')])[1]).toEqual(assistant('so \ufffd'));
  });

  it('calls and results of tools keep their places', () => {
    const call = { id: null, name: 'time', arguments: {} };
    const given: ChatMessage[] = [
      user('a'),
      { role: 'assistant', content: '', toolCalls: [call, call] },
      { role: 'tool', content: '12:00', toolName: 'time' },
      { role: 'tool', content: '', toolName: 'time' },
      assistant('Noon.'),
      user('b'),
    ];
    expect(inTurn(given)).toEqual(given);
  });

  it('images go along with the question that they were shown with', () => {
    expect(
      inTurn([
        { ...user('a'), images: ['x'] },
        { ...user(''), images: ['y'] },
      ]),
    ).toEqual([{ ...user('a'), images: ['x', 'y'] }]);
  });

  it('whatever the messages, a strict template takes them and no question is lost', () => {
    const role = fc.constantFrom('system' as const, 'user' as const, 'assistant' as const);
    const content = fc.oneof(
      fc.constantFrom('', ' \n', 'again'),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.constant('\udc00 half'),
    );
    const messages = fc.array(fc.record({ role, content }), { maxLength: 14 });
    fc.assert(
      fc.property(
        messages,
        fc.string({ minLength: 1 }).filter((text) => text.trim() !== ''),
        (before, question) => {
          const given = [...before, user(question)];
          const sent = inTurn(given);
          expect(breachOfRoles(sent)).toBeNull();
          expect(sent.at(-1)).toMatchObject({ role: 'user' });
          expect(sent.at(-1)?.content.endsWith(question)).toBe(true);
          // Nothing that was said is lost.
          const first = given.findIndex((one) => one.role === 'user' && one.content.trim() !== '');
          for (const [at, { role: who, content: said }] of given.entries()) {
            if (said.trim() === '' || (who === 'assistant' && at < first)) continue;
            expect(sent.some((one) => one.role === who && one.content.includes(said.trim().toWellFormed()))).toBe(true);
          }
          expect(sent.every((one) => one.content.isWellFormed())).toBe(true);
          expect(inTurn(sent)).toEqual(sent);
        },
      ),
      { numRuns: 500 },
    );
  });
});
