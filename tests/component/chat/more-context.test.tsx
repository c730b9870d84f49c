// More context for a model that had too little: the button, its price, and what stands there where it can't have more.
import { describe, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import type { AnswerUsage } from '../../../src/contract/conversations.ts';
import { answerMessage, conversationOf, ollamaSource, questionMessage } from '../../support/answers.ts';
import { showChat } from './stage.tsx';

const params = { model: 'llama3.2:3b', set: 4_096, needed: 5_000, can: 131_072 };
const can = { type: 'can', tokens: 8_192, moreBytes: 500_000_000 } as const;

/** In a chat that has an answer before. */
function refused(extra: Record<string, string> = {}) {
  const error = {
    code: 'context_too_small' as const,
    message: 'It may hold 4096 tokens.',
    params: { ...params, ...extra },
  };
  return conversationOf('A chat', [
    questionMessage('Short?'),
    answerMessage('done', 'Yes.'),
    questionMessage('Long?'),
    answerMessage('failed', '', { source: ollamaSource, error }),
  ]);
}

function cut(usage: Partial<AnswerUsage>) {
  const none = { promptTokens: 9, answerTokens: 3, loadMs: null, firstTokenMs: 9, answerMs: 9, totalMs: 18 };
  return conversationOf('A chat', [
    questionMessage('Long?'),
    answerMessage('done', 'Because', { source: ollamaSource, usage: { ...none, ...usage } }),
  ]);
}

describe('a question that was too long', () => {
  it('is asked again with more, at a press, with its price', async () => {
    const conversation = refused();
    const main = await showChat({ conversations: [conversation], room: can });
    await expect.element(page.getByText('Takes about 500 MB more memory.')).toBeVisible();
    await page.getByRole('button', { name: `Allow ${(8_192).toLocaleString()} tokens` }).click();
    await vi.waitFor(() => expect(main.calls.retry).toEqual([conversation.messages[3]?.id]));
    const input = (name: string) => main.asked.find((one) => one.name === name)?.input;
    expect(input('models.contextRoom')).toMatchObject({
      name: ollamaSource.model,
      setTokens: 4_096,
      neededTokens: 5_000,
    });
    expect(input('models.allowContext')).toMatchObject({ name: ollamaSource.model, engine: 'ollama', tokens: 8_192 });
  });

  it('says why, where memory has no room for more', async () => {
    const room = { type: 'memory', tokens: 8_192, needBytes: 6e9, freeBytes: 3e9 } as const;
    await showChat({ conversations: [refused()], room });
    await expect
      .element(page.getByText(/There is no memory for 8.192 tokens: it needs 6(\.0)?\sGB, and 3(\.0)?\sGB is free\./))
      .toBeVisible();
    await expect.element(page.getByRole('button', { name: /Allow/ })).not.toBeInTheDocument();
  });

  it('leads to a new chat, where the model was not made for more', async () => {
    await showChat({ conversations: [refused()], room: { type: 'model', canTokens: 4_096 } });
    await expect.element(page.getByRole('article').getByRole('button', { name: 'Ask in a new chat' })).toBeVisible();
    await expect.element(page.getByRole('button', { name: /Allow/ })).not.toBeInTheDocument();
  });

  it('offers no more where a server elsewhere sets the limit', async () => {
    const main = await showChat({ conversations: [refused({ context: 'elsewhere' })], room: can });
    await expect.element(page.getByRole('article').getByRole('button', { name: 'Change the question' })).toBeVisible();
    expect(main.asked.map(({ name }) => name)).not.toContain('models.contextRoom');
  });

  it('says what went wrong when it could not be allowed', async () => {
    const main = await showChat({ conversations: [refused()], room: can });
    main.failNext('models.allowContext', 'The settings could not be saved.');
    await page.getByRole('button', { name: /Allow/ }).click();
    await expect.element(page.getByRole('alert').getByText('The settings could not be saved.')).toBeVisible();
    expect(main.calls.retry).toEqual([]);
  });
});

describe('below an answer', () => {
  it.each([
    ['whose prompt was cut', { wasPromptCut: true as const, contextTokens: 4_096 }],
    ['that the context had no room for', { cut: { why: 'context' as const, limitTokens: 4_096 } }],
  ])('%s the context can be enlarged', async (_which, usage) => {
    const main = await showChat({ conversations: [cut(usage)], room: can });
    await page.getByRole('button', { name: `Enlarge to ${(8_192).toLocaleString()}` }).click();
    await vi.waitFor(() => expect(main.calls.retry).toHaveLength(1));
  });

  it.each([
    ['that is whole', {}],
    ['that was cut at its length', { cut: { why: 'length' as const, limitTokens: 4_096 } }],
  ])('%s nobody asks', async (_which, usage) => {
    const main = await showChat({ conversations: [cut(usage)], room: can });
    await expect.element(page.getByText('Because')).toBeVisible();
    expect(main.asked.map(({ name }) => name)).not.toContain('models.contextRoom');
  });
});
