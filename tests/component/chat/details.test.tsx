// What is told of an answer's making and of a question's tone, by a press; and what is asked while one waits.
import { describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { AnswerSource, Emotion, Message } from '../../../src/contract/conversations.ts';
import { openChats, useNavigation } from '../../../src/renderer/lib/index.ts';
import { answerMessage, conversationOf, ollamaSource, questionMessage } from '../../support/answers.ts';
import { showChat } from './stage.tsx';

const details = page.getByRole('button', { name: /Details of this answer$/ });
const panel = page.getByRole('dialog', { name: 'About this answer' });
const value = (name: string) => {
  const term = [...document.querySelectorAll('dt')].find((one) => one.textContent === name);
  return term?.nextElementSibling?.textContent;
};
const SLOW = {
  kind: 'ollama' as const,
  label: 'Ollama',
  reason: {
    code: 'backend_first_token_timeout' as const,
    message: 'Ollama did not start an answer within 10 s. It may be busy.',
    params: {},
  },
};
const STUDIO: AnswerSource = {
  kind: 'openai',
  url: 'http://studio.local:1234/v1#big-70b',
  label: 'Studio',
  model: 'big-70b',
  host: 'studio.local:1234',
  skipped: [SLOW],
};
const usage = {
  promptTokens: 1_204,
  answerTokens: 128,
  loadMs: 2_000,
  firstTokenMs: 2_400,
  answerMs: 4_000,
  totalMs: 6_400,
};
const withAnswer = (more: Partial<Message>) =>
  conversationOf('A chat', [questionMessage('Why?'), answerMessage('done', 'Because.', more)]);

describe('the details of an answer', () => {
  it('tell who wrote it, where, why not the first choice, and what it took; keys reach them', async () => {
    await showChat({ conversations: [withAnswer({ source: STUDIO, usage })] });
    await vi.waitFor(() => details.element());
    details.element().focus();
    await userEvent.keyboard('{Enter}');
    await expect.element(panel).toBeVisible();
    await expect.element(details).toHaveAttribute('aria-expanded', 'true');
    expect(value('Backend')).toBe('Studio');
    expect(value('Model')).toBe('big-70b');
    expect(value('Where')).toBe('Your network');
    expect(value('Server')).toBe('studio.local:1234');
    expect(value('Address')).toBe('http://studio.local:1234/v1#big-70b');
    expect(value('Tokens read')).toBe((1_204).toLocaleString());
    expect(value('Tokens written')).toBe('128');
    expect(value('Speed')).toBe('32 tokens/s');
    expect(value('Loading the model')).toBe('2.0 s');
    expect(value('Altogether')).toBe('6.4 s');
    await expect.element(panel).toMatchTextContent(/Ollama did not start an answer within 10 s\. It may be busy\./);
    await userEvent.keyboard('{Escape}');
    await expect.element(panel).not.toBeInTheDocument();
    await expect.element(details).toHaveFocus();
  });

  it('say how many facts were used, with the way to them', async () => {
    await showChat({ conversations: [withAnswer({ factsUsed: 3 })] });
    await details.click();
    await expect.element(panel).toMatchTextContent(/Used 3 things Hearth remembers\./);
    expect(value('Where')).toBe('This computer');
    await page.getByRole('button', { name: 'See Memory' }).click();
    expect(useNavigation.getState().place).toMatchObject({ page: 'settings', section: 'memory' });
    openChats();
  });

  it('are closed by the press that opened them, and by none that is not there: an answer without a source has none', async () => {
    await showChat({ conversations: [withAnswer({})] });
    await details.click();
    await expect.element(panel).toBeVisible();
    await details.click();
    await expect.element(panel).not.toBeInTheDocument();
  });

  it('are missing where nobody was asked', async () => {
    const nobody = answerMessage('failed', '', { source: null });
    await showChat({ conversations: [conversationOf('A', [questionMessage('Q'), nobody])] });
    await expect.element(page.getByText('No answer came')).toBeVisible();
    expect(details.elements()).toEqual([]);
  });
});

describe('badges of every kind', () => {
  it.each([
    ['via MLX', { ...ollamaSource, kind: 'mlx' as const, label: 'MLX', host: null }],
    ['via Studio · studio.local', { ...STUDIO, skipped: [] }],
    [
      'via Ask · ask.example.org',
      { ...STUDIO, kind: 'query' as const, label: 'Ask', host: 'ask.example.org', skipped: [] },
    ],
    ['via studio.local', { ...STUDIO, label: 'studio.local' }],
    ['via LM Studio', { ...STUDIO, label: 'LM Studio', host: '127.0.0.1:1234' }],
  ])('%s', async (badge, source) => {
    await showChat({ conversations: [withAnswer({ source })] });
    await expect.element(page.getByRole('article', { name: `${badge}, Hearth` })).toBeVisible();
  });
});

describe('the tone of a question', () => {
  const emotion: Emotion = { label: 'joy', confidence: 0.834, source: { ...ollamaSource, label: 'Ollama' } };
  const tone = page.getByRole('button', { name: 'About this message' });

  it('is in its details, with who judged it', async () => {
    const question = questionMessage('Wonderful!', { emotion });
    await showChat({ conversations: [conversationOf('A', [question, answerMessage('done', 'Yes.')])] });
    await tone.click();
    await expect.element(page.getByRole('dialog', { name: 'About this message' })).toBeVisible();
    expect(value('Tone')).toBe('Joy');
    expect(value('Confidence')).toBe('83 %');
    expect(value('Backend')).toBe('Ollama');
    expect(value('Model')).toBe('llama3.2:3b');
  });

  it('appears when it has been judged, where that is on', async () => {
    const conversation = conversationOf('A', [questionMessage('Wonderful!'), answerMessage('done', 'Yes.')]);
    const main = await showChat({
      conversations: [conversation],
      settings: { purposes: { emotion: { isOn: true, backend: null, model: null } } },
    });
    await expect.element(page.getByText('Yes.')).toBeVisible();
    expect(tone.elements()).toEqual([]);
    const [question] = conversation.messages;
    if (!question) throw new Error('no question');
    main.learn(question, { emotion });
    await expect.element(tone).toBeInTheDocument();
  });
});

describe('waiting for a stand-in', () => {
  it('says why the one before did not answer, who is asked now, and how long', async () => {
    const main = await showChat();
    await page.getByRole('textbox', { name: 'Message' }).fill('Why?');
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(main.calls.attach).toHaveLength(1));
    main.answer().start();
    await expect.element(page.getByRole('status')).toHaveTextContent('Waiting for Ollama');
    main
      .answer()
      .start({ ...ollamaSource, kind: 'openai', label: 'LM Studio', url: 'http://127.0.0.1:1/v1', skipped: [SLOW] });
    await expect
      .element(page.getByRole('status'))
      .toHaveTextContent('Ollama did not start an answer within 10 s. Asking LM Studio');
    await expect.element(page.getByText(/Asking LM Studio, \d+ s so far$/), { timeout: 8_000 }).toBeVisible();
    main.answer().load('llama3.3:70b');
    await expect.element(page.getByText(/^Loading llama3.3 70B into memory, [1-9] s so far$/)).toBeVisible();
  });
});
