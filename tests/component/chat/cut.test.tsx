// What is said of an answer that ended before its model was finished.
import { describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { AnswerCut } from '../../../src/contract/conversations.ts';
import { answerMessage, conversationOf, ollamaSource, questionMessage } from '../../support/answers.ts';
import { showChat } from './stage.tsx';

describe('an answer that was cut', () => {
  const usage = { promptTokens: 9, answerTokens: 3, loadMs: null, firstTokenMs: 9, answerMs: 9, totalMs: 18 };
  const cutAnswer = (cut: AnswerCut) =>
    conversationOf('A chat', [
      questionMessage('Why?'),
      answerMessage('done', 'Because', { source: ollamaSource, usage: { ...usage, cut } }),
    ]);

  it.each([
    [{ why: 'length', limitTokens: 4_096 }, `Cut at ${(4_096).toLocaleString()} tokens.`],
    [{ why: 'length', limitTokens: null }, 'Cut at the limit of its length.'],
    [{ why: 'context', limitTokens: 8_192 }, 'The model’s memory for one chat was full.'],
    [{ why: 'repetition', limitTokens: null }, 'It began to repeat itself, so Hearth stopped it.'],
  ] as const)('%o says so below it and in its details', async (cut, words) => {
    await showChat({ conversations: [cutAnswer(cut)] });
    await expect.element(page.getByText(words)).toBeVisible();
    await page.getByRole('button', { name: /Details of this answer$/ }).click();
    await expect.element(page.getByRole('dialog').getByText(words)).toBeVisible();
  });

  it('is told to screen readers as one that is not finished', async () => {
    const main = await showChat();
    await page.getByRole('textbox', { name: 'Message' }).fill('Why?');
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(main.calls.attach).toHaveLength(1));
    const answer = main.answer();
    answer.start(ollamaSource);
    answer.say('Because it');
    answer.settle({ usage: { ...usage, cut: { why: 'length', limitTokens: 3 } } });
    await expect
      .element(page.getByTestId('announcer'))
      .toMatchTextContent(/Answer not finished, 2 words\. Cut at 3 tokens\./);
  });
});
