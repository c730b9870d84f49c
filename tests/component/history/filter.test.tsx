// Chats by who answered: the menu of sources, the chip that says what is listed, and a list that stays true.
import '../../../src/renderer/ui/styles.css';
import { useEffect } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import type { ConversationSummary, KnownSource } from '../../../src/contract/conversations.ts';
import { followHistory, HistoryList } from '../../../src/renderer/features/history/index.ts';
import { setClient } from '../../../src/renderer/lib/index.ts';
import { hideToast } from '../../../src/renderer/ui/index.ts';
import type { FakeHearth } from '../../support/component/fake-hearth.ts';
import { chat, fakeHearth } from '../../support/component/fake-hearth.ts';

type Source = Omit<KnownSource, 'conversations'>;
const LLAMA: Source = { kind: 'ollama', label: 'Ollama', host: '127.0.0.1:11434', model: 'llama3.2:3b' };
const QWEN: Source = { ...LLAMA, model: 'qwen2.5:7b' };
const STUDIO: Source = { kind: 'openai', label: 'Studio', host: 'studio.local:1234', model: 'big-70b' };
const DEMO: Source = { kind: 'demo', label: 'Demo', host: null, model: null };

let hearth: FakeHearth;
let chats: ConversationSummary[];

beforeEach(() => {
  chats = [chat('Savings'), chat('Lease'), chat('SQL', 1), chat('Fans', 5)];
  hearth = fakeHearth({ conversations: chats });
  answered('Savings', LLAMA, QWEN);
  answered('Lease', LLAMA);
  answered('SQL', STUDIO);
  answered('Fans', DEMO);
});
afterEach(() => {
  hideToast();
  setClient(null);
});

function named(title: string): ConversationSummary {
  const found = hearth.conversations.find((one) => one.title === title);
  if (!found) throw new Error(`no chat ${title}`);
  return found;
}

function answered(title: string, ...sources: Source[]): void {
  hearth.answeredBy.set(named(title).id, sources);
}

function Sidebar() {
  useEffect(() => {
    const life = new AbortController();
    void followHistory(life.signal);
    return () => life.abort();
  }, []);
  return (
    <div className="side" style={{ height: 600 }}>
      <HistoryList
        currentId={null}
        onOpen={() => undefined}
        onCurrentDeleted={() => undefined}
        onCurrentRestored={() => undefined}
        onOnlyDeleted={() => undefined}
      />
    </div>
  );
}

const rows = () => [...document.querySelectorAll<HTMLElement>('[data-chat]')].map((one) => one.textContent);
const listed = (...titles: string[]) => vi.waitFor(() => expect(rows()).toEqual(titles));
const button = page.getByRole('button', { name: 'Filter by who answered' });
const option = (name: string) => page.getByRole('menuitemradio', { name, exact: true });
const chip = page.getByRole('button', { name: /^Show all chats\./ });
const lists = () => hearth.calls.filter(({ name }) => name === 'conversations.list').length;

async function show(): Promise<void> {
  await render(<Sidebar />);
  await listed('Savings', 'Lease', 'SQL', 'Fans');
}

async function filterBy(name: string): Promise<void> {
  await button.click();
  await option(name).click();
}

test('the menu names backends, servers and models with how many chats each has', async () => {
  await show();
  await button.click();
  await expect.element(option('All chats')).toHaveAttribute('aria-checked', 'true');
  // Two models of one backend may have answered in the same chat.
  await expect.element(option('Ollama up to 3')).toBeVisible();
  await expect.element(option('Studio 1')).toBeVisible();
  await expect.element(option('studio.local 1')).toBeVisible();
  await expect.element(option('llama3.2 3B 2')).toBeVisible();
  await expect.element(option('qwen2.5 7B 1')).toBeVisible();
  await expect.element(page.getByRole('group', { name: 'Server' })).toBeVisible();
});

test('models that read alike are told apart by their names', async () => {
  answered('Fans', { ...STUDIO, model: 'llama3.2:3B' });
  await show();
  await button.click();
  await expect.element(option('llama3.2:3b 2')).toBeVisible();
  await expect.element(option('llama3.2:3B 1')).toBeVisible();
});

test('a choice lists only those chats, is shown as a chip, and is taken back by it', async () => {
  await show();
  await filterBy('Ollama up to 3');
  await listed('Savings', 'Lease');
  await expect.element(chip).toHaveTextContent('Ollama');
  await filterBy('qwen2.5 7B 1');
  await listed('Savings');
  await button.click();
  await expect.element(option('qwen2.5 7B 1')).toHaveAttribute('aria-checked', 'true');
  await userEvent.keyboard('{Escape}');
  await chip.click();
  await listed('Savings', 'Lease', 'SQL', 'Fans');
  await expect.element(button).toHaveFocus();
});

test('a model and a server filter by themselves', async () => {
  await show();
  await filterBy('studio.local 1');
  await listed('SQL');
  expect(hearth.calls.at(-1)?.input).toMatchObject({ source: { host: 'studio.local:1234' } });
});

test('an empty list says what it is filtered by', async () => {
  await show();
  await filterBy('Studio 1');
  await listed('SQL');
  hearth.changes.say({ type: 'deleted', id: named('SQL').id });
  await expect.element(page.getByText('No chat has an answer by Studio.')).toBeVisible();
  await expect.element(chip).toBeVisible();
});

test('a chat that gets such an answer comes into the list, any other does not', async () => {
  await show();
  await filterBy('Studio 1');
  await listed('SQL');
  const before = lists();
  const lease = { ...named('Lease'), updatedAtMs: Date.now() };
  hearth.conversations = hearth.conversations.map((one) => (one.id === lease.id ? lease : one));
  hearth.changes.say({ type: 'changed', conversation: lease });
  await vi.waitFor(() => expect(lists()).toBe(before + 1));
  expect(rows()).toEqual(['SQL']);
  answered('Lease', LLAMA, STUDIO);
  hearth.changes.say({ type: 'changed', conversation: lease });
  await listed('Lease', 'SQL');
  // One that is listed stays, and is changed without a question.
  const asked = lists();
  hearth.changes.say({ type: 'changed', conversation: { ...lease, title: 'The lease' } });
  await listed('The lease', 'SQL');
  expect(lists()).toBe(asked);
});

test('what main finds after another filter was chosen comes too late', async () => {
  await show();
  await filterBy('Studio 1');
  await listed('SQL');
  hearth.changes.say({ type: 'changed', conversation: { ...named('Savings'), title: 'Late' } });
  await chip.click();
  await listed('Savings', 'Lease', 'SQL', 'Fans');
});

test('pages of a filtered list come by the filter', async () => {
  const more = Array.from({ length: 250 }, (_each, index) => chat(`Chat ${index}`, 1));
  hearth.conversations = [...hearth.conversations, ...more];
  for (const { title } of more) answered(title, DEMO);
  await render(<Sidebar />);
  await vi.waitFor(() => expect(rows().length).toBeGreaterThan(3));
  await filterBy('Demo 251');
  await vi.waitFor(() => expect(rows()).not.toContain('Savings'));
  await vi.waitFor(() => {
    document.querySelector('.side-scroll')?.scrollTo(0, 1e6);
    expect(rows()).toHaveLength(251);
  });
  expect(new Set(rows()).size).toBe(251);
});

test('says why the sources could not be read', async () => {
  await show();
  hearth.failNext('conversations.sources', 'The history is locked.');
  await button.click();
  await expect.element(page.getByText('Who answered could not be read: The history is locked.')).toBeVisible();
});
