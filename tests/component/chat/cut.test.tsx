// What is said of an answer that ended before its model was finished.
import { describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { AnswerCut } from '../../../src/contract/conversations.ts';
import { answerMessage, conversationOf, demoSource, ollamaSource, questionMessage } from '../../support/answers.ts';
import { demoOnly } from '../../support/fake-main.ts';
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

  it('goes on by one click: its text stays, and it says what it waits for', async () => {
    const main = await showChat({ conversations: [cutAnswer({ why: 'length', limitTokens: 3 })] });
    await page.getByRole('button', { name: 'Go on' }).click();
    await vi.waitFor(() => expect(main.calls.goOn).toHaveLength(1));
    const answer = main.answer();
    await expect.element(page.getByText('Because')).toBeVisible();
    answer.start(ollamaSource);
    answer.read({ tokens: 400 });
    await expect.element(page.getByText(/Ollama is reading about 400 tokens/).first()).toBeVisible();
    await expect.element(page.getByText('Because')).toBeVisible();
    answer.say(' it is.');
    await expect.element(page.getByText('Because it is.')).toBeVisible();
    await expect.element(page.getByText(/Ollama is reading/)).not.toBeInTheDocument();
    answer.settle({ usage });
    await expect.element(page.getByRole('button', { name: 'Go on' })).not.toBeInTheDocument();
    await expect.element(page.getByTestId('announcer')).toMatchTextContent(/Answer finished/);
  });

  it('goes on by keyboard where it was stopped or interrupted', async () => {
    const stopped = answerMessage('stopped', 'Because', { source: ollamaSource });
    const main = await showChat({
      conversations: [conversationOf('A chat', [questionMessage('Why?'), stopped])],
    });
    page.getByRole('button', { name: 'Go on' }).element().focus();
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(main.calls.goOn).toEqual([stopped.id]));
    const answer = main.answer();
    const error = { code: 'interrupted', message: 'Hearth was closed.', params: {} } as const;
    answer.settle({ state: 'interrupted', error });
    await page.getByRole('button', { name: 'Go on' }).click();
    await vi.waitFor(() => expect(main.calls.goOn).toHaveLength(2));
  });

  it('offers nothing where nothing could go on, and says why', async () => {
    const parts = [
      [answerMessage('stopped', '', { source: ollamaSource }), 'You stopped this answer before it began.'],
      [answerMessage('stopped', 'Because', { source: demoSource }), 'A demo reply can’t be carried on.'],
      [
        answerMessage('interrupted', 'Because', { source: { ...ollamaSource, kind: 'query', label: 'My service' } }),
        'My service sees only the question, so it can’t carry an answer on.',
      ],
    ] as const;
    for (const [part, words] of parts) {
      await showChat({ conversations: [conversationOf('A chat', [questionMessage('Why?'), part])] });
      await expect.element(page.getByText(words).last()).toBeVisible();
      expect(page.getByRole('button', { name: 'Go on' }).elements()).toEqual([]);
    }
  });

  it('is carried on further up, too, and what followed stays beside it', async () => {
    const stopped = answerMessage('stopped', 'Because', { source: ollamaSource });
    const chat = conversationOf('A chat', [
      questionMessage('Why?'),
      stopped,
      questionMessage('And how?'),
      answerMessage('done', 'So.'),
    ]);
    const main = await showChat({ conversations: [chat] });
    await page.getByRole('button', { name: 'Go on' }).click();
    await vi.waitFor(() => expect(main.calls.goOn).toEqual([stopped.id]));
    await expect.element(page.getByRole('group', { name: 'Answer 2 of 2' })).toBeVisible();
    await expect.element(page.getByText('So.')).not.toBeInTheDocument();
    await page.getByRole('button', { name: 'Previous answer' }).click();
    await expect.element(page.getByText('So.')).toBeVisible();
  });

  it('says who would go on where that is not who wrote it, and where nobody could', async () => {
    const gone = { ...ollamaSource, label: 'studio', host: 'studio.local:8000', kind: 'openai' } as const;
    const chat = () =>
      conversationOf('A chat', [questionMessage('Why?'), answerMessage('stopped', 'Because', { source: gone })]);
    const main = await showChat({ conversations: [chat()] });
    await expect.element(page.getByText('llama3.2 3B on Ollama would go on.')).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Go on' })).toBeVisible();
    main.setBackends(demoOnly);
    await expect.element(page.getByText('Nothing here can carry it on now.')).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Go on' })).not.toBeInTheDocument();
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
