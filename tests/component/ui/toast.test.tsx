import '../../../src/renderer/ui/styles.css';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { hideToast, showToast, TOAST_MS, ToastRegion } from '../../../src/renderer/ui/index.ts';

const region = <ToastRegion label="Messages" dismissLabel="Dismiss" />;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
  hideToast();
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
  showToast({ text: 'Chat deleted', action: { label: 'Undo', shortcut: 'Mod+Z', run: undo } });
  await expect.element(page.getByText('Chat deleted')).toBeVisible();
  await userEvent.click(page.getByRole('textbox', { name: 'Words' }));
  await userEvent.keyboard('{Control>}z{/Control}');
  expect(undo).not.toHaveBeenCalled();
  await userEvent.click(page.getByRole('textbox', { name: 'Blank' }));
  await userEvent.keyboard('{Control>}z{/Control}');
  expect(undo).toHaveBeenCalledOnce();
  await vi.waitFor(() => expect(page.getByText('Chat deleted').query()).toBeNull());
});
