// The page Memory: what is remembered is read, changed, switched off, removed with a way back, and added by hand.
import '../../../src/renderer/ui/styles.css';
import '../../../src/renderer/lib/i18n.ts';
import { Suspense, useEffect } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import type { ConversationId } from '../../../src/contract/ids.ts';
import { MemoryPage } from '../../../src/renderer/features/facts/index.ts';
import { followSettings } from '../../../src/renderer/features/settings/index.ts';
import { openChats, setClient, useNavigation } from '../../../src/renderer/lib/index.ts';
import { hideToast, ToastRegion } from '../../../src/renderer/ui/index.ts';
import { fact } from '../../support/component/fake-facts.ts';
import type { FakeHearth } from '../../support/component/fake-hearth.ts';
import { fakeHearth, OLLAMA, OLLAMA_READY } from '../../support/component/fake-hearth.ts';
import { TOAST_WORDS } from '../../support/component/toast-words.ts';

let hearth: FakeHearth;
const onOpenChat = vi.fn<(id: ConversationId) => void>();
const OSLO = fact('Lives in Oslo.');
const TEA = fact('Drinks tea.', { createdAtMs: OSLO.createdAtMs - 1_000, source: null });

beforeEach(() => {
  hearth = fakeHearth();
});
afterEach(() => {
  hideToast();
  setClient(null);
  vi.clearAllMocks();
  openChats();
});

function Window() {
  useEffect(() => {
    const life = new AbortController();
    void followSettings(life.signal);
    return () => life.abort();
  }, []);
  return (
    <main className="main">
      <Suspense fallback={null}>
        <MemoryPage onOpenChat={onOpenChat} />
      </Suspense>
      <ToastRegion words={TOAST_WORDS} />
    </main>
  );
}

async function show(...facts: (typeof OSLO)[]) {
  hearth.facts.set(facts);
  await render(<Window />);
  await expect.element(page.getByRole('switch', { name: 'Learn from what you write' })).toBeVisible();
}

const texts = () => [...document.querySelectorAll('.fact-text')].map((one) => one.textContent);
const inputsOf = (name: string) => hearth.calls.filter((call) => call.name === name).map((call) => call.input);
const button = (name: string) => page.getByRole('button', { name, exact: true });

test('facts are listed with their day, and lead to the chat where they were said', async () => {
  await show(TEA, OSLO);
  await vi.waitFor(() => expect(texts()).toEqual(['Lives in Oslo.', 'Drinks tea.']));
  await expect.element(page.getByText(/Noted Nov 5, 2026/).first()).toBeVisible();
  // One that was written by hand was said nowhere.
  expect(page.getByRole('button', { name: /^Open the chat/ }).elements()).toHaveLength(1);
  await button('Open the chat where you said: Lives in Oslo.').click();
  expect(onOpenChat).toHaveBeenCalledWith(OSLO.source?.conversationId);
});

test('one is edited in its place: Enter keeps, Esc does not, an empty one is not kept', async () => {
  await show(OSLO);
  const edit = button('Edit: Lives in Oslo.');
  await edit.click();
  const field = page.getByRole('textbox', { name: 'Fact', exact: true });
  await expect.element(field).toHaveFocus();
  await field.fill('Elsewhere.');
  await userEvent.keyboard('{Escape}');
  await expect.element(edit).toHaveFocus();
  expect(useNavigation.getState().place).toEqual({ page: 'chat' });
  await edit.click();
  await field.fill('  ');
  await userEvent.keyboard('{Enter}');
  expect(inputsOf('facts.edit')).toEqual([]);
  await edit.click();
  await field.fill('Lives in Bergen.');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(texts()).toEqual(['Lives in Bergen.']));
  expect(inputsOf('facts.edit')).toEqual([{ id: OSLO.id, text: 'Lives in Bergen.' }]);
});

test('one is switched off, and stays as it was when main refuses', async () => {
  await show(OSLO);
  const use = page.getByRole('switch', { name: 'Tell models: Lives in Oslo.' });
  await expect.element(use).toHaveAttribute('aria-checked', 'true');
  await use.click();
  await expect.element(use).toHaveAttribute('aria-checked', 'false');
  await expect.element(page.getByText(/Not told to models/)).toBeVisible();
  hearth.failNext('facts.edit', 'The history is read-only.');
  await use.click();
  await expect.element(page.getByText('The history is read-only.')).toBeVisible();
  await expect.element(use).toHaveAttribute('aria-checked', 'false');
});

test('one is removed at once, and Undo brings it back', async () => {
  await show(OSLO, TEA);
  await button('Remove: Lives in Oslo.').click();
  await vi.waitFor(() => expect(texts()).toEqual(['Drinks tea.']));
  expect(inputsOf('facts.remove')).toEqual([{ id: OSLO.id }]);
  await userEvent.keyboard('{Control>}z{/Control}');
  await vi.waitFor(() => expect(texts()).toEqual(['Lives in Oslo.', 'Drinks tea.']));
  expect(inputsOf('facts.undoRemove')).toEqual([{ id: OSLO.id }]);
});

test('a removal that main refuses brings it back, with the reason', async () => {
  await show(OSLO);
  hearth.failNext('facts.remove', 'The history is locked.');
  await button('Remove: Lives in Oslo.').click();
  await expect.element(page.getByText('The history is locked.')).toBeVisible();
  await vi.waitFor(() => expect(texts()).toEqual(['Lives in Oslo.']));
});

test('one is written by hand; what main refuses stays in the field', async () => {
  await show();
  await expect.element(page.getByText(/^Nothing yet\. Write a fact above/)).toBeVisible();
  await expect.element(button('Add')).toBeDisabled();
  const field = page.getByRole('textbox', { name: 'New fact' });
  hearth.failNext('facts.add', 'The disk is full.');
  await field.fill('Works at night.');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('alert')).toHaveTextContent('The disk is full.');
  await expect.element(field).toHaveValue('Works at night.');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(texts()).toEqual(['Works at night.']));
  await expect.element(field).toHaveValue('');
});

test('learning is switched here, with who does it', async () => {
  await show();
  await expect.element(page.getByText(/^Done by llama3\.2 3B on Ollama\./)).toBeVisible();
  await page.getByRole('switch', { name: 'Learn from what you write' }).click();
  await vi.waitFor(() =>
    expect(inputsOf('settings.set')).toEqual([{ purposes: { facts: { isOn: true, backend: null, model: null } } }]),
  );
  await expect.element(page.getByText(/^Nothing yet\. What you write about yourself/)).toBeVisible();
  await button('Choose another in Backends').click();
  expect(useNavigation.getState().place).toMatchObject({ page: 'settings', section: 'backends' });
});

test('who is told is said, also servers elsewhere; telling is switched here', async () => {
  await show(OSLO);
  await page.getByRole('switch', { name: 'Tell models what Hearth remembers' }).click();
  await vi.waitFor(() => expect(inputsOf('settings.set')).toEqual([{ facts: { areUsed: false } }]));
  expect(page.getByText(/studio\.local/).elements()).toEqual([]);
  const studio = { ...OLLAMA, id: 'studio', label: 'Studio', host: 'studio.local:11434' };
  hearth.setBackends({ ...OLLAMA_READY, backends: [OLLAMA, studio] });
  await expect.element(page.getByText(/^Also to studio\.local, when an answer comes from there/)).toBeVisible();
  hearth.setBackends({ ...OLLAMA_READY, chosen: { ...OLLAMA_READY.chosen, id: 'studio' }, backends: [studio] });
  await expect.element(page.getByText(/It runs at studio\.local, not on this computer\./)).toBeVisible();
});

test('every control has a name, and the page takes the focus', async () => {
  await show(OSLO, TEA);
  await expect.element(page.getByRole('heading', { name: 'Memory', level: 1 })).toHaveFocus();
  for (const role of ['button', 'switch', 'textbox'] as const) {
    const all = page.getByRole(role).elements().length;
    expect(page.getByRole(role, { name: /\S/ }).elements(), role).toHaveLength(all);
  }
});
