import '../../../src/renderer/ui/styles.css';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { useChatStore } from '../../../src/renderer/features/chat/index.ts';
import { openChats, openOnboarding, openSettings, setClient } from '../../../src/renderer/lib/index.ts';
import { App } from '../../../src/renderer/main/app.tsx';
import { hideToast } from '../../../src/renderer/ui/index.ts';
import { answerMessage, questionMessage } from '../../support/answers.ts';
import type { FakeOptions } from '../../support/component/fake-hearth.ts';
import { chat, fakeHearth } from '../../support/component/fake-hearth.ts';

const problem = {
  code: 'storage_newer' as const,
  message: 'The history was written by a newer Hearth. Update Hearth, then try again.',
  params: {},
  detail: 'user_version 7',
};

beforeEach(async () => {
  await page.viewport(1280, 800);
  openChats();
  useChatStore.getState().startNew();
  useChatStore.getState().setDraft('');
});
afterEach(() => {
  hideToast();
  setClient(null);
});

const composer = () => page.getByRole('textbox', { name: 'Message', exact: true });
const row = (name: string) =>
  page.getByRole('navigation', { name: 'Chats' }).getByRole('button', { name, exact: true });
const sidebar = (name = 'Chats') => page.getByRole('complementary', { name });
const press = (keys: string) => userEvent.keyboard(keys);

async function show(options: FakeOptions = {}) {
  const chats = [chat('Savings'), chat('Lease')];
  const hearth = fakeHearth({ conversations: chats, ...options });
  await render(<App />);
  return { hearth, chats };
}

test('the composer takes words before anything has answered', async () => {
  const { hearth } = await show({ status: { phase: 'starting' } });
  await expect.element(composer()).toHaveFocus();
  await press('Early words');
  await expect.element(composer()).toHaveValue('Early words');
  expect(hearth.calls.filter((call) => call.name === 'conversations.list' && isPage(call.input))).toEqual([]);
  await expect.element(page.getByRole('status', { name: 'Loading chats' })).toBeInTheDocument();
  hearth.setStatus({ phase: 'ready' });
  await expect.element(row('Savings')).toBeVisible();
  await expect.element(composer()).toHaveValue('Early words');
});

test('a history that cannot be opened is told, with what to do, and comes back', async () => {
  const { hearth } = await show({ status: { phase: 'blocked', problem } });
  await expect.element(page.getByRole('heading', { name: 'Hearth can’t open your history' })).toBeVisible();
  await expect.element(page.getByText(problem.message)).toBeVisible();
  await expect.element(page.getByText('/home/user/.local/share/hearth')).toBeVisible();
  expect(page.getByRole('textbox').query()).toBeNull();
  expect(page.getByText('No chats yet', { exact: false }).query()).toBeNull();

  await userEvent.click(page.getByRole('button', { name: 'Open data folder' }));
  expect(hearth.calls.some((call) => call.name === 'app.openDataFolder')).toBe(true);
  hearth.failNext('app.retry', 'The disk is gone.');
  await userEvent.click(page.getByRole('button', { name: 'Try again' }));
  await expect.element(page.getByText('The disk is gone.')).toBeVisible();

  await userEvent.click(page.getByRole('button', { name: 'Try again' }));
  hearth.setStatus({ phase: 'ready', problem: null });
  await expect.element(row('Savings')).toBeVisible();
});

test('a history that is lost while Hearth runs takes the window, not its draft', async () => {
  const { hearth } = await show();
  await expect.element(composer()).toHaveFocus();
  await press('Unsent');
  hearth.setStatus({ phase: 'blocked', problem });
  await expect.element(page.getByText(problem.message)).toBeVisible();
  hearth.setStatus({ phase: 'ready', problem: null });
  await expect.element(composer()).toHaveValue('Unsent');
});

test('a notice stands below the bar until it is dismissed', async () => {
  const info = { code: 'settings_corrupt' as const, message: 'Your settings could not be read.', params: {} };
  const { hearth } = await show({ status: { notices: [{ id: 'one', info }] } });
  await expect.element(page.getByText(info.message)).toBeVisible();
  await userEvent.click(page.getByRole('button', { name: 'Dismiss this notice' }));
  await vi.waitFor(() => expect(page.getByText(info.message).query()).toBeNull());
  expect(hearth.calls.at(-1)).toEqual({ name: 'app.dismissNotice', input: { id: 'one' } });
});

test('a chat opens from the sidebar and is marked; Ctrl+N leaves it', async () => {
  const { chats } = await show();
  await userEvent.click(row('Lease'));
  expect(useChatStore.getState().conversationId).toBe(chats[1]?.id);
  expect(row('Lease').element().getAttribute('aria-current')).toBe('page');
  await expect.element(page.getByRole('heading', { name: 'Lease', level: 1 })).toBeVisible();
  await press('{Control>}n{/Control}');
  expect(useChatStore.getState().conversationId).toBeNull();
  await vi.waitFor(() => expect(document.querySelector('[data-chat][aria-current]')).toBeNull());
});

test('deleting the open chat leads to a new one; Ctrl+Z brings it back on screen', async () => {
  const { chats } = await show();
  await userEvent.click(row('Lease'));
  (row('Lease').element() as HTMLElement).focus();
  await press('{Delete}');
  await expect.element(page.getByText('Chat deleted')).toBeVisible();
  expect(useChatStore.getState().conversationId).toBeNull();
  await press('{Control>}z{/Control}');
  await vi.waitFor(() => expect(useChatStore.getState().conversationId).toBe(chats[1]?.id));
  await expect.element(row('Lease')).toBeVisible();
});

test('the settings keep the draft; Esc returns, and saves the field that was being edited', async () => {
  const { hearth } = await show();
  await expect.element(composer()).toHaveFocus();
  await press('Unsent');
  await press('{Control>},{/Control}');
  await expect.element(page.getByRole('heading', { name: 'General', level: 1 })).toHaveFocus();
  await expect.element(sidebar('Settings')).toBeVisible();
  expect(composer().query()).toBeNull();
  await userEvent.click(page.getByRole('button', { name: 'Advanced', exact: true }));
  await userEvent.fill(page.getByRole('textbox', { name: 'Connecting' }), '7');
  await press('{Control>}n{/Control}');
  await expect.element(sidebar()).toBeVisible();
  await vi.waitFor(() => expect(hearth.settings.timeouts.connectMs).toBe(7_000));

  await press('{Control>},{/Control}');
  await expect.element(page.getByRole('heading', { name: 'General', level: 1 })).toHaveFocus();
  await press('{Escape}');
  await expect.element(composer()).toHaveFocus();
  await expect.element(composer()).toHaveValue('Unsent');
});

test('Ctrl+B hides the sidebar, is remembered, and the bar brings it back', async () => {
  const { hearth } = await show();
  await expect.element(sidebar()).toBeVisible();
  await press('{Control>}b{/Control}');
  await vi.waitFor(() => expect(sidebar().query()).toBeNull());
  await vi.waitFor(() => expect(hearth.settings.window.isSidebarOpen).toBe(false));
  await userEvent.click(page.getByRole('button', { name: 'Show sidebar' }));
  await expect.element(sidebar()).toBeVisible();
  await vi.waitFor(() => expect(hearth.settings.window.isSidebarOpen).toBe(true));
});

test('in a narrow window the sidebar lies over the pane, and gives the focus back', async () => {
  await page.viewport(900, 600);
  const { hearth, chats } = await show();
  await expect.element(composer()).toHaveFocus();
  expect(sidebar().query()).toBeNull();
  await press('{Control>}b{/Control}');
  await expect.element(sidebar()).toBeVisible();
  expect(sidebar().element().contains(document.activeElement)).toBe(true);
  // What lies under it can't be reached before it is gone.
  (document.querySelector('.composer textarea') as HTMLElement).focus();
  expect(sidebar().element().contains(document.activeElement)).toBe(true);
  await press('{Escape}');
  await vi.waitFor(() => expect(sidebar().query()).toBeNull());
  await expect.element(composer()).toHaveFocus();
  await press('{Control>}b{/Control}');
  await userEvent.click(row('Lease'));
  expect(useChatStore.getState().conversationId).toBe(chats[1]?.id);
  await vi.waitFor(() => expect(sidebar().query()).toBeNull());
  expect(hearth.settings.window.isSidebarOpen).toBe(true);
  // The page that was chosen there is not left lying under it.
  await press('{Control>},{/Control}{Control>}b{/Control}');
  await userEvent.click(
    page.getByRole('complementary', { name: 'Settings' }).getByRole('button', { name: 'Advanced' }),
  );
  await vi.waitFor(() => expect(sidebar('Settings').query()).toBeNull());
  await expect.element(page.getByRole('heading', { name: 'Advanced', level: 1 })).toHaveFocus();
});

test('F6 goes through the parts of the window and returns to where one was', async () => {
  await show();
  await userEvent.click(row('Lease'));
  await expect.element(composer()).toHaveFocus();
  const part = () => document.activeElement?.closest('[data-region]')?.getAttribute('data-region');
  await press('{F6}');
  expect(part()).toBe('sidebar');
  expect(document.activeElement).toBe(row('Lease').element());
  await press('{ArrowUp}{F6}');
  expect(part()).toBe('title');
  await press('{F6}');
  expect(part()).toBe('conversation');
  await press('{F6}');
  expect(part()).toBe('composer');
  await press('{Shift>}{F6}{/Shift}{Shift>}{F6}{/Shift}{Shift>}{F6}{/Shift}');
  expect(part()).toBe('sidebar');
  expect(document.activeElement).toBe(row('Savings').element());
});

test('Esc stops the answer also after the settings were open, and only then leads back to writing', async () => {
  const question = questionMessage('Go');
  const running = [question, answerMessage('streaming', 'So far', { parentId: question.id })];
  const lease = chat('Lease');
  const { hearth } = await show({ conversations: [lease], messages: { [lease.id]: running } });
  await userEvent.click(row('Lease'));
  await expect.element(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  await press('{Control>},{/Control}');
  await expect.element(page.getByRole('heading', { name: 'General', level: 1 })).toHaveFocus();
  await press('{Escape}');
  await expect.element(composer()).toHaveFocus();
  const stops = () => hearth.calls.filter((call) => call.name === 'chat.stop').length;
  expect(stops()).toBe(0);
  await press('{Escape}');
  await vi.waitFor(() => expect(stops()).toBe(1));
});

test('Esc leads back to writing', async () => {
  await show();
  await expect.element(row('Lease')).toBeVisible();
  (row('Lease').element() as HTMLElement).focus();
  await press('{Escape}');
  await expect.element(composer()).toHaveFocus();
  await press('abc{ArrowLeft}{Escape}x');
  await expect.element(composer()).toHaveValue('abxc');
});

test('every control of the window has a name', async () => {
  await show();
  await expect.element(row('Lease')).toBeVisible();
  for (const role of ['button', 'textbox', 'navigation', 'complementary'] as const) {
    const all = page.getByRole(role).elements().length;
    expect(all).toBeGreaterThan(0);
    expect(page.getByRole(role, { name: /\S/ }).elements()).toHaveLength(all);
  }
  expect(page.getByRole('main').elements()).toHaveLength(1);
});

test('settings that were opened while setting up lead back to it', async () => {
  await show();
  openOnboarding();
  await expect.element(page.getByRole('heading', { name: 'Choose an engine' })).toBeVisible();
  openSettings('models');
  await page.getByRole('button', { name: 'Back to setting up' }).click();
  await expect.element(page.getByRole('heading', { name: 'Choose an engine' })).toBeVisible();
  openSettings('models');
  openSettings('engine');
  await expect.element(page.getByRole('button', { name: 'Back to setting up' })).toBeVisible();
  await press('{Escape}');
  await expect.element(page.getByRole('heading', { name: 'Choose an engine' })).toBeVisible();
});

/** The list of the sidebar asks for a page; a suggestion of the new chat for one. */
function isPage(input: unknown): boolean {
  return (input as { limit?: number }).limit !== 1;
}

test('the title of the open chat is a menu: renamed in its place, deleted from there, brought back on screen', async () => {
  await show();
  await userEvent.click(row('Lease'));
  const title = page.getByRole('heading', { name: 'Lease', level: 1 });
  await userEvent.click(title.getByRole('button'));
  await userEvent.click(page.getByRole('menuitem', { name: 'Rename' }));
  await expect.element(page.getByRole('textbox', { name: 'Name of the chat' })).toHaveFocus();
  await press('Clause{Enter}');
  await expect.element(page.getByRole('heading', { name: 'Clause', level: 1 }).getByRole('button')).toHaveFocus();
  await press('{F2}Clause 14{Enter}');
  const renamed = page.getByRole('heading', { name: 'Clause 14', level: 1 }).getByRole('button');
  await expect.element(renamed).toHaveFocus();
  await expect.element(row('Clause 14')).toBeVisible();
  const words = renamed.element().querySelector('.clip')!;
  expect(words.scrollWidth).toBe(words.clientWidth);
  await press('{Enter}');
  await userEvent.click(page.getByRole('menuitem', { name: 'Delete' }));
  await expect.element(page.getByRole('heading', { name: 'What would you like to work on?' })).toBeVisible();
  await expect.element(composer()).toHaveFocus();
  await press('{Control>}z{/Control}');
  await expect.element(renamed).toBeVisible();
});

test('a chat in the bin is looked into and not changed; restored, it goes on', async () => {
  const told = [questionMessage('Go'), answerMessage('stopped', 'So far')];
  const lease = chat('Lease');
  await show({ conversations: [lease, chat('Savings')], messages: { [lease.id]: told } });
  (row('Lease').element() as HTMLElement).focus();
  await press('{Delete}');
  await userEvent.click(page.getByRole('button', { name: 'Bin' }));
  await userEvent.click(page.getByRole('list', { name: '1 deleted chat' }).getByText('Lease'));
  await expect.element(page.getByText('So far')).toBeVisible();
  await expect.element(page.getByText('In the bin, 30 days left. Restore to go on.')).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Restore' })).toHaveFocus();
  expect(composer().query()).toBeNull();
  expect(page.getByRole('button', { name: /Ask again|Go on/ }).query()).toBeNull();
  expect(page.getByRole('heading', { name: 'Lease', level: 1 }).getByRole('button').query()).toBeNull();
  await press('{Enter}');
  await expect.element(composer()).toHaveFocus();
  await expect.element(row('Lease')).toHaveAttribute('aria-current', 'page');
});

test('in a narrow window a new chat and the sections of the settings stay in reach', async () => {
  await page.viewport(880, 600);
  await show();
  const newChat = page.getByRole('button', { name: 'New chat', exact: true });
  await expect.element(newChat).toBeVisible();
  openSettings('general');
  const sections = page.getByRole('combobox', { name: 'Section of the settings' });
  await expect.element(sections).toHaveValue('general');
  await userEvent.selectOptions(sections, 'Advanced');
  await expect.element(page.getByRole('heading', { name: 'Advanced', level: 1 })).toHaveFocus();
  await newChat.click();
  await expect.element(composer()).toHaveFocus();
});

test('a page has a greatest width, in the middle of a wide window', async () => {
  await page.viewport(1800, 1000);
  await show();
  openSettings('general');
  await expect.element(page.getByRole('heading', { name: 'General', level: 1 })).toBeVisible();
  const pane = document.querySelector('.page')?.getBoundingClientRect();
  const head = document.querySelector('.page-head')?.getBoundingClientRect();
  expect(head?.width).toBeLessThanOrEqual(960);
  expect(Math.abs((head?.left ?? 0) - (pane?.left ?? 0) - ((pane?.right ?? 0) - (head?.right ?? 0)))).toBeLessThan(20);
});
