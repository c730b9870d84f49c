// What a chat shows while it waits, fails, or offers a choice, as axe sees it in both themes.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { ErrorCode } from '../../../src/contract/errors.ts';
import { isAnswerCode } from '../../../src/renderer/features/chat/remedy-ways.ts';
import { answerMessage, conversationOf, ollamaSource, questionMessage } from '../../support/answers.ts';
import { axeFindings } from '../../support/component/axe.ts';
import { demoOnly } from '../../support/fake-main.ts';
import { showChat } from './stage.tsx';

const composer = page.getByRole('textbox', { name: 'Message' });

beforeEach(async () => {
  await page.viewport(1280, 800);
});
afterEach(() => {
  delete document.documentElement.dataset.theme;
});

/** The title bar of the window and its other regions are not on this stage. */
const findings = () => axeFindings({ without: ['landmark-one-main', 'page-has-heading-one', 'region'] });

async function begin() {
  const main = await showChat();
  await composer.fill('What is a mutex?');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(main.calls.attach.length).toBeGreaterThan(0));
  return main.answer();
}

describe.each(['light', 'dark'])('%s', (theme) => {
  beforeEach(() => {
    document.documentElement.dataset.theme = theme;
  });

  test('an answer from the line to its end', async () => {
    const answer = await begin();
    answer.queue({ position: 2, etaMs: 9_000, thenMs: 4_000, running: 1, behind: { client: 'cli', ranForMs: 8_000 } });
    await expect.element(page.getByText('2nd in line')).toBeVisible();
    expect(await findings()).toEqual([]);
    answer.start();
    answer.load('llama3.2:3b');
    await expect.element(page.getByText(/Loading/).first()).toBeVisible();
    expect(await findings()).toEqual([]);
    answer.read({ isLate: true, expectedMs: 9_000, tokens: 4_000 }, 70_000);
    await expect.element(page.getByRole('button', { name: 'Get a smaller model' })).toBeVisible();
    expect(await findings()).toEqual([]);
    answer.think('Locks, then.');
    await vi.waitFor(() => expect(document.querySelector('.answer')?.textContent).toContain('Think'));
    expect(await findings()).toEqual([]);
    answer.say('A mutex lets *one* thread in.\n\n```js\nlock();\n```\n');
    await expect.element(page.getByText(/thread in/)).toBeVisible();
    expect(await findings()).toEqual([]);
    answer.settle({ usage: null });
    await expect.element(page.getByRole('button', { name: 'Send' })).toBeInTheDocument();
    expect(await findings()).toEqual([]);
  });

  test('an answer that was stopped, interrupted, cut, or came from elsewhere', async () => {
    const usage = {
      promptTokens: 10,
      answerTokens: 5,
      loadMs: null,
      firstTokenMs: 5,
      answerMs: 10,
      totalMs: 20,
      cut: { why: 'length' as const, limitTokens: 512 },
    };
    const away = { ...ollamaSource, kind: 'openai' as const, label: 'Studio', host: 'studio.local:1234' };
    const reason = { code: 'engine_crashed' as const, message: 'The engine stopped. Ask again.', params: {} };
    const skipped = [{ kind: 'ollama' as const, label: 'Ollama', reason }];
    const conversation = conversationOf('Ends', [
      questionMessage('One'),
      answerMessage('stopped', 'Half of'),
      questionMessage('Two'),
      answerMessage('interrupted', 'A part', { error: reason }),
      questionMessage('Three'),
      answerMessage('done', 'From elsewhere', { source: { ...away, skipped } }),
      questionMessage('Four'),
      answerMessage('done', 'Until the limit', { usage }),
    ]);
    await showChat({ conversations: [conversation] });
    await expect.element(page.getByText('Until the limit')).toBeVisible();
    expect(await findings()).toEqual([]);
  });

  test('the card of every error that an answer can end with', async () => {
    const codes = ErrorCode.options.filter(isAnswerCode);
    const messages = codes.flatMap((code) => [
      questionMessage(code),
      answerMessage('failed', '', { error: { code, message: `What happened. ${code}.`, params: {} } }),
    ]);
    await showChat({ conversations: [conversationOf('Errors', messages)] });
    await vi.waitFor(() => expect(document.querySelectorAll('.answer').length).toBe(codes.length));
    expect(await findings()).toEqual([]);
  });

  test.each(['memory_short', 'backend_unreachable', 'model_not_found'] as const)(
    'the last card and its remedies: %s',
    async (code) => {
      const error = { code, message: 'What happened. What to do.', params: { model: 'x:1b' }, detail: 'exit 1' };
      const messages = [questionMessage('Why?'), answerMessage('failed', '', { error })];
      await showChat({ conversations: [conversationOf('Error', messages)] });
      await expect.element(page.getByRole('article').last().getByRole('button').first()).toBeVisible();
      for (const details of document.querySelectorAll('details')) details.open = true;
      expect(await findings()).toEqual([]);
    },
  );

  test('the menu of models', async () => {
    await showChat();
    await page.getByRole('button', { name: /^Model:/ }).click();
    await expect.element(page.getByRole('menu')).toBeVisible();
    expect(await findings()).toEqual([]);
  });

  test('a chat that only the demo can answer', async () => {
    await showChat({ backends: demoOnly });
    await expect.element(composer).toBeVisible();
    expect(await findings()).toEqual([]);
  });
});
