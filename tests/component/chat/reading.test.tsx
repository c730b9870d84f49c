// Reading: the end stays in sight unless one scrolled up, the voice for screen readers, the new chat, the model's menu.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { useChatStore } from '../../../src/renderer/features/chat/index.ts';
import { openChats, useNavigation } from '../../../src/renderer/lib/index.ts';
import { answerMessage, conversationOf, questionMessage } from '../../support/answers.ts';
import { demoOnly, ollamaReady } from '../../support/fake-main.ts';
import { showChat } from './stage.tsx';

const composer = page.getByRole('textbox', { name: 'Message' });
const latest = page.getByRole('button', { name: 'Latest' });

describe('scrolling', () => {
  const longStory = () =>
    conversationOf(
      'Long',
      Array.from({ length: 30 }, (_each, index) =>
        index % 2 === 0 ? questionMessage(`Question ${index}`) : answerMessage('done', `Line\n\n`.repeat(12)),
      ),
    );
  const box = () => {
    const scroller = document.querySelector('.talk-scroll');
    if (!scroller) throw new Error('nothing scrolls');
    return scroller;
  };
  const fromEnd = () => Math.round(box().scrollHeight - box().scrollTop - box().clientHeight);

  it('opens at the end and stays there while an answer grows', async () => {
    const main = await showChat({ conversations: [longStory()] });
    await vi.waitFor(() => expect(fromEnd()).toBe(0));
    await composer.fill('More');
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(main.calls.attach).toHaveLength(1));
    main.answer().start();
    // Text that is still plain is of another height than what its renderer makes of it.
    await vi.waitFor(() => expect(box().querySelector('.prose > .plain')).toBeNull(), { timeout: 10_000 });
    const before = box().scrollHeight;
    main.answer().say('New line\n\n'.repeat(30));
    await vi.waitFor(() => expect(box().scrollHeight).toBeGreaterThan(before + 400));
    await vi.waitFor(() => expect(fromEnd()).toBe(0));
    await expect.element(latest).not.toBeInTheDocument();
  });

  it('shows a question of many lines as it was typed, and still opens at the end', async () => {
    const lines = Array.from({ length: 3_000 }, (_each, index) => (index % 7 === 0 ? '' : `  line ${index}`));
    const question = `first\n${lines.join('\n')}\nlast`;
    const asked = questionMessage(question);
    await showChat({ conversations: [conversationOf('Long', [asked, answerMessage('done', 'Short')])] });
    await vi.waitFor(() => expect(fromEnd()).toBe(0));
    await expect.element(page.getByText('Short')).toBeVisible();
    const bubble = document.querySelector<HTMLElement>('.bubble');
    if (!bubble) throw new Error('there is no question');
    // Nobody sees its beginning, so that it is not laid out; whoever selects it all has it all.
    expect(bubble.firstElementChild?.firstChild?.textContent).toContain('line 1\n');
    await vi.waitFor(() => expect(bubble.innerText).not.toContain('line 1\n'));
    getSelection()?.selectAllChildren(bubble);
    await vi.waitFor(() => expect(getSelection()?.toString()).toBe(question));
  });

  it('leaves a reader who scrolled up alone, and leads back with one press', async () => {
    const conversation = longStory();
    const main = await showChat({ conversations: [conversation] });
    await vi.waitFor(() => expect(fromEnd()).toBe(0));
    await composer.fill('More');
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(main.calls.attach).toHaveLength(1));
    main.answer().start();
    main.answer().say('Begin ');
    await vi.waitFor(() => expect(fromEnd()).toBe(0));
    box().scrollTop -= 600;
    await expect.element(latest).toBeVisible();
    const place = box().scrollTop;
    const height = box().scrollHeight;
    main.answer().say('New line\n\n'.repeat(30));
    await vi.waitFor(() => expect(box().scrollHeight).toBeGreaterThan(height));
    expect(box().scrollTop).toBe(place);
    await latest.click();
    await vi.waitFor(() => expect(fromEnd()).toBe(0));
    await expect.element(latest).not.toBeInTheDocument();
    await expect.element(page.getByRole('log')).toHaveFocus();
  });
});

describe('the voice of an answer', () => {
  it('speaks whole sentences beside the silent text, and how it ended', async () => {
    const main = await showChat();
    await composer.fill('Speak');
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(main.calls.attach).toHaveLength(1));
    const said: string[] = [];
    const voice = page.getByTestId('announcer').element();
    expect(voice.getAttribute('aria-live')).toBe('polite');
    new MutationObserver(() => said.push(voice.textContent ?? '')).observe(voice, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    main.answer().start();
    main.answer().say('One **sentence**. And half of');
    await vi.waitFor(() => expect(said).toEqual(['One sentence.']), { timeout: 5_000 });
    main.answer().say(' another');
    main.answer().settle();
    await vi.waitFor(() => expect(said.at(-1)).toBe('And half of another Answer finished, 6 words'), {
      timeout: 5_000,
    });
    expect(page.getByRole('log').element().getAttribute('aria-live')).toBe('off');
  });

  it('says the same words again when they are true again', async () => {
    const main = await showChat();
    const voice = page.getByTestId('announcer').element();
    for (const question of ['One', 'Two']) {
      const heard: string[] = [];
      const ear = new MutationObserver((records) => {
        if (records.some((record) => record.addedNodes.length > 0)) heard.push(voice.textContent ?? '');
      });
      ear.observe(voice, { subtree: true, childList: true });
      const before = main.calls.attach.length;
      await composer.fill(question);
      await userEvent.keyboard('{Enter}');
      await vi.waitFor(() => expect(main.calls.attach.length).toBeGreaterThan(before));
      main.answer().start();
      main.answer().settle({ state: 'stopped' });
      await vi.waitFor(() => expect(heard).toEqual(['Answer stopped']), { timeout: 5_000 });
      ear.disconnect();
    }
  });
});

describe('a new chat', () => {
  it('says that no model can answer, what is under way, and leads there', async () => {
    const main = await showChat({ backends: demoOnly });
    await expect.element(page.getByText('No model can answer yet. Replies are samples until then.')).toBeVisible();
    await page.getByRole('button', { name: 'Set up an engine' }).click();
    expect(useNavigation.getState().place).toEqual({ page: 'onboarding' });
    const [ollama] = ollamaReady.backends;
    if (!ollama) throw new Error('no backend');
    main.setBackends({ ...demoOnly, backends: [{ ...ollama, models: [] }, ...demoOnly.backends.slice(1)] });
    await page.getByRole('button', { name: 'Get a model' }).click();
    expect(useNavigation.getState().place).toMatchObject({ page: 'settings', section: 'models' });
    // Without the demo, nobody answers: the list of backends tells why.
    main.setBackends({ ...ollamaReady, backends: [{ ...ollama, state: 'unavailable' }] });
    await expect.element(page.getByText('No model can answer now.')).toBeVisible();
    await page.getByRole('button', { name: 'Open Backends' }).click();
    expect(useNavigation.getState().place).toMatchObject({ page: 'settings', section: 'backends' });
    main.models.download('llama3.2:3b', { state: 'paused', totalBytes: 2e9, completedBytes: 1e9 });
    await expect.element(page.getByText(/llama3.2 3B is on its way: Paused/)).toBeVisible();
    main.engine.setInstall({ state: 'downloading' });
    await expect.element(page.getByText('Ollama is being installed.')).toBeVisible();
    main.engine.setInstall({ state: 'failed' });
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    expect(useNavigation.getState().place).toEqual({ page: 'onboarding' });
    const off = demoOnly.backends.map((one) => ({ ...one, state: one.kind === 'demo' ? one.state : ('off' as const) }));
    main.setBackends({ ...demoOnly, backends: off });
    await expect.element(page.getByText('Everything here stays on this computer.')).toBeVisible();
    openChats();
  });

  it('promises that everything stays here only where that is true', async () => {
    const main = await showChat();
    await expect.element(page.getByText('Everything here stays on this computer.')).toBeVisible();
    const [ollama] = ollamaReady.backends;
    if (!ollama) throw new Error('no backend');
    main.setBackends({ ...ollamaReady, backends: [{ ...ollama, host: 'studio.local:11434' }] });
    await expect.element(page.getByText('Questions are answered by studio.local.')).toBeVisible();
    await expect.element(page.getByText('Everything here stays on this computer.')).not.toBeInTheDocument();
  });

  it('has ways to begin that fill the composer, and one that opens the last chat', async () => {
    const conversation = conversationOf('Sourdough timings', [
      questionMessage('How long?'),
      answerMessage('done', 'A day.'),
    ]);
    await showChat({ conversations: [conversation] });
    useChatStore.getState().startNew();
    await page.getByRole('button', { name: /^Draft a difficult reply/ }).click();
    await expect.element(composer).toHaveValue('Help me write a calm, clear reply to this message:\n\n');
    await expect.element(composer).toHaveFocus();
    await userEvent.keyboard('You owe me');
    await expect.element(composer).toHaveValue('Help me write a calm, clear reply to this message:\n\nYou owe me');
    await page.getByRole('button', { name: /^Carry on: Sourdough timings/ }).click();
    await expect.element(page.getByText('A day.')).toBeVisible();
  });
});

describe('a way to begin', () => {
  it('keeps what was written or pasted before, and gives way to another one', async () => {
    await showChat();
    await composer.fill('A long text.');
    await page.getByRole('button', { name: /^Draft a difficult reply/ }).click();
    await page.getByRole('button', { name: /^Summarise a text/ }).click();
    await expect.element(composer).toHaveValue('Summarise this text in five short points:\n\nA long text.');
  });
});

describe('the model chip', () => {
  it('opens with Ctrl+M, shows which model is chosen, and changes it for this chat alone', async () => {
    const main = await showChat();
    await expect.element(page.getByRole('button', { name: 'Model: llama3.2 3B, Ollama. Change' })).toBeVisible();
    await userEvent.keyboard('{Control>}m{/Control}');
    await expect
      .element(page.getByRole('menuitemradio', { name: /llama3.2 3B/ }))
      .toHaveAttribute('aria-checked', 'true');
    await page.getByRole('menuitemradio', { name: /qwen2.5 14B/ }).click();
    await expect.element(composer).toHaveFocus();
    expect(main.calls.settings).toEqual([]);
    await expect.element(page.getByRole('button', { name: 'Model: qwen2.5 14B, Ollama. Change' })).toBeVisible();
  });

  it('leads to more models, and to an engine where there is none', async () => {
    const main = await showChat({ backends: demoOnly });
    await page.getByRole('button', { name: 'Model: Demo, no model. Change' }).click();
    expect(page.getByRole('menuitemradio').elements()).toHaveLength(1);
    await expect.element(page.getByRole('menuitemradio', { name: /^Demo/ })).toHaveAttribute('aria-checked', 'true');
    await page.getByRole('menuitem', { name: 'Set up an engine…' }).click();
    expect(useNavigation.getState().place).toEqual({ page: 'onboarding' });
    main.setBackends(ollamaReady);
    await page.getByRole('button', { name: 'Model: llama3.2 3B, Ollama. Change' }).click();
    expect(page.getByRole('menuitem', { name: /Set up/ }).elements()).toEqual([]);
    await page.getByRole('menuitem', { name: 'Get more models…' }).click();
    expect(useNavigation.getState().place).toMatchObject({ page: 'settings', section: 'models' });
  });

  it('offers to download the chosen model when it is gone, and shows how far it is', async () => {
    const gone = { ...ollamaReady, chosen: { ...ollamaReady.chosen, model: 'qwen2.5:7b' } };
    const main = await showChat({ backends: gone });
    const chip = page.getByRole('button', { name: /^Model: qwen2.5 7B, .*Ollama. Change/ });
    await chip.click();
    await page.getByRole('menuitem', { name: 'Download qwen2.5 7B (4.7 GB)' }).click();
    expect(main.asked.filter(({ name }) => name === 'models.ensure')).toEqual([
      { name: 'models.ensure', input: { model: 'qwen2.5:7b' } },
    ]);
    main.models.download('qwen2.5:7b', { progress: 0.419 });
    await expect.element(chip).toMatchTextContent(/arriving, 41 %/);
    await chip.click();
    expect(page.getByRole('menuitem', { name: /^Download/ }).elements()).toEqual([]);
    await page.getByRole('menuitem', { name: 'qwen2.5 7B arriving, 41 %' }).click();
    expect(useNavigation.getState().place).toMatchObject({ page: 'settings', section: 'models' });
    main.models.arrive('qwen2.5:7b');
    await expect.element(chip).not.toMatchTextContent(/arriving/);
  });

  it('says why a model can’t be fetched, and offers nothing for a server elsewhere', async () => {
    const gone = { ...ollamaReady, chosen: { ...ollamaReady.chosen, model: 'mine:latest' } };
    const main = await showChat({ backends: gone });
    main.failNext('models.ensure', 'Ollama does not answer.');
    await page.getByRole('button', { name: /^Model: mine,/ }).click();
    await page.getByRole('menuitem', { name: 'Download mine' }).click();
    await expect.element(page.getByRole('alert')).toMatchTextContent(/Ollama does not answer\./);
    const away = gone.backends.map((one) => ({ ...one, host: 'studio.local:11434' }));
    main.setBackends({ ...gone, backends: away });
    await page.getByRole('button', { name: /^Model: mine,/ }).click();
    await expect.element(page.getByRole('menuitem', { name: 'Get more models…' })).toBeVisible();
    expect(page.getByRole('menuitem', { name: /^Download/ }).elements()).toEqual([]);
  });

  it('closes with Escape without stopping the answer', async () => {
    const main = await showChat();
    await composer.fill('Go');
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(main.calls.attach).toHaveLength(1));
    main.answer().start();
    await userEvent.keyboard('{Control>}m{/Control}');
    await expect.element(page.getByRole('menu')).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await expect.element(page.getByRole('menu')).not.toBeInTheDocument();
    expect(main.calls.stop).toEqual([]);
    await userEvent.keyboard('{Escape}');
    await vi.waitFor(() => expect(main.calls.stop).toHaveLength(1));
  });
});

describe('the line under the composer', () => {
  beforeEach(() => useChatStore.getState().startNew());
  const story = () => conversationOf('A', [questionMessage('Q'), answerMessage('done', 'A')]);

  it('says whose computer answers', async () => {
    const main = await showChat({ conversations: [story()] });
    await expect
      .element(page.getByText('Runs on this computer. Models can be wrong, so check what matters.'))
      .toBeVisible();
    main.setBackends(demoOnly);
    await expect
      .element(page.getByText('Demo replies come from keywords. No model reads what you write.'))
      .toBeVisible();
    const [ollama] = ollamaReady.backends;
    if (!ollama) throw new Error('no backend');
    main.setBackends({ ...ollamaReady, backends: [{ ...ollama, host: 'studio.local:11434' }] });
    await expect.element(page.getByText(/^Answered by studio\.local, not on this computer\./)).toBeVisible();
  });
});
