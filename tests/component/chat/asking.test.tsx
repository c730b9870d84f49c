// Asking, watching the answer, ending it, and what happens when something fails on the way.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { useChatStore } from '../../../src/renderer/features/chat/index.ts';
import type { FakeMain } from '../../support/fake-main.ts';
import { mainError } from '../../support/fake-main.ts';
import { showChat } from './stage.tsx';

const composer = page.getByRole('textbox', { name: 'Message' });
const send = page.getByRole('button', { name: 'Send' });
const stop = page.getByRole('button', { name: 'Stop' });
const answerText = (text: string) => page.getByRole('article', { name: 'Hearth' }).getByText(text);

let main: FakeMain;
beforeEach(async () => {
  main = await showChat();
});

async function ask(text: string): Promise<void> {
  await composer.fill(text);
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(main.calls.attach.length).toBeGreaterThan(0));
}

describe('asking', () => {
  it('shows the question at once, then the answer as it is written, then what it took', async () => {
    await ask('What is a mutex?');
    await expect.element(page.getByRole('article', { name: 'You' })).toHaveTextContent('What is a mutex?');
    await expect.element(composer).toHaveValue('');
    await expect.element(composer).toHaveFocus();
    const answer = main.answer();
    answer.start();
    answer.say('A **lock** that ');
    await expect.element(answerText('A lock that')).toBeVisible();
    answer.say('one thread holds.');
    await expect.element(answerText('A lock that one thread holds.')).toBeVisible();
    await expect.element(stop).toBeVisible();
    answer.settle({
      usage: { promptTokens: 9, answerTokens: 82, loadMs: null, firstTokenMs: 80, answerMs: 2_000, totalMs: 7_800 },
    });
    await expect.element(page.getByText(/^llama3.2 3B on Ollama · 41 tokens\/s · 7.8 s · /)).toBeVisible();
    await expect.element(page.getByRole('heading', { name: 'What is a mutex?' })).toBeVisible();
    await expect.element(send).toBeDisabled();
  });

  it('sends nothing while there is nothing to send', async () => {
    await expect.element(send).toBeDisabled();
    await composer.fill('  \n ');
    await userEvent.keyboard('{Enter}');
    await expect.element(send).toBeDisabled();
    expect(main.calls.send).toEqual([]);
  });

  it('finds the direction of a long text once, before it is laid out, and of a short one line by line', async () => {
    await expect.element(composer).toHaveAttribute('dir', 'auto');
    const field = composer.element() as HTMLTextAreaElement;
    const coming = new DataTransfer();
    coming.setData('text/plain', 'שלום '.repeat(5_000));
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: coming, bubbles: true }));
    expect(field.dir).toBe('rtl');
    await composer.fill('1. Long '.repeat(5_000));
    await expect.element(composer).toHaveAttribute('dir', 'ltr');
    await composer.fill('שלום');
    await expect.element(composer).toHaveAttribute('dir', 'auto');
  });

  it('takes a very long text beside the field: typed before, sent with it, taken out and brought back', async () => {
    const long = 'abc\n'.repeat(20_000);
    const field = composer.element() as HTMLTextAreaElement;
    await composer.fill('Sum this up:');
    const coming = new DataTransfer();
    coming.setData('text/plain', long);
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: coming, bubbles: true, cancelable: true }));
    const beside = page.getByRole('group', { name: 'Long text' });
    await expect.element(beside).toMatchTextContent(/^Long text: 20,001 lines, 80,000 characters/);
    await expect.element(composer).toHaveValue('Sum this up:');
    await composer.fill('In one word:');
    await page.getByRole('button', { name: 'Take the long text out' }).click();
    await expect.element(beside).not.toBeInTheDocument();
    await expect.element(composer).toHaveValue('In one word:');
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: coming, bubbles: true, cancelable: true }));
    await expect.element(beside).toBeVisible();
    composer.element().focus();
    await userEvent.keyboard('{Enter}');
    expect(main.calls.send.map((call) => call.text)).toEqual([`In one word:\n\n${long.trimEnd()}`]);
    await expect.element(beside).not.toBeInTheDocument();
  });

  it('makes a new line with Shift+Enter and keeps the indentation of the first one', async () => {
    await composer.fill('  if (a)');
    await userEvent.keyboard('{Shift>}{Enter}{/Shift}b;');
    await expect.element(composer).toHaveValue('  if (a)\nb;');
    await userEvent.keyboard('{Enter}');
    expect(main.calls.send.map((call) => call.text)).toEqual(['  if (a)\nb;']);
  });

  it('leaves Enter to an input method that is composing', async () => {
    await composer.fill('にほん');
    const field = composer.element();
    field.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }),
    );
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true }));
    expect(main.calls.send).toEqual([]);
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13, bubbles: true, cancelable: true }));
    expect(main.calls.send).toHaveLength(1);
  });

  it('grows from one line to ten, then scrolls', async () => {
    await composer.fill('one');
    const oneLine = composer.element().clientHeight;
    await composer.fill('1\n2\n3\n4\n5');
    expect(composer.element().clientHeight).toBeGreaterThan(oneLine);
    await composer.fill(Array.from({ length: 40 }, (_each, line) => line).join('\n'));
    expect(composer.element().clientHeight).toBeLessThan(24 * 11);
    expect(composer.element().scrollHeight).toBeGreaterThan(composer.element().clientHeight);
  });
});

describe('ending an answer', () => {
  it('stops with Escape, keeps what was written and offers to ask again', async () => {
    await ask('Tell me everything');
    const answer = main.answer();
    answer.start();
    answer.say('Everything begins');
    await expect.element(answerText('Everything begins')).toBeVisible();
    await userEvent.keyboard('{Escape}');
    expect(main.calls.stop).toEqual([answer.id]);
    await expect.element(stop).toBeDisabled();
    answer.settle({ state: 'stopped' });
    await expect.element(page.getByText('You stopped this answer.')).toBeVisible();
    await expect.element(answerText('Everything begins')).toBeVisible();
    await page.getByRole('button', { name: 'Ask again' }).first().click();
    await vi.waitFor(() => expect(main.calls.retry).toEqual([answer.id]));
    // The button is gone with its answer.
    await expect.element(composer).toHaveFocus();
  });

  it('has Stop in the very place of Send, also beside what is typed meanwhile', async () => {
    await composer.fill('x');
    const sendPlace = send.element().getBoundingClientRect();
    await userEvent.keyboard('{Backspace}');
    await ask('Hello');
    main.answer().start();
    await expect.element(stop).toBeVisible();
    const dock = composer.element().closest('.composer')?.getBoundingClientRect();
    const stopPlace = stop.element().getBoundingClientRect();
    expect(stopPlace.width).toBe(sendPlace.width);
    expect(Math.round((dock?.right ?? 0) - stopPlace.right)).toBe(8);
    await composer.fill('and then?');
    const besideText = stop.element().getBoundingClientRect();
    expect([besideText.x, besideText.width]).toEqual([stopPlace.x, stopPlace.width]);
    await stop.click();
    expect(main.calls.stop).toHaveLength(1);
    await expect.element(composer).toHaveFocus();
    main.answer().settle({ state: 'stopped' });
    await expect.element(send).toBeEnabled();
  });

  it('says so when stopping fails, and offers it again', async () => {
    await ask('Hello');
    main.answer().start();
    vi.spyOn(main.client.chat, 'stop').mockRejectedValueOnce(mainError({ message: 'Could not stop.' }));
    await stop.click();
    await expect.element(page.getByRole('alert')).toHaveTextContent('Could not stop.');
    await expect.element(stop).toBeEnabled();
  });
});

describe('a question that could not be sent', () => {
  it('goes back into the composer, before what was typed since, with the reason', async () => {
    let open: () => void = () => undefined;
    main.next.sendGate = new Promise((resolve) => (open = resolve));
    main.next.send = mainError({ code: 'storage_disk_full', message: 'The disk is full.' });
    await composer.fill('Precious words');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('article', { name: 'You, being sent' })).toHaveTextContent('Precious words');
    await composer.fill('more');
    open();
    await expect.element(page.getByRole('alert')).toHaveTextContent('The disk is full.');
    await expect.element(composer).toHaveValue('Precious words\nmore');
    await expect.element(page.getByRole('article')).not.toBeInTheDocument();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
    await expect.element(composer).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(main.calls.send).toHaveLength(2));
  });

  it('keeps the draft of each chat', async () => {
    await ask('First');
    main.answer().settle({ parts: [{ type: 'text', text: 'Answered' }] });
    await expect.element(answerText('Answered')).toBeVisible();
    await composer.fill('draft of the first');
    const id = useChatStore.getState().conversationId;
    useChatStore.getState().startNew();
    await expect.element(composer).toHaveValue('');
    await composer.fill('draft of a new one');
    if (id) await useChatStore.getState().open(id);
    await expect.element(composer).toHaveValue('draft of the first');
    useChatStore.getState().startNew();
    await expect.element(composer).toHaveValue('draft of a new one');
  });
});
