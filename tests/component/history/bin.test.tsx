// The page of the bin: days left, looking into a chat, bringing it back, deleting it for good, emptying it, thousands of chats.
import '../../../src/renderer/ui/styles.css';
import { afterEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import type { BinEntry } from '../../../src/contract/conversations.ts';
import type { ConversationId } from '../../../src/contract/ids.ts';
import { BinPage } from '../../../src/renderer/features/history/index.ts';
import { setClient } from '../../../src/renderer/lib/index.ts';
import { hideToast, ToastRegion } from '../../../src/renderer/ui/index.ts';
import type { FakeHearth } from '../../support/component/fake-hearth.ts';
import { chat, fakeHearth } from '../../support/component/fake-hearth.ts';
import { TOAST_WORDS } from '../../support/component/toast-words.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const onLook = vi.fn<(id: ConversationId) => void>();

afterEach(() => {
  hideToast();
  setClient(null);
  vi.clearAllMocks();
});

/** A chat that went to the bin so long ago. */
function binned(title: string, agoMs: number): BinEntry {
  const deletedAtMs = Date.now() - agoMs;
  return { ...chat(title, 40), bin: { deletedAtMs, goneAtMs: deletedAtMs + 30 * DAY_MS } };
}

const THREE = () => [binned('Lease', HOUR_MS), binned('Savings', 29.5 * DAY_MS), binned('Quiz', 31 * DAY_MS)];

async function show(bin: BinEntry[]): Promise<FakeHearth> {
  const hearth = fakeHearth({ bin });
  await render(
    <div className="main" style={{ height: 600, width: 800 }}>
      <BinPage onLook={onLook} />
      <ToastRegion words={TOAST_WORDS} />
    </div>,
  );
  return hearth;
}

const button = (name: string) => page.getByRole('button', { name, exact: true });
const titles = () => [...document.querySelectorAll('[data-binned] b')].map((one) => one.textContent);
const inputsOf = (hearth: FakeHearth, name: string) =>
  hearth.calls.filter((call) => call.name === name).map((call) => call.input);

test('it lists what was deleted last first, with the days that are left', async () => {
  await show(THREE());
  await vi.waitFor(() => expect(titles()).toEqual(['Lease', 'Savings', 'Quiz']));
  await expect.element(page.getByRole('heading', { name: 'Bin' })).toHaveFocus();
  const row = (name: string) => page.getByRole('listitem').filter({ hasText: name });
  await expect.element(row('Lease').getByText(/· 30 days left$/)).toBeVisible();
  await expect.element(row('Savings').getByText(/· 1 day left$/)).toBeVisible();
  await expect.element(row('Quiz').getByText(/goes with the next start$/)).toBeVisible();
});

test('a title leads into its chat', async () => {
  const bin = THREE();
  await show(bin);
  await userEvent.click(page.getByText('Savings'));
  expect(onLook).toHaveBeenCalledExactlyOnceWith(bin[1]?.id);
});

test('restoring leaves the focus on the next chat, then on the one before, then on the heading', async () => {
  const bin = THREE();
  const hearth = await show(bin);
  await button('Restore Savings').click();
  await vi.waitFor(() => expect(titles()).toEqual(['Lease', 'Quiz']));
  await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('Quiz'));
  await button('Restore Quiz').click();
  await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('Lease'));
  await button('Restore Lease').click();
  await expect.element(page.getByRole('heading', { name: 'Bin' })).toHaveFocus();
  await expect.element(page.getByText('Nothing in the bin.')).toBeVisible();
  expect(button('Empty the bin').query()).toBeNull();
  expect(inputsOf(hearth, 'conversations.restore')).toHaveLength(3);
});

test('deleting for good asks first, with the safe answer under the focus; Esc deletes nothing', async () => {
  const bin = THREE();
  const hearth = await show(bin);
  await button('Delete Lease for good').click();
  await expect.element(page.getByRole('dialog', { name: 'Delete this chat for good?' })).toBeVisible();
  await expect.element(page.getByText(/“Lease” and all that was written in it/)).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Cancel' }).last()).toHaveFocus();
  await userEvent.keyboard('{Escape}');
  expect(titles()).toHaveLength(3);
  expect(inputsOf(hearth, 'bin.delete')).toEqual([]);
  await button('Delete Lease for good').click();
  await button('Delete for good').click();
  await vi.waitFor(() => expect(titles()).toEqual(['Savings', 'Quiz']));
  expect(inputsOf(hearth, 'bin.delete')).toEqual([{ id: bin[0]?.id }]);
  await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('Savings'));
});

test('by keys alone: arrows move, Enter looks, Del asks', async () => {
  const bin = THREE();
  const hearth = await show(bin);
  await vi.waitFor(() => expect(titles()).toHaveLength(3));
  document.querySelector<HTMLElement>('[data-binned]')?.focus();
  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect(onLook).toHaveBeenCalledExactlyOnceWith(bin[1]?.id);
  await userEvent.keyboard('{Delete}');
  await expect.element(page.getByText(/“Savings” and all/)).toBeVisible();
  await userEvent.keyboard('{Tab}{Enter}');
  await vi.waitFor(() => expect(titles()).toEqual(['Lease', 'Quiz']));
  expect(inputsOf(hearth, 'bin.delete')).toEqual([{ id: bin[1]?.id }]);
});

test('emptying says how many, and leaves what came in since', async () => {
  const bin = THREE();
  const hearth = await show(bin);
  await button('Empty the bin').click();
  await expect.element(page.getByRole('dialog', { name: 'Delete 3 chats for good?' })).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Empty the bin' }).click();
  await expect.element(page.getByText('Nothing in the bin.')).toBeVisible();
  expect(inputsOf(hearth, 'bin.empty')).toEqual([{ deletedUpToMs: bin[0]?.bin.deletedAtMs }]);
});

test('what other windows do shows at once', async () => {
  const bin = THREE();
  const hearth = await show(bin);
  await vi.waitFor(() => expect(titles()).toHaveLength(3));
  hearth.changes.say({ type: 'gone', ids: [bin[0]!.id] });
  await vi.waitFor(() => expect(titles()).toEqual(['Savings', 'Quiz']));
  hearth.conversations = [chat('Fresh')];
  await hearth.client.conversations.delete({ id: hearth.conversations[0]!.id });
  await vi.waitFor(() => expect(titles()[0]).toBe('Fresh'));
});

test('one that main refuses stays, with its sentence; a bin that cannot be loaded can be tried again', async () => {
  const hearth = await show(THREE());
  hearth.failNext('conversations.restore', 'The history is locked.');
  await button('Restore Lease').click();
  await expect.element(page.getByText('The history is locked.')).toBeVisible();
  expect(titles()).toHaveLength(3);
});

test('a bin that cannot be loaded says why and can be tried again', async () => {
  const hearth = fakeHearth({ bin: THREE() });
  hearth.failNext('bin.list', 'The history could not be used.');
  await render(<BinPage onLook={onLook} />);
  await expect.element(page.getByRole('alert').getByText(/The history could not be used\./)).toBeVisible();
  await button('Try again').click();
  await vi.waitFor(() => expect(titles()).toHaveLength(3));
});

test('two thousand chats come by the page, each at its place, and only those around the view are drawn', async () => {
  await show(Array.from({ length: 2_000 }, (_, at) => binned(`Chat ${at}`, at * 1_000)));
  const scroller = document.querySelector('.page')!;
  const drawn = () =>
    [...document.querySelectorAll('.bin-list > li')].map(
      (row) => `${row.getAttribute('aria-posinset')} ${row.querySelector('b')?.textContent}`,
    );
  const placed = (first: string) =>
    Array.from({ length: drawn().length }, (_, at) => {
      const place = Number(first.split(' ')[0]) + at;
      return `${place} Chat ${place - 1}`;
    });
  await vi.waitFor(
    () => {
      scroller.scrollTop = scroller.scrollHeight;
      expect(drawn().at(-1)).toBe('2000 Chat 1999');
    },
    { timeout: 30_000 },
  );
  for (const share of [0.75, 0.4, 0]) {
    const target = Math.round(2_000 * share);
    scroller.scrollTop = target * 56;
    await vi.waitFor(() => expect(drawn().some((row) => row.startsWith(`${target + 1} `))).toBe(true));
    expect(drawn()).toEqual(placed(drawn()[0] ?? ''));
    expect(drawn().length).toBeLessThan(80);
  }
}, 40_000);

test('arrow keys lead through a long list, from one page to the next', async () => {
  await show(Array.from({ length: 250 }, (_, at) => binned(`Chat ${at}`, at * 1_000)));
  await vi.waitFor(() => expect(titles().length).toBeGreaterThan(10));
  document.querySelector<HTMLElement>('[data-binned]')?.focus();
  for (let at = 1; at <= 205; at += 1) {
    await userEvent.keyboard('{ArrowDown}');
    await vi.waitFor(() => expect(document.activeElement?.querySelector('b')?.textContent).toBe(`Chat ${at}`));
  }
}, 60_000);
