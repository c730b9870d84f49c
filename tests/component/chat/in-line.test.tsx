// Enter during an answer: the message waits in line, can be changed and taken out, and no key is swallowed.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { ConversationId } from '../../../src/contract/ids.ts';
import { useChatStore } from '../../../src/renderer/features/chat/index.ts';
import { undoLast } from '../../../src/renderer/ui/undo.ts';
import { answerMessage, conversationOf, questionMessage } from '../../support/answers.ts';
import { type FakeMain, mainError } from '../../support/fake-main.ts';
import { showChat } from './stage.tsx';

const composer = page.getByRole('textbox', { name: 'Message', exact: true });
const stop = page.getByRole('button', { name: 'Stop' });
const region = page.getByRole('region', { name: 'In line' });
const rows = region.getByRole('listitem');
const row = (index: number) => rows.nth(index);
const field = page.getByRole('textbox', { name: 'Text in line' });
const texts = () =>
  region
    .getByRole('listitem')
    .all()
    .map((item) => item.element().textContent);

let main: FakeMain;
let id: ConversationId;

/** A chat whose first answer runs. */
beforeEach(async () => {
  main = await showChat();
  await composer.fill('One');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(main.calls.attach).toHaveLength(1));
  main.answer().start();
  const open = useChatStore.getState().conversationId;
  if (open === null) throw new Error('no chat is open');
  id = open;
});

async function putInLine(...messages: string[]): Promise<void> {
  for (const text of messages) {
    await composer.fill(text);
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(texts().at(-1)).toContain(text));
  }
}

describe('during an answer', () => {
  it('Enter puts the message in line, in order, and the hint says so before', async () => {
    await composer.fill('Two');
    await expect.element(page.getByText('Enter to send after this answer. Esc to stop it.')).toBeVisible();
    await userEvent.keyboard('{Enter}');
    await expect.element(composer).toHaveValue('');
    await expect.element(composer).toHaveFocus();
    await putInLine('Three');
    expect(texts()).toEqual(['NextTwo', 'ThenThree']);
    await expect.element(page.getByTestId('line-announcer')).toHaveTextContent('In line, sent after this answer');
    // The answer runs on, and no question was asked.
    await expect.element(stop).toBeVisible();
    await expect.element(page.getByRole('article', { name: 'You' })).toHaveTextContent('One');
  });

  it('so does its button, beside Stop', async () => {
    await expect.element(page.getByRole('button', { name: 'Put in line' })).not.toBeInTheDocument();
    await composer.fill('Two');
    await page.getByRole('button', { name: 'Put in line' }).click();
    await vi.waitFor(() => expect(texts()[0]).toContain('Two'));
    await expect.element(composer).toHaveFocus();
    await expect.element(page.getByRole('button', { name: 'Put in line' })).not.toBeInTheDocument();
  });

  it('shows what main asks of it as the next question, and follows its answer', async () => {
    await putInLine('Two', 'Three');
    main.answer().settle({ parts: [{ type: 'text', text: 'First' }] });
    const next = main.line.take(id);
    main.addElsewhere(id, next.text, answerMessage('waiting', ''));
    await expect.element(page.getByRole('article', { name: 'You' }).last()).toHaveTextContent('Two');
    expect(texts()).toEqual(['NextThree']);
    main.answer().start();
    main.answer().say('Second');
    await expect.element(page.getByText('Second')).toBeVisible();
  });

  it('a message that main did not take is back in the composer, with the reason', async () => {
    main.line.next.send = mainError({ code: 'storage_disk_full', message: 'The disk is full.' });
    await composer.fill('Precious');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('alert')).toHaveTextContent('The disk is full.');
    await expect.element(composer).toHaveValue('Precious');
    await expect.element(region).not.toBeInTheDocument();
  });
});

describe('a question on its way', () => {
  const first = async () => {
    useChatStore.getState().startNew();
    let open: () => void = () => undefined;
    main.next.sendGate = new Promise((resolve) => (open = resolve));
    await composer.fill('First');
    await userEvent.keyboard('{Enter}');
    for (const text of ['second', 'third']) {
      await composer.fill(text);
      await userEvent.keyboard('{Enter}');
    }
    await expect.element(page.getByRole('article', { name: 'You, being sent' })).toHaveTextContent('First');
    expect(texts()).toEqual(['Nextsecond', 'Thenthird']);
    return open;
  };

  it('is followed by what is sent meanwhile, in order', async () => {
    const open = await first();
    open();
    await expect.element(row(1).getByRole('button', { name: 'third' })).toBeVisible();
    const chat = useChatStore.getState().conversationId;
    expect(chat && main.line.texts(chat)).toEqual(['second', 'third']);
    expect(main.calls.send.at(1)).toEqual({ conversationId: null, text: 'First' });
  });

  it('comes back with all that followed it', async () => {
    main.next.send = mainError({ message: 'It failed.' });
    const open = await first();
    await composer.fill('typed since');
    open();
    await expect.element(composer).toHaveValue('First\nsecond\nthird\ntyped since');
    await expect.element(region).not.toBeInTheDocument();
  });
});

it('Ask again while a message is on its way is done after it, and a second press is one', async () => {
  const asked = main.answer();
  asked.settle({ parts: [{ type: 'text', text: 'First' }] });
  await expect.element(page.getByText('First')).toBeVisible();
  let open: () => void = () => undefined;
  main.next.sendGate = new Promise((resolve) => (open = resolve));
  await composer.fill('Two');
  await userEvent.keyboard('{Enter}');
  const again = page.getByRole('button', { name: 'Ask again' }).first();
  await again.click();
  await again.click();
  expect(main.calls.retry).toEqual([]);
  open();
  await vi.waitFor(() => expect(main.calls.retry).toEqual([asked.id]));
});

describe('a message in line', () => {
  it('is changed in its place, and held meanwhile', async () => {
    await putInLine('Two', 'Three');
    await row(0).getByRole('button', { name: 'Two' }).click();
    await expect.element(field).toHaveFocus();
    await expect.element(field).toHaveValue('Two');
    await expect.element(page.getByText('Enter to keep the change, Esc to leave it as it was.')).toBeVisible();
    const message = main.line.texts(id);
    expect(message).toEqual(['Two', 'Three']);
    await field.fill('Two, better');
    await userEvent.keyboard('{Enter}');
    await expect.element(composer).toHaveFocus();
    expect(texts()).toEqual(['NextTwo, better', 'ThenThree']);
    expect(main.line.calls.edit).toEqual(['Two, better']);
  });

  it('is held by main as long as it is changed', async () => {
    const message = main.line.put(id, 'Two');
    await row(0).getByRole('button', { name: 'Two' }).click();
    await vi.waitFor(() => expect(main.line.isHeld(message.id)).toBe(true));
    await userEvent.keyboard('{Escape}');
    await vi.waitFor(() => expect(main.line.isHeld(message.id)).toBe(false));
    await expect.element(composer).toHaveFocus();
    // Esc left the field; it stopped no answer.
    expect(main.calls.stop).toEqual([]);
    expect(main.line.calls.edit).toEqual([]);
  });

  it('the last is changed by ArrowUp in the empty composer, and only there', async () => {
    await putInLine('Two', 'Three');
    await composer.fill('words');
    await userEvent.keyboard('{ArrowUp}');
    await expect.element(field).not.toBeInTheDocument();
    await composer.fill('');
    await userEvent.keyboard('{ArrowUp}');
    await expect.element(field).toHaveValue('Three');
    await field.fill('Three, better');
    // Whoever goes on elsewhere has finished.
    await composer.click();
    await vi.waitFor(() => expect(texts()[1]).toContain('Three, better'));
  });

  it('made blank, or by its button, is taken out; Undo brings it back to its place', async () => {
    await putInLine('Two', 'Three');
    await row(0).getByRole('button', { name: 'Take out of the line' }).click();
    await expect.element(rows).toHaveLength(1);
    await expect.element(composer).toHaveFocus();
    undoLast();
    await expect.element(rows).toHaveLength(2);
    expect(texts()).toEqual(['NextTwo', 'ThenThree']);
    await row(1).getByRole('button', { name: 'Three' }).click();
    await field.fill(' ');
    await userEvent.keyboard('{Enter}');
    await expect.element(rows).toHaveLength(1);
    expect(main.line.calls.edit).toEqual([]);
    undoLast();
    await expect.element(rows).toHaveLength(2);
  });

  it('that was asked while it was changed gives its new words to the composer', async () => {
    await putInLine('Two');
    await row(0).getByRole('button', { name: 'Two' }).click();
    await field.fill('Two, better');
    main.line.take(id);
    await expect.element(composer).toHaveValue('Two, better');
    await expect.element(region).not.toBeInTheDocument();
  });

  it('stays open, with the reason, when main could not keep the change', async () => {
    await putInLine('Two');
    await row(0).getByRole('button', { name: 'Two' }).click();
    main.line.next.edit = mainError({ code: 'storage_disk_full', message: 'The disk is full.' });
    await field.fill('Two, better');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('alert')).toHaveTextContent('The disk is full.');
    await expect.element(field).toHaveValue('Two, better');
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(texts()[0]).toContain('Two, better'));
  });

  it('of megabytes costs a line', async () => {
    main.line.put(id, 'words\n'.repeat(400_000));
    await expect.element(row(0)).toBeVisible();
    expect((texts()[0] ?? '').length).toBeLessThan(400);
  });
});

describe('a line that waits for the person', () => {
  it.each([
    ['failed', 'The answer before did not come to its end, so this waits for you.'],
    ['closed', 'Hearth was closed or the chat deleted, so this waits for you.'],
  ] as const)('says why (%s), and goes on by Send now', async (waitsFor, words) => {
    await putInLine('Two');
    main.answer().settle({ state: 'failed', parts: [] });
    main.line.pause(id, waitsFor);
    await expect.element(region.getByRole('status')).toHaveTextContent(words);
    await region.getByRole('button', { name: 'Send now' }).click();
    expect(main.line.calls.sendNow).toEqual([id]);
    await expect.element(composer).toHaveFocus();
    await expect.element(region.getByRole('status')).not.toBeInTheDocument();
  });

  it('says what kept it from being asked', async () => {
    await putInLine('Two');
    main.line.pause(id, 'refused', { code: 'storage_disk_full', message: 'The disk is full.', params: {} });
    await expect.element(region.getByRole('status')).toHaveTextContent('This could not be asked. The disk is full.');
    main.line.next.sendNow = mainError({ message: 'Still full.' });
    await region.getByRole('button', { name: 'Send now' }).click();
    await expect.element(page.getByRole('alert')).toHaveTextContent('Still full.');
  });

  it('takes what is written next behind it', async () => {
    await putInLine('Two');
    main.answer().settle({ state: 'failed', parts: [] });
    main.line.pause(id, 'failed');
    await composer.fill('Three');
    await expect.element(page.getByText('Enter to send after the messages in line, which go on then.')).toBeVisible();
    await userEvent.keyboard('{Enter}');
    await expect.element(rows).toHaveLength(2);
    expect(main.calls.send.at(-1)).toEqual({ conversationId: id, text: 'Three' });
  });
});

it('each chat has its own line, also one that another window filled', async () => {
  await putInLine('Two');
  const other = conversationOf('Other', [questionMessage('Hi'), answerMessage('done', 'Hello')]);
  main = await showChat({ conversations: [other] });
  await expect.element(region).not.toBeInTheDocument();
  main.line.put(other.id, 'From elsewhere');
  await vi.waitFor(() => expect(texts()[0]).toContain('From elsewhere'));
});
