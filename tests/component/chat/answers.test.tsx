// What stands around an answer: its source, the wait before it, its thought, its fault, its footer.
import { describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { cleanup } from 'vitest-browser-react';
import type { AnswerSource, Message } from '../../../src/contract/conversations.ts';
import type { ErrorCode, ErrorParams } from '../../../src/contract/errors.ts';
import { useNavigation } from '../../../src/renderer/lib/index.ts';
import { answerMessage, conversationOf, demoSource, ollamaSource, questionMessage } from '../../support/answers.ts';
import { demoOnly, mainError, ollamaReady } from '../../support/fake-main.ts';
import { showChat } from './stage.tsx';

const withAnswer = (answer: Message) => conversationOf('A chat', [questionMessage('Why?'), answer]);
const from = (source: AnswerSource) => withAnswer(answerMessage('done', 'Because.', { source }));
const tooSlow = {
  kind: 'ollama' as const,
  label: 'Ollama',
  reason: {
    code: 'backend_first_token_timeout' as const,
    message: 'Ollama did not start an answer within 10 s. It may be busy; ask again, or raise the limit in Settings.',
    params: {},
  },
};
const noMemory = {
  code: 'memory_short' as const,
  message: 'big needs at least 9 GB of memory, and 1 GB is free. Hearth did not load it.',
  params: {},
};

/** Asks in a fresh chat and gives back the answer that main plays. */
async function begin(start: Parameters<typeof showChat>[0] = {}) {
  const main = await showChat(start);
  await page.getByRole('textbox', { name: 'Message' }).fill('Why?');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(main.calls.attach).toHaveLength(1));
  return { main, answer: main.answer() };
}

describe('a prompt that was cut', () => {
  const usage = {
    promptTokens: 4096,
    answerTokens: 3,
    loadMs: null,
    firstTokenMs: null,
    answerMs: null,
    totalMs: null,
    wasPromptCut: true as const,
  };

  it('is told with what the server read', async () => {
    await showChat({ conversations: [withAnswer(answerMessage('done', 'Because.', { source: ollamaSource, usage }))] });
    await expect.element(page.getByText(/read only 4096 tokens/)).toBeVisible();
  });

  it('is told with what the model had room for, where that is known', async () => {
    const told = answerMessage('done', 'Because.', { source: ollamaSource, usage: { ...usage, contextTokens: 8192 } });
    await showChat({ conversations: [withAnswer(told)] });
    await expect.element(page.getByText(/room for 8192 tokens.*Settings > Backends/)).toBeVisible();
  });

  it('is told as left-out messages by the built-in engine', async () => {
    const source = { ...ollamaSource, kind: 'llamacpp' as const, host: null };
    await showChat({ conversations: [withAnswer(answerMessage('done', 'Because.', { source, usage }))] });
    await expect.element(page.getByText(/did not see the oldest messages/)).toBeVisible();
  });
});

describe('the source of an answer', () => {
  it('says that a reply is a demo and why, first in its name', async () => {
    await showChat({ conversations: [from(demoSource)], backends: demoOnly });
    await expect.element(page.getByText('Demo reply: No Ollama was found')).toBeVisible();
    await expect.element(page.getByRole('article', { name: 'Demo reply: No Ollama was found, Hearth' })).toBeVisible();
  });

  it('stands above a demo reply before its first word', async () => {
    const { answer } = await begin({ backends: demoOnly });
    answer.start(demoSource);
    await expect.element(page.getByText('Demo reply: No Ollama was found')).toBeVisible();
    expect(document.querySelector('.prose')).toBeNull();
  });

  it('says that a demo reply was chosen', async () => {
    await showChat({ conversations: [from({ ...demoSource, skipped: [] })], backends: demoOnly });
    await expect.element(page.getByText('Demo reply: chosen in Settings')).toBeVisible();
  });

  it('needs no badge for the first choice on this computer, and names every other', async () => {
    await showChat({ conversations: [from(ollamaSource)] });
    await expect.element(page.getByText('Because.')).toBeVisible();
    expect(document.querySelector('.source')).toBeNull();
  });

  it('names the built-in engine with the reason beside it', async () => {
    await showChat({
      conversations: [
        from({ ...ollamaSource, kind: 'llamacpp', label: 'Built-in engine', host: null, skipped: [tooSlow] }),
      ],
    });
    await expect.element(page.getByText('via built-in engine')).toBeVisible();
    await expect.element(page.getByText('Ollama did not start an answer within 10 s')).toBeVisible();
  });

  it('gives every cause in whole sentences to whoever presses it, by key as well, and gives the focus back', async () => {
    const other = { ...tooSlow, label: 'Studio', reason: noMemory };
    const source = { ...ollamaSource, kind: 'llamacpp' as const, label: 'Built-in engine', host: null };
    await showChat({ conversations: [from({ ...source, skipped: [tooSlow, other] })] });
    // It begins with what is seen of it.
    const badge = page.getByRole('button', {
      name: /^via built-in engine ?Ollama did not start an answer within 10 s$/,
    });
    (badge.element() as HTMLElement).focus();
    await userEvent.keyboard('{Enter}');
    const panel = page.getByRole('dialog', { name: 'Asked or passed over before' });
    await expect
      .element(panel)
      .toMatchTextContent(new RegExp(`Ollama.*${tooSlow.reason.message}.*Studio.*${noMemory.message}`));
    await userEvent.keyboard('{Escape}');
    await expect.element(badge).toHaveFocus();
  });

  it('is none where no answer came: nobody stood in, and the card tells who else was asked', async () => {
    const skipped = [{ ...tooSlow, label: 'Built-in engine' }];
    const failed = answerMessage('failed', '', { source: { ...ollamaSource, skipped }, error: noMemory });
    await showChat({ conversations: [withAnswer(failed)] });
    await expect.element(page.getByText(/1 GB is free/).first()).toBeVisible();
    expect(document.querySelector('.source')).toBeNull();
  });

  it('names the other computer that answered', async () => {
    await showChat({ conversations: [from({ ...ollamaSource, host: 'studio.local:11434' })] });
    await expect.element(page.getByText('via Ollama · studio.local')).toBeVisible();
  });
});

describe('an answer that did not end well', () => {
  const cut = {
    code: 'stream_cut' as const,
    message: 'Ollama stopped while writing. Hearth kept everything that had arrived.',
    params: {},
  };

  it('keeps what was written, says what happened and asks again', async () => {
    const conversation = withAnswer(answerMessage('interrupted', 'Half of the', { error: cut }));
    const main = await showChat({ conversations: [conversation] });
    await expect.element(page.getByText('Half of the')).toBeVisible();
    await expect.element(page.getByText('The answer was cut short')).toBeVisible();
    await expect.element(page.getByText(/Hearth kept everything that had arrived/)).toBeVisible();
    await page.getByRole('button', { name: 'Ask again' }).first().click();
    await vi.waitFor(() => expect(main.calls.retry).toHaveLength(1));
    main.answer().start();
    main.answer().say('Half of the whole.');
    main.answer().settle();
    await expect.element(page.getByText('Half of the whole.')).toBeVisible();
    await expect.element(page.getByText('The answer was cut short')).not.toBeInTheDocument();
  });

  it('says that there is none where a model only thought', async () => {
    const message = 'tiny ended without an answer: it thought, and stopped before it wrote a word.';
    const error = { code: 'answer_empty' as const, message, params: {} };
    const parts: Message['parts'] = [{ type: 'thinking', text: 'Hm.' }];
    await showChat({ conversations: [withAnswer(answerMessage('interrupted', '', { error, parts }))] });
    await expect.element(page.getByText('No answer came')).toBeVisible();
    await expect.element(page.getByText(/it thought, and stopped before it wrote a word/)).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Ask again' }).first()).toBeVisible();
  });

  it('says so when asking again fails', async () => {
    const main = await showChat({ conversations: [withAnswer(answerMessage('failed', '', { error: cut }))] });
    await expect.element(page.getByRole('group', { name: 'Ollama stopped' })).toBeVisible();
    main.next.retry = mainError({ message: 'The history is locked.' });
    await page.getByRole('button', { name: 'Ask again' }).first().click();
    await expect.element(page.getByRole('alert')).toHaveTextContent('The history is locked.');
    await expect.element(page.getByRole('group', { name: 'Ollama stopped' })).toBeVisible();
  });

  it('offers help with the latest answer only; any other can be asked again in its footer', async () => {
    const conversation = conversationOf('Two', [
      questionMessage('1'),
      answerMessage('failed', '', { error: cut }),
      questionMessage('2'),
      answerMessage('done', 'Fine.'),
    ]);
    await showChat({ conversations: [conversation] });
    await expect.element(page.getByText('Fine.')).toBeVisible();
    const again = page.getByRole('button', { name: 'Ask again' }).elements();
    expect(again.map((button) => button.closest('[role=group]')?.ariaLabel)).toEqual([
      'About this answer',
      'About this answer',
    ]);
  });
});

describe('what helps', () => {
  const failed = (
    code: ErrorCode,
    message: string,
    params: ErrorParams = {},
    source: AnswerSource | null = ollamaSource,
  ) => withAnswer(answerMessage('failed', '', { error: { code, message, params }, source }));
  const missing = (host: string | null) =>
    failed(
      'model_not_found',
      'Ollama has no model called “qwen2.5:7b”.',
      { model: 'qwen2.5:7b' },
      { ...ollamaSource, host },
    );
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const place = () => useNavigation.getState().place;

  it('tells that an Ollama that broke off is being started again, and leads to its log', async () => {
    const message = 'Ollama stopped while writing. Hearth kept everything that had arrived. You can ask again.';
    const main = await showChat({ conversations: [failed('stream_cut', message, {}, ollamaSource)] });
    await expect.element(page.getByText(/You can ask again\./)).toBeVisible();
    main.engine.set({ state: 'restarting' });
    await expect.element(page.getByText(/You can ask again\. Hearth is starting Ollama again\./)).toBeVisible();
    await button('See log').click();
    expect(place()).toMatchObject({ page: 'settings', section: 'engine' });
    main.engine.set({ state: 'ready' });
    await expect.element(page.getByText(/starting Ollama again/)).not.toBeInTheDocument();
  });

  it('fetches a model that is missing, and offers to ask again when it is here', async () => {
    const conversation = missing(null);
    const main = await showChat({ conversations: [conversation] });
    main.failNext('models.ensure', 'Ollama does not answer.');
    await button('Download qwen2.5 7B (4.7 GB)').click();
    await expect.element(page.getByRole('alert')).toMatchTextContent(/Ollama does not answer\./);
    await button('Download qwen2.5 7B (4.7 GB)').click();
    expect(main.asked.filter(({ name }) => name === 'models.ensure')).toHaveLength(2);
    main.models.download('qwen2.5:7b', { step: 'layers', totalBytes: 4.7e9, completedBytes: 1.3e9 });
    await expect.element(page.getByText(/qwen2.5 7B is on its way: 1.3 of 4.7\sGB/)).toBeVisible();
    const problem = { code: 'pull_no_network' as const, message: 'registry.ollama.ai can’t be reached.', params: {} };
    const retryAtMs = Date.now() + 50_000;
    main.models.download('qwen2.5:7b', { state: 'stalled', step: null, attempt: 1, retryAtMs, problem });
    await expect
      .element(page.getByText(/retrying in [45]\d\ss\. registry\.ollama\.ai can’t be reached\. Hearth tries again/))
      .toBeVisible();
    await button('Try now').click();
    expect(main.asked.filter(({ name }) => name === 'downloads.resume')).toHaveLength(1);
    main.models.download('qwen2.5:7b', { state: 'failed', step: null, problem });
    await expect.element(page.getByText(problem.message)).toBeVisible();
    await button('Go on').click();
    expect(main.asked.filter(({ name }) => name === 'models.ensure')).toHaveLength(3);
    main.models.arrive('qwen2.5:7b');
    await expect.element(page.getByText('qwen2.5 7B is here.')).toBeVisible();
    expect(page.getByRole('article').getByRole('button', { name: 'Ask again' }).elements().length).toBe(2);
    await button('Ask again').first().click();
    await vi.waitFor(() => expect(main.calls.retry).toEqual([conversation.messages[1]?.id]));
  });

  it('is no download on another computer, and not one that was there before', async () => {
    const main = await showChat({ conversations: [missing('studio.local:11434')] });
    await expect.element(page.getByText(/has no model called/)).toBeVisible();
    expect(page.getByRole('button', { name: /^Download/ }).elements()).toEqual([]);
    await cleanup();
    const again = await showChat({ conversations: [missing('127.0.0.1:11434')] });
    again.models.download('qwen2.5:7b', { state: 'done', finishedAtMs: 1 });
    await expect.element(button('Download qwen2.5 7B (4.7 GB)')).toBeVisible();
    expect(main.asked.some(({ name }) => name === 'models.ensure')).toBe(false);
  });

  it('leads to the models, the engine, or sets one up', async () => {
    await showChat({ conversations: [failed('no_model_installed', 'Ollama has no model yet.')], backends: demoOnly });
    await button('Get a model').click();
    expect(place()).toMatchObject({ page: 'settings', section: 'models' });
    await cleanup();
    const gaveUp = await showChat({ conversations: [failed('ollama_gave_up', 'Ollama ended 5 times.')] });
    gaveUp.engine.set({ state: 'failed' });
    await button('See log').click();
    expect(place()).toMatchObject({ page: 'settings', section: 'engine' });
    await cleanup();
    const none = failed('ollama_not_installed', 'No Ollama was found', {}, null);
    await showChat({ conversations: [none], backends: demoOnly });
    await button('Set up an engine').click();
    expect(place()).toMatchObject({ page: 'onboarding' });
    const faults = [
      ['backend_off', 'Studio is off.'],
      ['backend_removed', 'The backend is not in the list any more.'],
      ['no_backend', 'None.', { reasons: '' }],
    ] as const;
    for (const [code, message, params] of faults) {
      await cleanup();
      await showChat({ conversations: [failed(code, message, params)], backends: demoOnly });
      await expect.element(page.getByText(message, { exact: false })).toBeVisible();
      await button('Open Backends').click();
      expect(place()).toMatchObject({ page: 'settings', section: 'backends' });
    }
  });

  it('starts an Ollama that was stopped, and offers to ask again', async () => {
    const main = await showChat({ conversations: [failed('ollama_held', 'You stopped Ollama.')] });
    main.engine.set({ state: 'stopped' });
    main.failNext('engine.start', 'It could not be started.');
    await button('Start Ollama').click();
    await expect.element(page.getByRole('alert')).toMatchTextContent(/It could not be started\./);
    await button('Start Ollama').click();
    // The button is gone; what takes its place has the focus.
    await vi.waitFor(() => expect(document.activeElement?.textContent).toBe('Ask again'));
    await expect.element(page.getByText('Ollama runs.')).toBeVisible();
  });

  it('stands below a demo reply too, and gives way to asking again when a model has come', async () => {
    const noModel = { code: 'no_model_installed' as const, message: 'Ollama has no model yet.', params: {} };
    const source = { ...demoSource, skipped: [{ kind: 'ollama' as const, label: 'Ollama', reason: noModel }] };
    const main = await showChat({ conversations: [from(source)], backends: demoOnly });
    await button('Get a model').click();
    expect(place()).toMatchObject({ page: 'settings', section: 'models' });
    await expect.element(button('Check again')).toBeVisible();
    main.setBackends(ollamaReady);
    await expect.element(page.getByText('Ollama is ready with llama3.2 3B.')).toBeVisible();
    expect(button('Get a model').elements()).toEqual([]);
    const unreachable = { code: 'backend_unreachable' as const, message: 'No Ollama answers.', params: {} };
    const nobody = { ...demoSource, skipped: [{ kind: 'ollama' as const, label: 'Ollama', reason: unreachable }] };
    await cleanup();
    await showChat({ conversations: [from(nobody)], backends: demoOnly });
    await button('Set up an engine').click();
    expect(place()).toMatchObject({ page: 'onboarding' });
  });
});

describe('the footer', () => {
  it('copies the answer as it was written', async () => {
    const written = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    await showChat({ conversations: [withAnswer(answerMessage('done', 'A **bold** word.'))] });
    await page.getByRole('button', { name: 'Copy answer' }).click();
    expect(written).toHaveBeenCalledWith('A **bold** word.');
    await expect.element(page.getByRole('button', { name: 'Copied' })).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Copy answer' })).toBeVisible();
  });

  it('copies the question too, as it was typed, by mouse and by keys', async () => {
    const written = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    await showChat({
      conversations: [conversationOf('Asked', [questionMessage('  two\nlines'), answerMessage('done', 'Yes')])],
    });
    const copy = page.getByRole('button', { name: 'Copy question' });
    await userEvent.hover(page.getByRole('article', { name: 'You' }));
    await vi.waitFor(() => expect(getComputedStyle(copy.element().parentElement!).opacity).toBe('1'));
    await copy.click();
    expect(written).toHaveBeenCalledExactlyOnceWith('  two\nlines');
    await userEvent.hover(page.getByRole('textbox', { name: 'Message' }));
    await userEvent.click(page.getByRole('textbox', { name: 'Message' }));
    await vi.waitFor(() => expect(document.querySelector('.user-acts')).toHaveStyle({ opacity: '0' }));
    (page.getByRole('log').element() as HTMLElement).focus();
    await userEvent.keyboard('{Tab}');
    await vi.waitFor(() => expect(document.querySelector('.user-acts')).toHaveStyle({ opacity: '1' }));
    await userEvent.keyboard('{Enter}');
    expect(written).toHaveBeenCalledTimes(2);
  });

  it('copies by selection where the clipboard is closed to pages', async () => {
    vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new DOMException('no', 'NotAllowedError'));
    let copied = '';
    document.addEventListener('copy', () => (copied = document.getSelection()?.toString() ?? ''), { once: true });
    await showChat({ conversations: [withAnswer(answerMessage('done', '```sql\nselect 1;\n```'))] });
    const button = page.getByRole('button', { name: 'Copy code' });
    const width = (await vi.waitFor(() => button.element())).getBoundingClientRect().width;
    await button.click();
    await expect.element(page.getByRole('button', { name: 'Copied' })).toBeVisible();
    expect(copied).toBe('select 1;');
    expect(page.getByRole('button', { name: 'Copied' }).element().getBoundingClientRect().width).toBe(width);
  });

  it('takes no room when an older one appears', async () => {
    const conversation = conversationOf('Two', [
      questionMessage('1'),
      answerMessage('done', 'First.'),
      questionMessage('2'),
      answerMessage('done', 'Second.'),
    ]);
    await showChat({ conversations: [conversation] });
    await expect.element(page.getByText('Second.')).toBeVisible();
    const quiet = document.querySelector('.foot.is-quiet');
    const shown = () => [...(quiet?.children ?? [])].map((part) => getComputedStyle(part).opacity);
    expect(new Set(shown())).toEqual(new Set(['0']));
    const before = page.getByText('Second.').element().getBoundingClientRect().top;
    await page.getByText('First.').hover();
    await vi.waitFor(() => expect(new Set(shown())).toEqual(new Set(['1'])));
    expect(page.getByText('Second.').element().getBoundingClientRect().top).toBe(before);
  });
});

describe('the parts of an answer', () => {
  it('have names where one can stop at them or must know their state', async () => {
    const text =
      '- [x] Flour\n- [ ] Water\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```py\na = 1\n```\n\n[site](https://example.org)';
    await showChat({ conversations: [withAnswer(answerMessage('done', text))] });
    await expect.element(page.getByRole('checkbox', { name: 'Done' })).toBeChecked();
    await expect.element(page.getByRole('checkbox', { name: 'To do' })).not.toBeChecked();
    await expect.element(page.getByRole('group', { name: 'Table' }).getByRole('table')).toBeVisible();
    await expect.element(page.getByRole('group', { name: 'Code, Python' })).toBeVisible();
    for (const role of ['button', 'link', 'checkbox', 'article', 'heading', 'log'] as const) {
      const all = page.getByRole(role).elements().length;
      expect(all, role).toBeGreaterThan(0);
      expect(page.getByRole(role, { name: /\S/ }).elements(), role).toHaveLength(all);
    }
    expect(page.getByRole('heading', { level: 1 }).elements()).toHaveLength(1);
  });
});
