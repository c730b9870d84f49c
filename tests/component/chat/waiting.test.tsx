// What stands where an answer will be, and what is told while nothing comes.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { showChat } from './stage.tsx';

afterEach(() => void vi.useRealTimers());

/** Asks in a fresh chat and gives back the answer that main plays. */
async function begin() {
  const main = await showChat();
  await page.getByRole('textbox', { name: 'Message' }).fill('Why?');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(main.calls.attach).toHaveLength(1));
  return { main, answer: main.answer() };
}

describe('waiting for an answer', () => {
  it('shows the place in the queue and cancels', async () => {
    const { main, answer } = await begin();
    answer.queue({ position: 2, etaMs: 20_000, running: 1 });
    await expect.element(page.getByRole('status')).toHaveTextContent('2nd in line, about 20 s');
    expect(document.querySelectorAll('.queue-dots .dot')).toHaveLength(3);
    answer.queue({ position: 2, etaMs: 19_000, running: 1 });
    await expect.element(page.getByText(/, about 19 s/)).toBeInTheDocument();
    await expect.element(page.getByRole('status')).toHaveTextContent('2nd in line, about 20 s');
    answer.queue({ position: 1, etaMs: 9_000, running: 1 });
    await expect.element(page.getByRole('status')).toHaveTextContent('Next in line, about 9 s');
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(main.calls.stop).toEqual([answer.id]);
    answer.settle({ state: 'stopped' });
    await expect.element(page.getByText('You stopped this answer before it began.')).toBeVisible();
  });

  it('says what the engine does before the first word', async () => {
    const { answer } = await begin();
    answer.start();
    await expect.element(page.getByRole('status')).toHaveTextContent('Waiting for Ollama');
    answer.load('llama3.2:3b');
    await expect.element(page.getByRole('status')).toHaveTextContent('Loading llama3.2 3B into memory');
    await expect.element(page.getByText(/into memory, \d+ s so far/)).toBeInTheDocument();
    answer.say('Now.');
    await expect.element(page.getByText('Now.')).toBeVisible();
    await expect.element(page.getByText(/into memory/)).not.toBeInTheDocument();
  });

  it('says that the prompt is being read, how much it is, for how long, and of about how long', async () => {
    const { answer } = await begin();
    answer.start();
    answer.load('llama3.2:3b');
    answer.read({ expectedMs: 40_000 }, 12_000);
    await expect.element(page.getByText(/is reading about 1,300 tokens, 1\d s of about 40 s/)).toBeVisible();
    await expect.element(page.getByRole('status')).toHaveTextContent('Ollama is reading about 1,300 tokens');
    answer.read({ readTokens: 600, expectedMs: 40_000 }, 20_000);
    await expect.element(page.getByText(/has read 600 of 1,300 tokens, 2\d s of about 40 s/)).toBeVisible();
    answer.say('Now.');
    await expect.element(page.getByText('Now.')).toBeVisible();
    await expect.element(page.getByText(/tokens/)).not.toBeInTheDocument();
  });

  it('says what is longer than usual and why, with ways out', async () => {
    const { main, answer } = await begin();
    answer.start();
    answer.read({ isLate: true, behind: 'stopped', expectedMs: 9_000 }, 70_000);
    await expect
      .element(page.getByText(/still busy with a stopped question, 7\d s so far, longer than usual/))
      .toBeVisible();
    answer.read({ isLate: true, behind: 'others' }, 70_000);
    await expect
      .element(page.getByRole('status'))
      .toHaveTextContent('Ollama may be busy with another program, longer than usual');
    await expect.element(page.getByRole('button', { name: 'Get a smaller model' })).toBeVisible();
    await page.getByRole('button', { name: 'Stop, and start a new chat' }).click();
    expect(main.calls.stop).toEqual([answer.id]);
    await expect.element(page.getByRole('heading', { name: 'What would you like to work on?' })).toBeVisible();
  });

  it('says in line what the engine is busy with, and when that takes longer than expected', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { answer } = await begin();
    answer.queue({ position: 1, etaMs: 9_000, running: 1, busyWith: 'reading' });
    const status = page.getByRole('status');
    await expect.element(status).toHaveTextContent('Next in line, about 9 s, while the engine reads a long question');
    vi.setSystemTime(Date.now() + 4_000);
    await expect.element(page.getByText(/about [345] s/)).toBeVisible();
    vi.setSystemTime(Date.now() + 6_000);
    await expect
      .element(status)
      .toHaveTextContent('Next in line, longer than usual, while the engine reads a long question');
    answer.queue({ position: 2, etaMs: 20_000, thenMs: 20_000, running: 1, isLate: true });
    await expect.element(status).toHaveTextContent('2nd in line, longer than usual, then about 20 s');
  });

  it('says behind whose answer it waits, and for how long that has run', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { answer } = await begin();
    const place = { position: 1, etaMs: null, running: 1 };
    answer.queue({ ...place, behind: { client: 'cli', ranForMs: 8_000 } });
    await expect.element(page.getByText('behind a question from a terminal or another program')).toBeVisible();
    await expect.element(page.getByText('for 8 s')).toBeVisible();
    vi.setSystemTime(Date.now() + 5_000);
    await expect.element(page.getByText(/^for 1[34] s$/)).toBeVisible();
    answer.queue({ ...place, behind: { client: 'window', ranForMs: 1_000 } });
    await expect.element(page.getByRole('status')).toHaveTextContent('Next in line, behind the answer in another chat');
    answer.queue({ ...place, behind: { client: 'background', ranForMs: 1_000 } });
    await expect.element(page.getByText('behind work in the background', { exact: true })).toBeVisible();
  });

  it('says in the middle of an answer that nothing arrives, until the next word', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { answer } = await begin();
    answer.start();
    answer.say('One');
    await expect.element(page.getByText('One')).toBeVisible();
    vi.setSystemTime(Date.now() + 20_000);
    await expect.element(page.getByText(/Nothing has arrived for 2\d s/)).toBeVisible();
    answer.say(' two');
    await expect.element(page.getByText(/Nothing has arrived/)).not.toBeInTheDocument();
  });

  it('offers ways out where nothing is known of a long wait', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { answer } = await begin();
    answer.start();
    vi.setSystemTime(Date.now() + 31_000);
    await expect.element(page.getByText(/Waiting for Ollama, 3\d s so far, longer than usual/)).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Get a smaller model' })).toBeVisible();
  });

  it('folds what the model thinks into one line that opens', async () => {
    const { answer } = await begin();
    answer.start();
    answer.think('Two dates matter.');
    const thought = page.getByRole('button', { name: /^Thinking/ });
    await expect.element(thought).toHaveAttribute('aria-expanded', 'false');
    // It moves while it goes on, with the beat of the window.
    expect(thought.element().querySelector('.dot.live')).not.toBeNull();
    await thought.click();
    await expect.element(page.getByText('Two dates matter.')).toBeVisible();
    answer.say('The first.');
    await expect.element(page.getByRole('button', { name: /^Thought for \d+ s$/ })).toBeVisible();
    expect(document.querySelector('.thought .dot')).toBeNull();
    answer.settle();
    await expect
      .element(page.getByRole('button', { name: /^Thought for \d+ s$/ }))
      .toHaveAttribute('aria-expanded', 'true');
  });
});
