import '../../../src/renderer/ui/styles.css';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { forgetUndo, hideToast, offerUndo, showToast, TOAST_MS, ToastRegion } from '../../../src/renderer/ui/index.ts';
import { TOAST_WORDS } from '../../support/component/toast-words.ts';

const region = <ToastRegion words={TOAST_WORDS} />;

/** Takes the place of a chat in the words of these tests. */
const deletion = (name: string, undo: () => void) => ({
  key: name,
  text: 'Chat deleted',
  several: (count: number) => `${count} chats deleted`,
  undo,
});
const pressUndo = () => userEvent.keyboard('{Control>}z{/Control}');

beforeEach(async () => {
  // A toast under the pointer of the test before would wait.
  await userEvent.hover(document.documentElement, { position: { x: 1, y: 1 } });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
  hideToast();
  for (const key of ['Lease', 'Savings', 'SQL', 'tiny']) forgetUndo(key);
});

test('it leaves after ten seconds, not before', async () => {
  await render(region);
  showToast({ text: 'Chat deleted' });
  await expect.element(page.getByText('Chat deleted')).toBeVisible();
  await vi.advanceTimersByTimeAsync(TOAST_MS - 100);
  expect(page.getByText('Chat deleted').query()).not.toBeNull();
  await vi.advanceTimersByTimeAsync(200);
  await vi.waitFor(() => expect(page.getByText('Chat deleted').query()).toBeNull());
});

test('it waits while its button has the focus, then goes on from where it was', async () => {
  await render(
    <>
      {region}
      <button type="button">Elsewhere</button>
    </>,
  );
  showToast({ text: 'Chat deleted', action: { label: 'Undo', run: () => undefined } });
  await expect.element(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  await vi.advanceTimersByTimeAsync(TOAST_MS - 1_000);
  (page.getByRole('button', { name: 'Undo' }).element() as HTMLElement).focus();
  await vi.advanceTimersByTimeAsync(TOAST_MS * 3);
  expect(page.getByText('Chat deleted').query()).not.toBeNull();
  (page.getByRole('button', { name: 'Elsewhere' }).element() as HTMLElement).focus();
  await vi.advanceTimersByTimeAsync(500);
  expect(page.getByText('Chat deleted').query()).not.toBeNull();
  await vi.advanceTimersByTimeAsync(1_000);
  await vi.waitFor(() => expect(page.getByText('Chat deleted').query()).toBeNull());
});

test('there is one at a time: a new one takes the place of the old', async () => {
  await render(region);
  showToast({ text: 'First' });
  showToast({ text: 'Second' });
  await expect.element(page.getByText('Second')).toBeVisible();
  expect(page.getByText('First').query()).toBeNull();
});

test('Ctrl+Z acts, but never takes the undo of a field with text in it', async () => {
  vi.useRealTimers();
  const undo = vi.fn();
  await render(
    <>
      {region}
      <input aria-label="Words" defaultValue="text" />
      <input aria-label="Blank" />
    </>,
  );
  offerUndo(deletion('Lease', undo));
  await expect.element(page.getByText('Chat deleted')).toBeVisible();
  await userEvent.click(page.getByRole('textbox', { name: 'Words' }));
  await userEvent.keyboard('{Control>}z{/Control}');
  expect(undo).not.toHaveBeenCalled();
  await userEvent.click(page.getByRole('textbox', { name: 'Blank' }));
  await userEvent.keyboard('{Control>}z{/Control}');
  expect(undo).toHaveBeenCalledOnce();
  await vi.waitFor(() => expect(page.getByText('Chat deleted').query()).toBeNull());
});

test('three deletions are told together and undone one by one, the last first, each in its turn', async () => {
  vi.useRealTimers();
  const undone: string[] = [];
  await render(region);
  for (const name of ['Lease', 'Savings', 'SQL']) offerUndo(deletion(name, () => undone.push(name)));
  await expect.element(page.getByText('3 chats deleted')).toBeVisible();
  await pressUndo();
  expect(undone).toEqual(['SQL']);
  await expect.element(page.getByText('2 chats deleted')).toBeVisible();
  await userEvent.click(page.getByRole('button', { name: 'Undo', exact: true }));
  await expect.element(page.getByText('Chat deleted', { exact: true })).toBeVisible();
  expect(page.getByRole('button', { name: 'Undo all' }).query()).toBeNull();
  await pressUndo();
  expect(undone).toEqual(['SQL', 'Savings', 'Lease']);
  await vi.waitFor(() => expect(page.getByRole('button', { name: 'Undo' }).query()).toBeNull());
});

test('all of them come back by one press', async () => {
  vi.useRealTimers();
  const undone: string[] = [];
  await render(region);
  for (const name of ['Lease', 'Savings', 'SQL']) offerUndo(deletion(name, () => undone.push(name)));
  await userEvent.click(page.getByRole('button', { name: 'Undo all' }));
  expect(undone).toEqual(['SQL', 'Savings', 'Lease']);
  expect(page.getByText('deleted', { exact: false }).query()).toBeNull();
});

test('once the toast is gone or replaced Ctrl+Z still steps back, but leaves the keys of fields to them', async () => {
  const undone: string[] = [];
  await render(
    <>
      {region}
      <input aria-label="Blank" />
      <button type="button">Elsewhere</button>
    </>,
  );
  for (const name of ['Lease', 'Savings']) offerUndo(deletion(name, () => undone.push(name)));
  showToast({ text: 'Copied' });
  await expect.element(page.getByText('Copied')).toBeVisible();
  await vi.advanceTimersByTimeAsync(TOAST_MS + 100);
  await vi.waitFor(() => expect(page.getByText('Copied').query()).toBeNull());
  (page.getByRole('textbox', { name: 'Blank' }).element() as HTMLElement).focus();
  await pressUndo();
  expect(undone).toEqual([]);
  (page.getByRole('button', { name: 'Elsewhere' }).element() as HTMLElement).focus();
  await pressUndo();
  await pressUndo();
  await pressUndo();
  expect(undone).toEqual(['Savings', 'Lease']);
});

test('a new toast tells of new deletions only', async () => {
  await render(region);
  offerUndo(deletion('Lease', () => undefined));
  await expect.element(page.getByText('Chat deleted')).toBeVisible();
  await vi.advanceTimersByTimeAsync(TOAST_MS + 100);
  await vi.waitFor(() => expect(page.getByText('Chat deleted').query()).toBeNull());
  offerUndo(deletion('Savings', () => undefined));
  await expect.element(page.getByText('Chat deleted')).toBeVisible();
});

test('what can be undone for some seconds only is offered no longer, and not counted any more', async () => {
  const undone: string[] = [];
  await render(region);
  offerUndo({
    ...deletion('tiny', () => undone.push('tiny')),
    several: (count) => `${count} models deleted`,
    lastsMs: 5_000,
  });
  offerUndo(deletion('Lease', () => undone.push('Lease')));
  await expect.element(page.getByText('2 deletions')).toBeVisible();
  await vi.advanceTimersByTimeAsync(5_000);
  await expect.element(page.getByText('Chat deleted')).toBeVisible();
  await pressUndo();
  await pressUndo();
  expect(undone).toEqual(['Lease']);
});

test('its words lead to the place of what was deleted', async () => {
  vi.useRealTimers();
  const open = vi.fn<() => void>();
  await render(region);
  offerUndo({ ...deletion('Lease', () => undefined), place: { label: 'Show the bin', open } });
  await userEvent.click(page.getByRole('button', { name: 'Chat deleted' }));
  expect(open).toHaveBeenCalledOnce();
});

test('when it goes under the focus, the focus goes back to where it came from', async () => {
  vi.useRealTimers();
  await render(
    <>
      {region}
      <button type="button">Row</button>
    </>,
  );
  (page.getByRole('button', { name: 'Row' }).element() as HTMLElement).focus();
  offerUndo(deletion('Lease', () => undefined));
  await expect.element(page.getByText('Chat deleted')).toBeVisible();
  (page.getByRole('button', { name: 'Undo' }).element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('button', { name: 'Row' })).toHaveFocus();
});
