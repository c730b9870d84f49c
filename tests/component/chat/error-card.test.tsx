// The card of an answer that did not come: what it tells, what its buttons do, and that asking again never looks like the first time.
import { describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { BackendsStatus, BackendStatus } from '../../../src/contract/backends.ts';
import type { Message } from '../../../src/contract/conversations.ts';
import type { ErrorInfo } from '../../../src/contract/errors.ts';
import { useChatStore } from '../../../src/renderer/features/chat/index.ts';
import { useNavigation } from '../../../src/renderer/lib/index.ts';
import { answerMessage, conversationOf, newMessageId, ollamaSource, questionMessage } from '../../support/answers.ts';
import { DETAILS, fitOf, installed } from '../../support/component/fake-models.ts';
import { ollamaReady } from '../../support/fake-main.ts';
import { showChat } from './stage.tsx';

const [ollama] = ollamaReady.backends as [BackendStatus];
const studio: BackendStatus = {
  ...ollama,
  id: 'studio',
  kind: 'openai',
  label: 'Studio',
  host: 'studio.local:1234',
  origin: 'added',
};
const withStudio: BackendsStatus = { ...ollamaReady, backends: [ollama, studio] };
const studioSource = { ...ollamaSource, kind: 'openai' as const, label: 'Studio', host: 'studio.local:1234' };

const errorOf = (code: ErrorInfo['code'], more: Partial<ErrorInfo> = {}): ErrorInfo => ({
  code,
  message: 'What happened. What Hearth did.',
  params: {},
  ...more,
});
const chatWith = (error: ErrorInfo, more: Partial<Message> = {}) =>
  conversationOf('A chat', [
    questionMessage('Before?'),
    answerMessage('done', 'Yes.'),
    questionMessage('Why?'),
    answerMessage('failed', '', { error, ...more }),
  ]);

const card = page.getByRole('article').last().getByRole('group').first();
const names = () =>
  card
    .getByRole('button')
    .elements()
    .map((button) => button.textContent);
const button = (name: string) => card.getByRole('button', { name, exact: true });
const composer = page.getByRole('textbox', { name: 'Message' });

describe('the card', () => {
  it('has a name, the sentence, and buttons that keys reach, the best first', async () => {
    await showChat({ conversations: [chatWith(errorOf('backend_busy'))], backends: withStudio });
    const named = page.getByRole('group', { name: 'Ollama is busy' });
    await expect.element(named).toMatchTextContent(/What happened\. What Hearth did\./);
    expect(names()).toEqual(['Ask again', 'Ask Studio on studio.local']);
    await expect.element(card.getByText('Also tried:')).not.toBeInTheDocument();
    composer.element().focus();
    await userEvent.keyboard('{Shift>}{Tab}{/Shift}');
    while (!card.element().contains(document.activeElement)) await userEvent.keyboard('{Shift>}{Tab}{/Shift}');
    await vi.waitFor(() => expect(document.activeElement?.textContent).toBe('Ask Studio on studio.local'));
  });

  it('tells who else was tried and why, and folds the engine’s own words', async () => {
    const written = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    const said = 'HTTP 500 {"error":"llama runner process has terminated"}';
    const skipped = [{ kind: 'openai' as const, label: 'Studio', reason: errorOf('backend_key_refused') }];
    const error = errorOf('backend_failed', { detail: said });
    await showChat({
      conversations: [chatWith(error, { source: { ...ollamaSource, skipped } })],
      backends: withStudio,
    });
    await expect.element(card.getByRole('listitem')).toHaveTextContent('Studio: What happened');
    // It has failed for this question already.
    expect(names()).toContain('Ask again');
    expect(names()).not.toContain('Ask Studio on studio.local');
    const words = card.getByText(said);
    await expect.element(words).not.toBeVisible();
    await card.getByText('What the engine said').click();
    await expect.element(words).toBeVisible();
    expect(getComputedStyle(words.element()).userSelect).toBe('text');
    await card.getByRole('button', { name: 'Copy the details' }).click();
    expect(written).toHaveBeenCalledWith(said);
  });

  it('is told once, with its sentence', async () => {
    const main = await showChat();
    await composer.fill('Why?');
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(main.calls.attach).toHaveLength(1));
    main.answer().start();
    main.answer().settle({ state: 'failed', error: errorOf('backend_busy') });
    await expect.element(page.getByTestId('announcer')).toHaveTextContent('No answer: What happened. What Hearth did.');
    expect(card.getByRole('alert').elements()).toEqual([]);
  });
});

describe('its buttons', () => {
  it('ask an installed model that fits, which is the chat’s from then on', async () => {
    const conversation = chatWith(errorOf('memory_short', { params: { model: 'llama3.2:3b' } }));
    const main = await showChat({ conversations: [conversation] });
    main.models.details = { ...DETAILS, fit: fitOf(1e9) };
    main.models.set({
      installed: [
        installed('llama3.2:3b'),
        installed('gemma3:1b', { sizeBytes: 8e8 }),
        installed('qwen2.5:14b', { sizeBytes: 9e9 }),
      ],
    });
    await button('Use gemma3 1B').click();
    await vi.waitFor(() => expect(main.calls.retry).toHaveLength(1));
    expect(main.calls.choose).toMatchObject([{ choice: { backend: 'ollama', model: 'gemma3:1b' } }]);
  });

  it('name no smaller model that does not fit either', async () => {
    const main = await showChat({ conversations: [chatWith(errorOf('memory_short'))] });
    main.models.details = { ...DETAILS, fit: fitOf(99e9) };
    main.models.set({ installed: [installed('llama3.2:3b'), installed('gemma3:1b', { sizeBytes: 8e8 })] });
    await vi.waitFor(() => expect(main.asked.some(({ name }) => name === 'models.details')).toBe(true));
    await expect.element(button('Get a model')).toBeVisible();
    expect(names()).toEqual(['Get a model', 'Ask again']);
  });

  it('free the memory of other models, then ask', async () => {
    const loaded = { sizeBytes: 5e9, gpuBytes: null, expiresAtMs: null };
    const main = await showChat({
      conversations: [chatWith(errorOf('memory_short', { params: { model: 'llama3.2:3b' } }))],
    });
    main.models.set({ installed: [installed('qwen2.5:14b', { loaded })] });
    main.failNext('models.unload', 'Ollama does not answer.');
    await button('Unload qwen2.5 14B and ask again').click();
    await expect.element(card.getByRole('alert')).toHaveTextContent('Ollama does not answer.');
    expect(main.calls.retry).toEqual([]);
    await button('Unload qwen2.5 14B and ask again').click();
    await vi.waitFor(() => expect(main.calls.retry).toHaveLength(1));
    expect(main.asked.at(-1)).toEqual({ name: 'models.unload', input: { name: 'qwen2.5:14b', engine: 'ollama' } });
  });

  it('allow a backend more time, and keep its other limits', async () => {
    const error = errorOf('backend_first_token_timeout', { params: { seconds: 10 } });
    const settings = { backends: { limits: { studio: { loadMs: 9_000 }, ollama: { loadMs: 8_000 } } } };
    const conversations = [chatWith(error, { source: studioSource })];
    const main = await showChat({ conversations, backends: withStudio, settings });
    await button('Allow 20\u00a0s').click();
    await vi.waitFor(() => expect(main.calls.retry).toHaveLength(1));
    const limits = { ollama: { loadMs: 8_000 }, studio: { loadMs: 9_000, firstTokenMs: 20_000 } };
    expect(main.calls.settings).toEqual([{ backends: { limits } }]);
  });

  it('ask another backend for this answer alone', async () => {
    const main = await showChat({ conversations: [chatWith(errorOf('backend_busy'))], backends: withStudio });
    await button('Ask Studio on studio.local').click();
    await vi.waitFor(() => expect(main.calls.retriedBy).toEqual([{ backend: 'studio' }]));
    expect(main.calls.choose).toEqual([]);
    await expect.element(composer).toHaveFocus();
  });

  it('open the key of the backend that refused it', async () => {
    const conversations = [chatWith(errorOf('backend_key_refused'), { source: studioSource })];
    await showChat({ conversations, backends: withStudio });
    await button('Enter a key').click();
    expect(useNavigation.getState().place).toMatchObject({
      page: 'settings',
      section: 'backends',
      edit: { id: 'studio', start: 'key' },
    });
  });

  it('bring the question back to be changed, before what is typed', async () => {
    await showChat({ conversations: [chatWith(errorOf('request_refused'))] });
    await composer.fill('And also this.');
    await button('Change the question').click();
    await expect.element(composer).toHaveValue('Why?\nAnd also this.');
    await expect.element(composer).toHaveFocus();
  });

  it('take the question into a new chat', async () => {
    await showChat({ conversations: [chatWith(errorOf('request_too_large'))] });
    await button('Ask in a new chat').click();
    await expect.element(composer).toHaveValue('Why?');
    expect(useChatStore.getState().conversationId).toBeNull();
  });

  it('say that what was missing is here, and ask again first', async () => {
    const main = await showChat({ conversations: [chatWith(errorOf('backend_unreachable'))] });
    main.setBackends({ ...ollamaReady, backends: [{ ...ollama, state: 'unavailable' }] });
    await expect.element(card.getByText('Ollama is ready.')).not.toBeInTheDocument();
    main.setBackends(ollamaReady);
    await expect.element(card.getByRole('status').getByText('Ollama is ready.')).toBeVisible();
    await expect.element(button('Ask again')).toHaveClass('primary');
  });

  it('wait as long as the server asked', async () => {
    const error = errorOf('backend_wait', { params: { waitMs: 2_500 } });
    await showChat({ conversations: [chatWith(error, { settledAtMs: Date.now() })], backends: withStudio });
    await expect.element(card.getByText(/It can be asked again in [123]\s?s\./)).toBeVisible();
    expect(names()).toEqual(['Ask Studio on studio.local']);
    await expect.element(button('Ask again'), { timeout: 6_000 }).toBeVisible();
  });
});

describe('asking again in vain', () => {
  async function failTwice(second: ErrorInfo) {
    const first = errorOf('backend_failed', { message: 'Ollama could not answer: bad luck. You can ask again.' });
    const main = await showChat({ conversations: [chatWith(first)], backends: withStudio });
    expect(names()[0]).toBe('Ask again');
    await button('Ask again').click();
    await vi.waitFor(() => expect(main.calls.attach).toHaveLength(1));
    main.answer().start();
    main.answer().settle({ state: 'failed', error: second });
    return main;
  }

  it('is told, and is not the first thing to do any more', async () => {
    await failTwice(errorOf('backend_failed', { message: 'Ollama could not answer: bad luck. You can ask again.' }));
    await expect.element(card.getByText(/^Asked again at .+\. The same happened\.$/)).toBeVisible();
    expect(names()[0]).toBe('Ask Studio on studio.local');
    expect(names()).toHaveLength(3);
  });

  it('is told too in a window that has not seen it', async () => {
    const conversation = chatWith(errorOf('backend_busy'));
    const last = conversation.messages[3];
    if (!last) throw new Error('no answer');
    last.versions = [
      { id: newMessageId(), state: 'failed' },
      { id: newMessageId(), state: 'done' },
      { id: last.id, state: 'failed' },
    ];
    await showChat({ conversations: [conversation], backends: withStudio });
    await expect.element(card.getByText('One answer before this one failed too.')).toBeVisible();
    expect(names()).toEqual(['Ask Studio on studio.local', 'Ask again']);
  });

  it('tells the cause before, where it is another one now', async () => {
    await failTwice(errorOf('backend_busy'));
    await expect.element(card.getByText(/^Asked again at .+\. Before that: Ollama could not answer\.$/)).toBeVisible();
    await expect.element(page.getByRole('group', { name: 'Ollama is busy' })).toBeVisible();
    expect(names()).toEqual(['Ask Studio on studio.local', 'Ask again']);
  });
});
