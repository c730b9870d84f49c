import '../../../src/renderer/ui/styles.css';
import { useEffect } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import type { ConversationSummary } from '../../../src/contract/conversations.ts';
import type { ConversationId } from '../../../src/contract/ids.ts';
import { followHistory, HistoryList } from '../../../src/renderer/features/history/index.ts';
import { useSettings } from '../../../src/renderer/features/settings/index.ts';
import { openChats, setClient, useNavigation } from '../../../src/renderer/lib/index.ts';
import { hideToast, ToastRegion, TooltipLayer } from '../../../src/renderer/ui/index.ts';
import type { FakeHearth } from '../../support/component/fake-hearth.ts';
import { chat, fakeHearth } from '../../support/component/fake-hearth.ts';
import { TOAST_WORDS } from '../../support/component/toast-words.ts';

let hearth: FakeHearth;
let chats: ConversationSummary[];
const onOpen = vi.fn<(id: ConversationId) => void>();
const onCurrentDeleted = vi.fn<() => void>();
const onOnlyDeleted = vi.fn<() => void>();
const onCurrentRestored = vi.fn<(id: ConversationId) => void>();

beforeEach(() => {
  chats = [chat('Savings'), chat('Lease'), chat('SQL', 1), chat('Fans', 5), chat('Quiz', 20), chat('Tides', 70)];
  hearth = fakeHearth({ conversations: chats });
});
afterEach(() => {
  hideToast();
  openChats();
  setClient(null);
  vi.clearAllMocks();
});

function Sidebar({ currentId }: { currentId: ConversationId | null }) {
  useEffect(() => {
    const life = new AbortController();
    void followHistory(life.signal);
    return () => life.abort();
  }, []);
  return (
    <div className="side" style={{ height: 600 }}>
      <HistoryList
        currentId={currentId}
        onOpen={onOpen}
        onCurrentDeleted={onCurrentDeleted}
        onCurrentRestored={onCurrentRestored}
        onOnlyDeleted={onOnlyDeleted}
      />
      <ToastRegion words={TOAST_WORDS} />
    </div>
  );
}

const row = (name: string) => page.getByRole('button', { name, exact: true });
const rows = () => [...document.querySelectorAll<HTMLElement>('[data-chat]')].map((one) => one.textContent);
const inputsOf = (name: string) => hearth.calls.filter((call) => call.name === name).map((call) => call.input);

async function show(currentId: ConversationId | null = null): Promise<void> {
  await render(<Sidebar currentId={currentId} />);
  await expect.element(row('Savings')).toBeVisible();
}

test('chats stand by day, newest first, and the one on screen is marked', async () => {
  await show(chats[1]?.id);
  const month = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric' }).format(chats[5]?.updatedAtMs);
  const heads = page
    .getByRole('heading')
    .elements()
    .map((one) => one.textContent);
  expect(heads).toEqual(['Today', 'Yesterday', 'Previous 7 days', 'Previous 30 days', month]);
  expect(rows()).toEqual(['Savings', 'Lease', 'SQL', 'Fans', 'Quiz', 'Tides']);
  expect(row('Lease').element().getAttribute('aria-current')).toBe('page');
  expect(document.querySelectorAll('[aria-current]')).toHaveLength(1);
  await expect.element(page.getByRole('region', { name: month })).toBeVisible();
});

test('a click opens a chat', async () => {
  await show();
  await userEvent.click(row('SQL'));
  expect(onOpen).toHaveBeenCalledExactlyOnceWith(chats[2]?.id);
});

test('F2 renames in place: Enter keeps the name and the focus, and does not open the chat', async () => {
  await show();
  (row('Lease').element() as HTMLElement).focus();
  await userEvent.keyboard('{F2}');
  const field = page.getByRole('textbox', { name: 'Name of the chat' });
  await expect.element(field).toHaveFocus();
  await userEvent.keyboard('Clause 14{Enter}');
  await expect.element(row('Clause 14')).toHaveFocus();
  expect(inputsOf('conversations.rename')).toEqual([{ id: chats[1]?.id, title: 'Clause 14' }]);
  expect(onOpen).not.toHaveBeenCalled();
});

test('Esc leaves the name as it was; an empty one is not saved; leaving the field saves', async () => {
  await show();
  (row('Lease').element() as HTMLElement).focus();
  await userEvent.keyboard('{F2}Other{Escape}');
  await expect.element(row('Lease')).toHaveFocus();
  await userEvent.keyboard('{F2}{Backspace}{Enter}');
  await expect.element(row('Lease')).toHaveFocus();
  expect(inputsOf('conversations.rename')).toEqual([]);
  await userEvent.keyboard('{F2}Rent{Tab}');
  await expect.element(row('Rent')).toBeVisible();
  expect(inputsOf('conversations.rename')).toEqual([{ id: chats[1]?.id, title: 'Rent' }]);
});

test('a name that main refuses is taken back, with its sentence', async () => {
  await show();
  hearth.failNext('conversations.rename', 'The disk is full.');
  (row('Lease').element() as HTMLElement).focus();
  await userEvent.keyboard('{F2}Rent{Enter}');
  await expect.element(page.getByText('The disk is full.')).toBeVisible();
  await expect.element(row('Lease')).toBeVisible();
  expect(rows()).not.toContain('Rent');
});

test('Del deletes at once and moves on; Backspace does not delete; Ctrl+Z brings it back', async () => {
  await show();
  (row('Lease').element() as HTMLElement).focus();
  await userEvent.keyboard('{Backspace}');
  expect(rows()).toContain('Lease');
  await userEvent.keyboard('{Delete}');
  await expect.element(page.getByText('Chat deleted')).toBeVisible();
  expect(rows()).not.toContain('Lease');
  await expect.element(row('SQL')).toHaveFocus();
  expect(onCurrentDeleted).not.toHaveBeenCalled();
  await userEvent.keyboard('{Control>}z{/Control}');
  await expect.element(row('Lease')).toHaveFocus();
  expect(inputsOf('conversations.restore')).toEqual([{ id: chats[1]?.id }]);
  expect(rows()).toEqual(['Savings', 'Lease', 'SQL', 'Fans', 'Quiz', 'Tides']);
  await vi.waitFor(() => expect(page.getByText('Chat deleted').query()).toBeNull());
});

test('deleting the chat on screen from its menu leaves it; Undo opens it again', async () => {
  await show(chats[1]?.id);
  await userEvent.click(row('Lease'), { button: 'right' });
  await userEvent.click(page.getByRole('menuitem', { name: 'Delete' }));
  expect(onCurrentDeleted).toHaveBeenCalledOnce();
  await userEvent.click(page.getByRole('button', { name: 'Undo' }));
  await expect.element(row('Lease')).toBeVisible();
  await vi.waitFor(() => expect(onCurrentRestored).toHaveBeenCalledExactlyOnceWith(chats[1]?.id));
});

test('a deletion that main refuses brings the chat back, with its sentence instead of Undo', async () => {
  await show();
  hearth.failNext('conversations.delete', 'The history is locked.');
  (row('Lease').element() as HTMLElement).focus();
  await userEvent.keyboard('{Delete}');
  await expect.element(page.getByText('The history is locked.')).toBeVisible();
  await expect.element(row('Lease')).toBeVisible();
  expect(page.getByText('Undo').query()).toBeNull();
});

test('the menu renames too, and stays shut between rows', async () => {
  await show();
  await userEvent.click(page.getByRole('heading', { name: 'Today' }), { button: 'right' });
  expect(page.getByRole('menu').query()).toBeNull();
  await userEvent.click(row('Fans'), { button: 'right' });
  await userEvent.click(page.getByRole('menuitem', { name: 'Rename' }));
  await expect.element(page.getByRole('textbox', { name: 'Name of the chat' })).toHaveFocus();
});

test('the list is one tab stop; arrows, Home and End move in it', async () => {
  await show(chats[2]?.id);
  const stops = document.querySelectorAll<HTMLElement>('[data-chat][tabindex="0"]');
  expect([...stops].map((one) => one.textContent)).toEqual(['SQL']);
  (row('SQL').element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(row('Fans')).toHaveFocus();
  await userEvent.keyboard('{End}');
  await expect.element(row('Tides')).toHaveFocus();
  await userEvent.keyboard('{Home}{ArrowUp}');
  await expect.element(row('Savings')).toHaveFocus();
});

test('what main tells changes the list: new, renamed, moved up, deleted elsewhere', async () => {
  await show();
  const fresh = chat('Fresh', -0.0001);
  hearth.changes.say({ type: 'changed', conversation: { ...fresh, updatedAtMs: Date.now() } });
  await expect.element(row('Fresh')).toBeVisible();
  const [, , sql] = chats;
  if (!sql) throw new Error('no chat');
  hearth.changes.say({ type: 'changed', conversation: { ...sql, title: 'SQL, again', updatedAtMs: Date.now() + 1 } });
  await vi.waitFor(() => expect(rows().slice(0, 3)).toEqual(['SQL, again', 'Fresh', 'Savings']));
  hearth.changes.say({ type: 'deleted', id: fresh.id });
  await vi.waitFor(() => expect(rows()).toEqual(['SQL, again', 'Savings', 'Lease', 'Fans', 'Quiz', 'Tides']));
});

test('an empty history says so in one line', async () => {
  hearth.conversations = [];
  await render(<Sidebar currentId={null} />);
  await expect.element(page.getByText('No chats yet. What you ask is kept here.')).toBeVisible();
});

test('a list that cannot be loaded says why and can be tried again', async () => {
  hearth.failNext('conversations.list', 'The history could not be used.');
  await render(<Sidebar currentId={null} />);
  await expect.element(page.getByRole('alert').getByText('The history could not be used.')).toBeVisible();
  expect(page.getByText('No chats yet', { exact: false }).query()).toBeNull();
  await userEvent.click(page.getByRole('button', { name: 'Try again' }));
  await expect.element(row('Savings')).toBeVisible();
});

test('older chats come by the page when the list is scrolled, each once, also when one moved up meanwhile', async () => {
  hearth.conversations = Array.from({ length: 450 }, (_, at) => chat(`Chat ${at}`, at / 100));
  await render(<Sidebar currentId={null} />);
  await vi.waitFor(() => expect(rows()).toHaveLength(200));
  // The last one of the page moves to the top: the next page must start where the page ended.
  const last = hearth.conversations[199];
  if (!last) throw new Error('no chat');
  hearth.conversations[199] = { ...last, updatedAtMs: Date.now() + 1_000 };
  hearth.changes.say({ type: 'changed', conversation: hearth.conversations[199] });
  await vi.waitFor(() => expect(rows()[0]).toBe('Chat 199'));
  const scroller = page.getByRole('navigation').element();
  await vi.waitFor(() => {
    scroller.scrollTop = scroller.scrollHeight;
    expect(rows()).toHaveLength(450);
  });
  expect(new Set(rows()).size).toBe(450);
  expect(page.getByText('Show older chats').query()).toBeNull();
});

test('older chats that could not be loaded are asked for again by a press, not over and over', async () => {
  hearth.conversations = Array.from({ length: 250 }, (_, at) => chat(`Chat ${at}`, at / 100));
  await render(<Sidebar currentId={null} />);
  await vi.waitFor(() => expect(rows()).toHaveLength(200));
  hearth.failNext('conversations.list', 'The disk is asleep.');
  const scroller = page.getByRole('navigation').element();
  scroller.scrollTop = scroller.scrollHeight;
  await expect.element(page.getByText('The disk is asleep.')).toBeVisible();
  // Two frames: time enough for whoever watches the row to see it again.
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  expect(rows()).toHaveLength(200);
  await userEvent.click(page.getByText('Show older chats'));
  await vi.waitFor(() => expect(rows()).toHaveLength(250));
});

test('a chat in which an answer is written or waited for says so', async () => {
  await show();
  const [savings, lease] = chats;
  if (!savings || !lease) throw new Error('no chats');
  useSettings.setState({
    queue: {
      lanes: [],
      chats: [
        { id: savings.id, state: 'running' },
        { id: lease.id, state: 'waiting' },
      ],
    },
  });
  await expect.element(row('Savings , being answered')).toBeVisible();
  await expect.element(row('Lease , waiting in line')).toBeVisible();
  useSettings.setState({ queue: { lanes: [], chats: [] } });
  await expect.element(row('Savings')).toBeVisible();
  await expect.element(row('Lease')).toBeVisible();
});

test('several deletions are undone one by one, and each chat stands at its place again', async () => {
  await show();
  (row('Lease').element() as HTMLElement).focus();
  await userEvent.keyboard('{Delete}{Delete}{Delete}');
  await expect.element(page.getByText('3 chats deleted')).toBeVisible();
  expect(rows()).toEqual(['Savings', 'Quiz', 'Tides']);
  await userEvent.keyboard('{Control>}z{/Control}');
  await expect.element(row('Fans')).toHaveFocus();
  await userEvent.keyboard('{Control>}z{/Control}');
  await expect.element(row('SQL')).toHaveFocus();
  await userEvent.click(page.getByRole('button', { name: 'Undo', exact: true }));
  await vi.waitFor(() => expect(rows()).toEqual(['Savings', 'Lease', 'SQL', 'Fans', 'Quiz', 'Tides']));
});

test('a chat that came back by others, or is gone for good, is not offered for undoing any more', async () => {
  await show();
  (row('Lease').element() as HTMLElement).focus();
  await userEvent.keyboard('{Delete}{Delete}{Delete}');
  await expect.element(page.getByText('3 chats deleted')).toBeVisible();
  const [, lease, sql] = chats;
  if (!lease || !sql) throw new Error('no chats');
  hearth.changes.say({ type: 'gone', ids: [lease.id] });
  await expect.element(page.getByText('2 chats deleted')).toBeVisible();
  hearth.changes.say({ type: 'changed', conversation: sql });
  await expect.element(page.getByText('Chat deleted', { exact: true })).toBeVisible();
});

test('the toast leads to the bin', async () => {
  await show();
  (row('Lease').element() as HTMLElement).focus();
  await userEvent.keyboard('{Delete}');
  await userEvent.click(page.getByRole('button', { name: 'Chat deleted' }));
  expect(useNavigation.getState().place).toEqual({ page: 'bin' });
  openChats();
  await userEvent.click(page.getByRole('button', { name: 'Bin' }));
  expect(useNavigation.getState().place).toEqual({ page: 'bin' });
  await expect.element(page.getByRole('button', { name: 'Bin' })).toHaveAttribute('aria-current', 'page');
});

for (const way of ['the button of its row', 'a right click'] as const) {
  test(`deleting by ${way} leaves the focus on the next row, of the last one on the row before`, async () => {
    await show();
    const remove = async (name: string) => {
      if (way === 'a right click') await userEvent.click(row(name), { button: 'right' });
      else {
        await userEvent.hover(row(name));
        await userEvent.click(page.getByRole('button', { name: `Actions for ${name}` }));
      }
      await userEvent.click(page.getByRole('menuitem', { name: 'Delete' }));
    };
    await remove('Lease');
    await expect.element(row('SQL')).toHaveFocus();
    await remove('Tides');
    await expect.element(row('Quiz')).toHaveFocus();
    expect(rows()).toEqual(['Savings', 'SQL', 'Fans', 'Quiz']);
  });
}

test('after the only chat the focus goes where the window says', async () => {
  hearth.conversations = [chats[0]!];
  await show();
  (row('Savings').element() as HTMLElement).focus();
  await userEvent.keyboard('{Delete}');
  expect(onOnlyDeleted).toHaveBeenCalledOnce();
  await expect.element(page.getByText('No chats yet. What you ask is kept here.')).toBeVisible();
});

test('Tab leads from a row to its menu, which opens by keys at its first entry and renames', async () => {
  await show();
  (row('Lease').element() as HTMLElement).focus();
  await userEvent.keyboard('{Tab}');
  await expect.element(page.getByRole('button', { name: 'Actions for Lease' })).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('menuitem', { name: 'Rename' })).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('textbox', { name: 'Name of the chat' })).toHaveFocus();
  expect(onOpen).not.toHaveBeenCalled();
});

test('a long title is whole for a screen reader, cut on the screen, and told by a tooltip only then', async () => {
  const long = 'Please explain to me how the garbage collector of a modern virtual machine works, in all its detail';
  hearth.conversations = [chat(long), chat('Short')];
  await render(
    <>
      <Sidebar currentId={null} />
      <TooltipLayer />
    </>,
  );
  await expect.element(row(long)).toBeVisible();
  const words = row(long).element().querySelector('.clip')!;
  expect(words.scrollWidth).toBeGreaterThan(words.clientWidth);
  const tip = () => document.querySelector<HTMLElement>('.tip:popover-open')?.textContent ?? null;
  await userEvent.hover(row(long));
  await vi.waitFor(() => expect(tip()).toBe(long));
  await userEvent.hover(page.getByRole('button', { name: 'Bin' }));
  await vi.waitFor(() => expect(tip()).toBe('Bin'));
  await userEvent.hover(row('Short'));
  await userEvent.hover(page.getByRole('button', { name: 'Actions for Short' }));
  await vi.waitFor(() => expect(tip()).toBe('Actions for Short'));
});
