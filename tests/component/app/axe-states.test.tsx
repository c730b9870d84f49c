// What the window shows on request, and in a narrow window, as axe sees it in both themes: menus, dialogs, the bin, notices.
import '../../../src/renderer/ui/styles.css';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { useChatStore } from '../../../src/renderer/features/chat/index.ts';
import { openBin, openChats, setClient } from '../../../src/renderer/lib/index.ts';
import { App } from '../../../src/renderer/main/app.tsx';
import { hideToast } from '../../../src/renderer/ui/index.ts';
import { answerMessage, conversationOf, questionMessage } from '../../support/answers.ts';
import { axeFindings } from '../../support/component/axe.ts';
import { chat, fakeHearth, OLLAMA_READY } from '../../support/component/fake-hearth.ts';

beforeEach(async () => {
  await page.viewport(1280, 800);
  openChats();
  useChatStore.getState().startNew();
});
afterEach(() => {
  hideToast();
  setClient(null);
  delete document.documentElement.dataset.theme;
});

const DAY_MS = 86_400_000;

async function show() {
  const lease = chat('Lease');
  const deleted = chat('Old plans', 3);
  const deletedAtMs = Date.now() - 2 * DAY_MS;
  const hearth = fakeHearth({
    conversations: [lease, chat('Savings')],
    bin: [{ ...deleted, bin: { deletedAtMs, goneAtMs: deletedAtMs + 30 * DAY_MS } }],
    messages: {
      [lease.id]: conversationOf('Lease', [questionMessage('Explain it'), answerMessage('done', 'Gladly.')]).messages,
    },
    backends: OLLAMA_READY,
  });
  await render(<App />);
  await expect.element(page.getByRole('button', { name: 'Lease', exact: true })).toBeVisible();
  return { hearth, lease };
}
const row = () => page.getByRole('button', { name: 'Lease', exact: true });
/** In the list, not in the title bar. */
const listed = () => page.getByRole('navigation', { name: 'Chats' });
const findings = () => axeFindings();

describe.each(['light', 'dark'])('%s', (theme) => {
  beforeEach(() => {
    document.documentElement.dataset.theme = theme;
  });

  test('a menu of a chat, its name being changed, and a deletion that can be undone', async () => {
    await show();
    row().element().focus();
    await row().click({ button: 'right' });
    await expect.element(page.getByRole('menu')).toBeVisible();
    // A menu floats above the regions of the page, and is left again at once.
    expect(await axeFindings({ without: ['region'] })).toEqual([]);
    await page.getByRole('menuitem', { name: /Rename/ }).click();
    await expect.element(page.getByRole('textbox', { name: 'Name of the chat' })).toBeVisible();
    expect(await findings()).toEqual([]);
    await userEvent.keyboard('{Escape}');
    row().element().focus();
    await userEvent.keyboard('{Delete}');
    await expect.element(page.getByRole('button', { name: /Undo/ }).first()).toBeVisible();
    expect(await findings()).toEqual([]);
  });

  test('the bin, and what is asked before something goes for good', async () => {
    await show();
    openBin();
    await expect.element(page.getByText('Old plans')).toBeVisible();
    expect(await findings()).toEqual([]);
  });

  test('a narrow window, with its sidebar over the page', async () => {
    const { lease } = await show();
    await useChatStore.getState().open(lease.id);
    await page.viewport(880, 600);
    await vi.waitFor(() => expect(listed().query()).toBeNull());
    expect(await findings()).toEqual([]);
    await userEvent.keyboard('{Control>}b{/Control}');
    await expect.element(listed()).toBeVisible();
    expect(await findings()).toEqual([]);
  });

  test('a notice above the page', async () => {
    const { hearth } = await show();
    const info = { code: 'settings_corrupt' as const, message: 'Your settings could not be read.', params: {} };
    hearth.setStatus({ notices: [{ id: 'n', info }] });
    await vi.waitFor(() => expect(document.body.textContent).toContain('could not be read'));
    expect(await findings()).toEqual([]);
  });
});
