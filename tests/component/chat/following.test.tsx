// What the window shows stays what main writes: over dropped ports, other windows, switched and deleted chats.
import { describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { useChatStore } from '../../../src/renderer/features/chat/index.ts';
import { answerMessage, conversationOf, questionMessage } from '../../support/answers.ts';
import type { FakeMain } from '../../support/fake-main.ts';
import { showChat } from './stage.tsx';

const composer = page.getByRole('textbox', { name: 'Message' });
const prose = () => document.querySelector('.answer:last-of-type .prose')?.textContent ?? '';
const articles = () => [...document.querySelectorAll('article')].map((each) => each.textContent ?? '');

async function ask(main: FakeMain, text: string): Promise<void> {
  await composer.fill(text);
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(main.calls.attach.length).toBeGreaterThan(0));
}

const story = () => conversationOf('A story', [questionMessage('Who?'), answerMessage('done', 'Somebody.')]);

describe('following an answer', () => {
  it.each([0, 1, 3, 7])('loses nothing when the port drops after every %i words', async (every) => {
    const main = await showChat();
    await ask(main, 'Count');
    const answer = main.answer();
    answer.start();
    const words = Array.from({ length: 15 }, (_each, index) => `w${index} `);
    for (const [index, word] of words.entries()) {
      answer.say(word);
      if (every === 0 || index % every !== 0) continue;
      const attachments = main.calls.attach.length;
      answer.dropPorts();
      await vi.waitFor(() => expect(main.calls.attach.length).toBeGreaterThan(attachments));
    }
    // The first answer of a page waits for the renderer of Markdown to be read.
    await vi.waitFor(() => expect(prose()).toBe(words.join('').trim()), { timeout: 10_000 });
    answer.settle();
    await expect.element(page.getByRole('button', { name: 'Send' })).toBeInTheDocument();
    expect(prose()).toBe(words.join('').trim());
    expect(main.calls.attach.slice(1).every((each) => each.afterSeq !== undefined)).toBe(true);
  });

  it('shows as a thought what turns out to be one, over a dropped port too', async () => {
    const main = await showChat();
    await ask(main, 'Hello');
    const answer = main.answer();
    answer.start();
    answer.say('The user greets me.');
    await vi.waitFor(() => expect(prose()).toBe('The user greets me.'));
    answer.dropPorts();
    answer.rethink();
    answer.say('Hi ');
    answer.say('there.');
    await vi.waitFor(() => expect(prose()).toBe('Hi there.'));
    await page.getByRole('button', { name: /Thought/ }).click();
    expect(document.querySelector('.thought-text')?.textContent).toBe('The user greets me.');
    answer.settle();
    await expect.element(page.getByRole('button', { name: 'Send' })).toBeInTheDocument();
    expect(prose()).toBe('Hi there.');
  });

  it('tells main how far it has drawn', async () => {
    const main = await showChat();
    await ask(main, 'Count');
    main.answer().start();
    for (let index = 0; index < 40; index += 1) main.answer().say('x');
    await vi.waitFor(() => expect(main.calls.seen.at(-1)?.seq).toBeGreaterThanOrEqual(16));
    expect(main.calls.seen[0]?.attachmentId).toBe(main.calls.attach[0]?.attachmentId);
  });

  it('takes up an answer that was already running when the chat is opened', async () => {
    const conversation = conversationOf('Running', [questionMessage('Go on'), answerMessage('streaming')]);
    const main = await showChat({ conversations: [conversation] });
    const answer = main.answer();
    answer.say('Half of it, ');
    await vi.waitFor(() => expect(prose()).toBe('Half of it,'));
    answer.say('and the rest.');
    await vi.waitFor(() => expect(prose()).toBe('Half of it, and the rest.'));
    answer.settle();
    await expect.element(page.getByRole('button', { name: 'Send' })).toBeInTheDocument();
  });

  it('wakes only the row of the answer that grows', async () => {
    const main = await showChat({ conversations: [story()] });
    await expect.element(page.getByText('Somebody.')).toBeVisible();
    const changed: Node[] = [];
    const settled = document.querySelector('.answer');
    const watcher = new MutationObserver((records) => changed.push(...records.map((record) => record.target)));
    await ask(main, 'And then?');
    main.answer().start();
    main.answer().say('Then ');
    await vi.waitFor(() => expect(prose()).toBe('Then'));
    if (settled) watcher.observe(settled, { subtree: true, childList: true, characterData: true, attributes: true });
    const before = useChatStore.getState();
    main.answer().say('came the dragon.');
    await vi.waitFor(() => expect(prose()).toBe('Then came the dragon.'));
    expect(changed).toEqual([]);
    expect(useChatStore.getState()).toBe(before);
    watcher.disconnect();
  });
});

describe('a chat that changes elsewhere', () => {
  it('shows what another window or the terminal added', async () => {
    const conversation = story();
    const main = await showChat({ conversations: [conversation] });
    const added = answerMessage('waiting');
    main.addElsewhere(conversation.id, 'asked elsewhere', added);
    await expect.element(page.getByText('asked elsewhere')).toBeVisible();
    main.answer().start();
    main.answer().say('heard here');
    await vi.waitFor(() => expect(prose()).toBe('heard here'));
  });

  it('reads a chat again without disturbing the answer that runs here', async () => {
    const conversation = story();
    const main = await showChat({ conversations: [conversation] });
    await ask(main, 'Go on');
    const mine = main.answer();
    mine.start();
    mine.say('Mine ');
    await vi.waitFor(() => expect(prose()).toBe('Mine'));
    main.addElsewhere(conversation.id, 'theirs', answerMessage('done', 'Their answer'));
    await expect.element(page.getByText('Their answer')).toBeVisible();
    mine.say('goes on.');
    await vi.waitFor(() => expect(articles().some((text) => text.includes('Mine goes on.'))).toBe(true));
    expect(main.calls.attach.filter((each) => each.messageId === mine.id)).toHaveLength(1);
  });

  it('shows a new chat when the open one is deleted', async () => {
    const conversation = story();
    const main = await showChat({ conversations: [conversation] });
    await expect.element(page.getByText('Somebody.')).toBeVisible();
    main.delete(conversation.id);
    await expect.element(page.getByRole('heading', { name: 'What would you like to work on?' })).toBeVisible();
    expect(useChatStore.getState().conversationId).toBeNull();
  });

  it('says why a chat cannot be opened, and tries again', async () => {
    const conversation = story();
    const main = await showChat({ conversations: [conversation] });
    useChatStore.getState().startNew();
    main.next.get = new Error('worker gone');
    await useChatStore.getState().open(conversation.id);
    await expect.element(page.getByText('This chat could not be opened')).toBeVisible();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.element(page.getByText('Somebody.')).toBeVisible();
  });

  it('drops what comes for a chat that is no longer open', async () => {
    const conversation = story();
    const main = await showChat({ conversations: [conversation] });
    await ask(main, 'Slow one');
    const slow = main.answer();
    useChatStore.getState().startNew();
    slow.start();
    slow.say('too late');
    slow.settle();
    await expect.element(page.getByRole('heading', { name: 'What would you like to work on?' })).toBeVisible();
    expect(articles()).toEqual([]);
    expect(useChatStore.getState().running).toEqual([]);
    await useChatStore.getState().open(conversation.id);
    await expect.element(page.getByText('too late')).toBeVisible();
  });
});
