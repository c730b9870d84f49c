// The versions of an answer: the switcher, its keys, what is said, and that the place on the screen holds.
import { describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { answerMessage, conversationOf, demoSource, ollamaSource, questionMessage } from '../../support/answers.ts';
import { showChat } from './stage.tsx';

const gemma = { ...ollamaSource, model: 'gemma3:4b' };
const long = Array.from({ length: 40 }, (_, number) => `Paragraph ${number}.`).join('\n\n');

/** A question with two answers; the second is shown. */
async function answeredTwice(first = 'Water.', second = 'Salt.') {
  const chat = conversationOf('A chat', [questionMessage('What is the sea?'), answerMessage('done', first)]);
  const main = await showChat({ conversations: [chat] });
  await page.getByRole('button', { name: 'Ask again' }).click();
  await vi.waitFor(() => expect(main.calls.retry).toHaveLength(1));
  const answer = main.answer();
  answer.start(gemma);
  answer.say(second);
  answer.settle();
  await expect.element(page.getByText(second.split('\n')[0]!).first()).toBeVisible();
  return { main, id: chat.id, firstId: chat.messages[1]!.id, secondId: answer.id };
}

const switcher = (name: string) => page.getByRole('group', { name });
const before = page.getByRole('button', { name: 'Previous answer' });
const after = page.getByRole('button', { name: 'Next answer' });
const said = page.getByTestId('version-announcer');

describe('the switcher', () => {
  it('is not there for the only answer, and there at once when it is asked again', async () => {
    const chat = conversationOf('A chat', [questionMessage('Why?'), answerMessage('done', 'Because.')]);
    const main = await showChat({ conversations: [chat] });
    await expect.element(page.getByText('Because.')).toBeVisible();
    expect(before.elements()).toEqual([]);
    await page.getByRole('button', { name: 'Ask again' }).click();
    await expect.element(switcher('Answer 2 of 2')).toBeVisible();
    // The new one still waits, and the one before is one press away.
    await before.click();
    await expect.element(page.getByText('Because.')).toBeVisible();
    await expect.element(page.getByText('Answer 2 is being written')).toBeVisible();
    main.answer().start();
    main.answer().say('For that.');
    main.answer().settle();
    await expect.element(page.getByText('Answer 2 is being written')).not.toBeInTheDocument();
    await after.click();
    await expect.element(page.getByText('For that.')).toBeVisible();
  });

  it('shows each with its model, says so, and keeps the focus', async () => {
    await answeredTwice();
    await expect.element(page.getByText(/gemma3 4B on Ollama/).first()).toBeVisible();
    before.element().focus();
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByText('Water.')).toBeVisible();
    await expect.element(page.getByText('Salt.')).not.toBeInTheDocument();
    await expect.element(said).toMatchTextContent('Answer 1 of 2, llama3.2 3B on Ollama');
    await expect.element(before).toHaveFocus();
    await expect.element(before).toHaveAttribute('aria-disabled', 'true');
    await userEvent.keyboard('{Tab}{Enter}');
    await expect.element(page.getByText('Salt.')).toBeVisible();
    await expect.element(said).toMatchTextContent('Answer 2 of 2, gemma3 4B on Ollama');
    await expect.element(after).toHaveFocus();
  });

  it('leaves a running answer, which runs on, and comes back to it with all of its words', async () => {
    const chat = conversationOf('A chat', [questionMessage('Why?'), answerMessage('done', 'Because.')]);
    const main = await showChat({ conversations: [chat] });
    await page.getByRole('button', { name: 'Ask again' }).click();
    await vi.waitFor(() => expect(main.calls.attach).toHaveLength(1));
    main.answer().start();
    main.answer().say('For ');
    await expect.element(page.getByText('For')).toBeVisible();
    await before.click();
    await expect.element(page.getByText('Because.')).toBeVisible();
    // Nothing of what is shown runs: one can ask.
    await expect.element(page.getByRole('button', { name: 'Stop' })).not.toBeInTheDocument();
    main.answer().say('that ');
    await after.click();
    await expect.element(page.getByText('For that')).toBeVisible();
    await expect.element(said).toMatchTextContent('Answer 2 of 2, being written');
    expect(main.calls.stop).toEqual([]);
    await expect.element(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  });

  it('stands below an answer that failed, one that was stopped, and a demo reply', async () => {
    const { main } = await answeredTwice();
    const error = { code: 'stream_cut', message: 'It broke off.', params: {} } as const;
    for (const [number, more] of [
      [3, { state: 'failed', error }],
      [4, { state: 'stopped' }],
      [5, { source: demoSource }],
    ] as const) {
      await page.getByRole('group', { name: 'About this answer' }).getByRole('button', { name: 'Ask again' }).click();
      await vi.waitFor(() => expect(main.calls.retry).toHaveLength(number - 1));
      await expect.element(switcher(`Answer ${number} of ${number}`)).toBeVisible();
      main.answer().settle(more);
      await expect.element(page.getByRole('group', { name: 'About this answer' })).toBeVisible();
    }
    for (let presses = 0; presses < 4; presses += 1) await before.click();
    await expect.element(page.getByText('Water.')).toBeVisible();
  });

  it('says why when main refuses, and stays where it was', async () => {
    const { main } = await answeredTwice();
    main.next.showVersion = new Error('The disk is gone.');
    await before.click();
    await expect.element(page.getByRole('alert')).toBeVisible();
    await expect.element(page.getByText('Salt.')).toBeVisible();
    await before.click();
    await expect.element(page.getByText('Water.')).toBeVisible();
  });
});

describe('Alt+Left and Alt+Right', () => {
  it('work from the composer, one version a press however fast, and say where one is at the ends', async () => {
    const { main, firstId } = await answeredTwice();
    await page.getByRole('button', { name: 'Ask again' }).click();
    await vi.waitFor(() => expect(main.calls.retry).toHaveLength(2));
    main.answer().start();
    main.answer().say('Fish.');
    main.answer().settle();
    await expect.element(page.getByText('Fish.')).toBeVisible();
    await page.getByRole('textbox', { name: 'Message' }).click();
    let open = () => {};
    main.next.showGate = new Promise((resolve) => (open = resolve));
    await userEvent.keyboard('{Alt>}{ArrowLeft}{ArrowLeft}{/Alt}');
    open();
    await expect.element(page.getByText('Water.')).toBeVisible();
    expect(main.calls.showVersion.at(-1)).toBe(firstId);
    await expect.element(switcher('Answer 1 of 3')).toBeVisible();
    const times = said.element().innerHTML;
    await userEvent.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    expect(main.calls.showVersion).toHaveLength(2);
    await expect.element(said).toMatchTextContent('Answer 1 of 3');
    expect(said.element().innerHTML).toBe(times);
    await userEvent.keyboard('{Alt>}{ArrowRight}{/Alt}');
    await expect.element(page.getByText('Salt.')).toBeVisible();
    await expect.element(page.getByRole('textbox', { name: 'Message' })).toHaveFocus();
  });

  it('change the answer that has the focus, and what follows goes and comes with it', async () => {
    const { main } = await answeredTwice();
    await page.getByRole('textbox', { name: 'Message' }).fill('And fresh water?');
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(main.calls.send).toHaveLength(1));
    main.answer().start();
    main.answer().say('Rain.');
    main.answer().settle();
    await expect.element(page.getByText('Rain.')).toBeVisible();
    await page.getByRole('button', { name: 'Ask again' }).last().click();
    await vi.waitFor(() => expect(main.calls.retry).toHaveLength(2));
    main.answer().start();
    main.answer().say('Rivers.');
    main.answer().settle();
    await expect.element(switcher('Answer 2 of 2').last()).toBeVisible();
    // Without a focus of its own the last one is meant.
    await userEvent.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    await expect.element(page.getByText('Rain.')).toBeVisible();
    before.first().element().focus();
    await userEvent.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    await expect.element(page.getByText('Water.', { exact: true })).toBeVisible();
    await expect.element(page.getByText('Rain.')).not.toBeInTheDocument();
    await userEvent.keyboard('{Alt>}{ArrowRight}{/Alt}');
    await expect.element(page.getByText('Rain.')).toBeVisible();
    await expect.element(page.getByText('Salt.')).toBeVisible();
  });
});

describe('asking again further up', () => {
  it('keeps what followed within reach', async () => {
    const chat = conversationOf('A chat', [
      questionMessage('What is the sea?'),
      answerMessage('done', 'Water.'),
      questionMessage('Is it deep?'),
      answerMessage('done', 'Very.'),
    ]);
    const main = await showChat({ conversations: [chat] });
    await expect.element(page.getByText('Very.')).toBeVisible();
    await page.getByRole('button', { name: 'Ask again' }).first().click();
    await vi.waitFor(() => expect(main.calls.retry).toEqual([chat.messages[1]!.id]));
    await expect.element(page.getByText('Very.')).not.toBeInTheDocument();
    await userEvent.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    await expect.element(page.getByText('Water.')).toBeVisible();
    await expect.element(page.getByText('Very.')).toBeVisible();
  });
});

describe('the place on the screen', () => {
  it('holds: the switcher stays where it is, however long the versions and what follows them', async () => {
    const chat = conversationOf('A chat', [questionMessage('Tell me more.'), answerMessage('done', long)]);
    const main = await showChat({ conversations: [chat] });
    await page.getByRole('button', { name: 'Ask again' }).click();
    await vi.waitFor(() => expect(main.calls.retry).toHaveLength(1));
    main.answer().start();
    main.answer().say(`${long}\n\n${long}`);
    main.answer().settle();
    const followedBy = async (question: string) => {
      await page.getByRole('textbox', { name: 'Message' }).fill(question);
      await userEvent.keyboard('{Enter}');
      await vi.waitFor(() => expect(main.calls.send.at(-1)?.text).toBe(question));
      main.answer().start();
      main.answer().say(long);
      main.answer().settle();
      await expect.element(page.getByRole('button', { name: 'Stop' })).not.toBeInTheDocument();
    };
    await followedBy('And now?');
    await before.click();
    await expect.element(switcher('Answer 1 of 2')).toBeVisible();
    await followedBy('And then?');
    const top = () => before.element().getBoundingClientRect().top;
    before.element().scrollIntoView({ block: 'center' });
    const was = top();
    await after.click();
    await expect.element(switcher('Answer 2 of 2')).toBeVisible();
    await vi.waitFor(() => expect(top()).toBeCloseTo(was, 0));
    await expect.element(page.getByRole('button', { name: 'Latest' })).toBeVisible();
    await before.click();
    await expect.element(switcher('Answer 1 of 2')).toBeVisible();
    await vi.waitFor(() => expect(top()).toBeCloseTo(was, 0));
  });

  it('is found again when keys choose a version that is out of sight', async () => {
    const chat = conversationOf('A chat', [questionMessage('Tell me more.'), answerMessage('done', 'Short.')]);
    const main = await showChat({ conversations: [chat] });
    await page.getByRole('button', { name: 'Ask again' }).click();
    await vi.waitFor(() => expect(main.calls.retry).toHaveLength(1));
    main.answer().start();
    main.answer().say('Brief.');
    main.answer().settle();
    await page.getByRole('textbox', { name: 'Message' }).fill('More.');
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(main.calls.send).toHaveLength(1));
    main.answer().start();
    main.answer().say(`${long}\n\n${long}`);
    main.answer().settle();
    await expect.element(page.getByText('Brief.')).not.toBeInViewport();
    await userEvent.keyboard('{Alt>}{ArrowRight}{/Alt}');
    await expect.element(switcher('Answer 2 of 2')).toBeInViewport();
  });
});
