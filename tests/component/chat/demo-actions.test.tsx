// Below a demo reply: looking again whether a model can answer, and what comes of it.
import { describe, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import type { AnswerSource } from '../../../src/contract/conversations.ts';
import { useNavigation } from '../../../src/renderer/lib/index.ts';
import { answerMessage, conversationOf, demoSource, questionMessage } from '../../support/answers.ts';
import { demoOnly, mainError, ollamaReady } from '../../support/fake-main.ts';
import { showChat } from './stage.tsx';

const from = (source: AnswerSource) =>
  conversationOf('A chat', [questionMessage('Why?'), answerMessage('done', 'Because.', { source })]);

describe('checking again below a demo reply', () => {
  const check = page.getByRole('button', { name: 'Check again' });

  it('tells when there is still nothing, and why', async () => {
    await showChat({ conversations: [from(demoSource)], backends: demoOnly });
    await check.click();
    await expect.element(page.getByText(/^Looked again at .*: No Ollama was found\.$/)).toBeVisible();
    await expect.element(check).toBeEnabled();
  });

  it('is not the first thing to do after it was in vain', async () => {
    await showChat({ conversations: [from({ ...demoSource, skipped: [] })], backends: demoOnly });
    const order = () => [...document.querySelectorAll('.demo-actions button')].map(({ textContent }) => textContent);
    await expect.element(check).toBeVisible();
    expect(order()).toEqual(['Check again', 'Choose another backend']);
    await check.click();
    await expect.element(page.getByText(/^Looked again at/)).toBeVisible();
    expect(order()).toEqual(['Choose another backend', 'Check again']);
    await expect.element(check).toHaveFocus();
  });

  it('offers to ask again when a model was found', async () => {
    const conversation = from(demoSource);
    const main = await showChat({ conversations: [conversation], backends: demoOnly });
    main.next.check = ollamaReady;
    await check.click();
    await expect.element(page.getByText('Ollama is ready with llama3.2 3B.')).toBeVisible();
    await page.getByRole('button', { name: 'Ask again' }).first().click();
    await vi.waitFor(() => expect(main.calls.retry).toEqual([conversation.messages[1]?.id]));
    main.answer().start();
    main.answer().say('Truly because.');
    await expect.element(page.getByText('Truly because.')).toBeVisible();
    await expect.element(page.getByText('Because.')).not.toBeInTheDocument();
  });

  it('tells when the check itself fails', async () => {
    const main = await showChat({ conversations: [from(demoSource)], backends: demoOnly });
    main.next.check = mainError({ message: 'Hearth is still starting.' });
    await check.click();
    await expect.element(page.getByText('The check failed: Hearth is still starting.')).toBeVisible();
  });

  it('leads to the backends, and is offered on the latest answer only', async () => {
    const old = answerMessage('done', 'Older.', { source: demoSource });
    const conversation = conversationOf('Two', [
      questionMessage('1'),
      old,
      questionMessage('2'),
      answerMessage('done', 'Newer.', { source: demoSource }),
    ]);
    await showChat({ conversations: [conversation], backends: demoOnly });
    await expect.element(page.getByText('Newer.')).toBeVisible();
    expect(check.elements()).toHaveLength(1);
    await page.getByRole('button', { name: 'Choose another backend' }).click();
    expect(useNavigation.getState().place).toMatchObject({ page: 'settings', section: 'backends' });
  });
});
