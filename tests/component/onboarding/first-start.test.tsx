// When the onboarding opens by itself, and when it leaves people alone.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { BackendsStatus } from '../../../src/contract/backends.ts';
import { Settings } from '../../../src/contract/settings.ts';
import { judgeStart } from '../../../src/renderer/features/onboarding/first-start.ts';
import { setClient, useNavigation } from '../../../src/renderer/lib/index.ts';
import { chat, OLLAMA } from '../../support/component/fake-hearth.ts';
import { NOTHING, ollamaWith, showFirstStart } from './stage.tsx';

afterEach(() => setClient(null));

const composer = page.getByRole('textbox', { name: 'Message', exact: true });
const heading = page.getByRole('heading', { name: 'Choose an engine', level: 1 });
const fresh = Settings.parse({});
const withOllama = (patch: object): BackendsStatus => ({
  ...NOTHING,
  backends: [{ ...OLLAMA, version: null, models: [], ...patch }, ...NOTHING.backends.slice(1)],
});

describe('the verdict', () => {
  it('waits until every engine has been looked at', () => {
    expect(judgeStart(null, NOTHING)).toBe('unknown');
    expect(judgeStart(fresh, null)).toBe('unknown');
    expect(judgeStart(fresh, { ...NOTHING, isChecking: true })).toBe('unknown');
    expect(judgeStart(fresh, withOllama({ state: 'checking' }))).toBe('unknown');
    expect(judgeStart(fresh, withOllama({ state: 'starting' }))).toBe('unknown');
  });

  it('is for those whom only the demo could answer', () => {
    expect(judgeStart(fresh, NOTHING)).toBe('needed');
    expect(judgeStart(fresh, ollamaWith())).toBe('needed');
    const noDemo = { ...NOTHING, chosen: { id: 'ollama', kind: 'ollama' as const, label: 'Ollama', model: null } };
    expect(judgeStart(fresh, noDemo)).toBe('needed');
  });

  it('leaves those alone who have a model, have been there, or chose the demo', () => {
    expect(judgeStart(fresh, ollamaWith('llama3.2:3b'))).toBe('not needed');
    expect(judgeStart(fresh, { ...ollamaWith('llama3.2:3b'), isChecking: true })).toBe('not needed');
    const sleeping = {
      ...withOllama({ state: 'asleep' }),
      chosen: { id: 'ollama', kind: 'ollama' as const, label: '', model: null },
    };
    expect(judgeStart(fresh, sleeping)).toBe('not needed');
    expect(judgeStart(Settings.parse({ onboarding: { isDone: true } }), NOTHING)).toBe('not needed');
    expect(judgeStart(Settings.parse({ backend: 'demo' }), NOTHING)).toBe('not needed');
  });
});

describe('the window', () => {
  it('shows the chat until it is known, then the onboarding, without sidebar', async () => {
    const hearth = await showFirstStart({ backends: { ...NOTHING, isChecking: true } });
    await expect.element(composer).toBeVisible();
    hearth.setBackends(NOTHING);
    await expect.element(heading).toHaveFocus();
    expect(page.getByRole('complementary').query()).toBeNull();
    expect(composer.query()).toBeNull();
  });

  it('goes straight to the chat where a model can answer, also when it goes away later', async () => {
    const hearth = await showFirstStart({ backends: ollamaWith('llama3.2:3b') });
    await expect.element(composer).toHaveFocus();
    hearth.setBackends(NOTHING);
    await expect.element(page.getByText('No Ollama was found').first()).toBeVisible();
    expect(useNavigation.getState().place.page).toBe('chat');
  });

  it('does not come where there are conversations', async () => {
    const hearth = await showFirstStart({ conversations: [chat('Savings')] });
    await vi.waitFor(() => expect(hearth.calls).toContainEqual({ name: 'conversations.list', input: { limit: 1 } }));
    await expect.element(page.getByRole('button', { name: 'Savings', exact: true })).toBeVisible();
    expect(heading.query()).toBeNull();
  });

  it('does not cover a notice: whoever has had settings is not new', async () => {
    const hearth = await showFirstStart({ backends: { ...NOTHING, isChecking: true } });
    const info = { code: 'settings_corrupt' as const, message: 'Your settings could not be read.', params: {} };
    hearth.setStatus({ notices: [{ id: 'n1', info }] });
    hearth.setBackends(NOTHING);
    await vi.waitFor(() => expect(hearth.calls.map(({ name }) => name)).toContain('app.status'));
    await vi.waitFor(() =>
      expect(hearth.calls.filter(({ name, input }) => name === 'conversations.list' && isOne(input)).length).toBe(2),
    );
    await expect.element(composer).toBeVisible();
    expect(heading.query()).toBeNull();
  });

  it('takes no words away that were typed before it was known', async () => {
    const hearth = await showFirstStart({ backends: { ...NOTHING, isChecking: true } });
    await expect.element(composer).toHaveFocus();
    await userEvent.keyboard('Early words');
    hearth.setBackends(NOTHING);
    await vi.waitFor(() =>
      expect(hearth.calls.filter(({ name, input }) => name === 'conversations.list' && isOne(input)).length).toBe(2),
    );
    await expect.element(composer).toHaveValue('Early words');
    expect(heading.query()).toBeNull();
  });

  it('answers no shortcut of the chat, and Esc changes nothing', async () => {
    await showFirstStart();
    await expect.element(heading).toHaveFocus();
    await userEvent.keyboard('{Escape}{Control>}n{/Control}{Control>}b{/Control}{Control>},{/Control}');
    await expect.element(heading).toBeVisible();
    expect(useNavigation.getState().place.page).toBe('onboarding');
  });
});

function isOne(input: unknown): boolean {
  return (input as { limit?: number }).limit === 1;
}
