// Which backend and model a chat asks: chosen in the chip's menu, kept with the chat, told under the composer.
import { describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { BackendsStatus, BackendStatus } from '../../../src/contract/backends.ts';
import type { ChatChoice } from '../../../src/contract/conversations.ts';
import { useChatStore } from '../../../src/renderer/features/chat/index.ts';
import { openChats, useNavigation } from '../../../src/renderer/lib/index.ts';
import { answerMessage, conversationOf, questionMessage } from '../../support/answers.ts';
import { demoOnly, mainError, ollamaReady } from '../../support/fake-main.ts';
import { installed } from '../../support/component/fake-models.ts';
import { showChat } from './stage.tsx';

const composer = page.getByRole('textbox', { name: 'Message' });
const chip = page.getByRole('button', { name: /^Model: / });
const item = (name: RegExp | string) => page.getByRole('menuitem', { name });
const model = (name: RegExp | string) => page.getByRole('menuitemradio', { name });

const [ollama] = ollamaReady.backends;
if (!ollama) throw new Error('no backend');
const sized = (name: string) => ({ name, sizeBytes: null, family: null, parameters: null, quantization: null });
const other = (patch: Partial<BackendStatus>): BackendStatus => ({ ...ollama, standsIn: false, ...patch });
const STUDIO = other({
  id: 'studio',
  kind: 'openai',
  label: 'Studio',
  url: 'http://studio.local:1234/v1',
  host: 'studio.local:1234',
  models: [sized('big-70b'), sized('small-1b')],
});
const BUILT_IN = other({
  id: 'llamacpp',
  kind: 'llamacpp',
  label: 'Built-in engine',
  url: 'llamacpp://',
  host: null,
  state: 'asleep',
  models: [sized('tiny')],
  standsIn: true,
});
const ASK = other({ id: 'ask', kind: 'query', label: 'Ask', host: 'ask.example.org', models: [] });
const BROKEN = other({
  id: 'broken',
  kind: 'openai',
  label: 'Broken',
  host: '127.0.0.1:9',
  state: 'unavailable',
  models: [],
  problem: { code: 'backend_unreachable', message: 'No Broken answers at 127.0.0.1:9. Check it.', params: {} },
});
const OFF = other({ id: 'gone', kind: 'openai', label: 'Switched off', state: 'off' });
const [, DEMO] = demoOnly.backends;
if (!DEMO) throw new Error('no demo');
const many: BackendsStatus = { ...ollamaReady, backends: [ollama, BUILT_IN, STUDIO, ASK, BROKEN, OFF, DEMO] };
const story = (choice?: ChatChoice) => ({
  ...conversationOf('A', [questionMessage('Q'), answerMessage('done', 'A')]),
  ...(choice ? { choice } : {}),
});

async function open(submenu: string) {
  await chip.click();
  await item(new RegExp(`^${submenu}`)).click();
}

describe('the menu of models', () => {
  it('lists the backends that are on, how each is, and which of them are other computers', async () => {
    await showChat({ backends: many });
    await chip.click();
    await expect.element(page.getByRole('group', { name: 'Ollama, Ready' })).toBeVisible();
    await expect.element(model(/^llama3.2 3B/)).toHaveAttribute('aria-checked', 'true');
    await expect.element(item(/^Built-in engine.*Asleep/)).toBeVisible();
    await expect.element(item(/^Studio.*Your network.*Ready/)).toBeVisible();
    await expect.element(item(/^Ask.*Internet.*Ready/)).toBeVisible();
    await expect.element(item(/^Broken.*Not available/)).toBeVisible();
    expect(item(/Switched off/).elements()).toEqual([]);
    // Only the models of the chosen one are open.
    expect(model('big-70b').elements()).toEqual([]);
  });

  it('says why a backend can’t be used now, also to a screen reader', async () => {
    const restsUntilMs = Date.now() + 20_000;
    const resting = other({ ...STUDIO, restsUntilMs, problem: BROKEN.problem });
    await showChat({ backends: { ...many, backends: [ollama, resting, BROKEN] } });
    await chip.click();
    await expect
      .element(item(/^Broken/))
      .toHaveAttribute('aria-description', 'No Broken answers at 127.0.0.1:9. Check it.');
    await item(/^Broken/).click();
    await expect.element(page.getByText('No Broken answers at 127.0.0.1:9. Check it.')).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await chip.click();
    await expect.element(item(/^Studio.*Resting/)).toBeVisible();
    await expect
      .element(item(/^Studio/))
      .toHaveAttribute(
        'aria-description',
        expect.stringMatching(/^It failed a moment ago and is asked again in \d+ s\. No Broken/),
      );
  });

  it('is used with keys alone: a submenu opens, a few letters lead to a model, Enter takes it', async () => {
    const conversation = story();
    const main = await showChat({ backends: many, conversations: [conversation] });
    await userEvent.keyboard('{Control>}m{/Control}');
    await expect.element(page.getByRole('menu')).toBeVisible();
    await userEvent.keyboard('Stu');
    await expect.element(item(/^Studio/)).toHaveFocus();
    await userEvent.keyboard('{ArrowRight}');
    await expect.element(model('big-70b')).toHaveFocus();
    await userEvent.keyboard('sm');
    await expect.element(model('small-1b')).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    expect(main.calls.choose).toEqual([{ id: conversation.id, choice: { backend: 'studio', model: 'small-1b' } }]);
    await expect.element(composer).toHaveFocus();
  });

  it('scrolls many models inside their own list', async () => {
    const models = Array.from({ length: 60 }, (_each, index) => sized(`model-${index}`));
    await showChat({ backends: { ...many, backends: [{ ...ollama, models }, STUDIO] } });
    await chip.click();
    await expect.element(model('model-0')).toBeVisible();
    const list = document.querySelector('.menu-models');
    expect(list && list.scrollHeight > list.clientHeight).toBe(true);
    await expect.element(item(/^Studio/)).toBeInViewport();
  });

  it('calls nothing broken that was never set up, and tells models apart that read alike', async () => {
    const problem = { code: 'no_model_file' as const, message: 'There is no model file yet.', params: {} };
    const empty = { host: null, state: 'unavailable' as const, models: [] };
    const builtIn = other({ ...empty, id: 'llamacpp', kind: 'llamacpp', label: 'Built-in engine', problem });
    const needsMac = { code: 'mlx_unavailable' as const, message: 'MLX can’t be used: it needs a Mac.', params: {} };
    const mlx = other({ ...empty, id: 'mlx', kind: 'mlx', label: 'MLX', problem: needsMac });
    const models = [sized('tiny:latest'), sized('hub.example/tiny:latest'), sized('big:7b')];
    await showChat({ backends: { ...many, backends: [{ ...ollama, models }, builtIn, mlx] } });
    await chip.click();
    await expect.element(item(/^Built-in.*Not set up/)).toHaveAttribute('aria-description', problem.message);
    // What this computer can't run is told in the settings.
    expect(item(/^MLX/).query()).toBeNull();
    await expect.element(model('tiny:latest').first()).toBeVisible();
    await expect.element(model('hub.example/tiny:latest')).toBeVisible();
    await expect.element(model('big 7B')).toBeVisible();
  });

  it('leads to the backends', async () => {
    await showChat({ backends: many });
    await chip.click();
    await item('Backends…').click();
    expect(useNavigation.getState().place).toMatchObject({ page: 'settings', section: 'backends' });
    openChats();
  });
});

describe('the choice of a chat', () => {
  it('is kept with the open chat, shown at once, and taken back when main refuses', async () => {
    const conversation = story();
    const main = await showChat({ backends: many, conversations: [conversation] });
    await open('Studio');
    await model('big-70b').click();
    await expect
      .element(page.getByRole('button', { name: 'Model: big-70b, studio.local, Studio. Change' }))
      .toBeVisible();
    await expect.element(page.getByText(/^Answered by studio\.local, not on this computer\./)).toBeVisible();
    expect(main.calls.settings).toEqual([]);
    main.next.choose = mainError({ message: 'The history is read-only.' });
    await open('Ollama');
    await model(/^qwen2.5 14B/).click();
    await expect.element(page.getByRole('alert')).toMatchTextContent(/The history is read-only\./);
    await expect
      .element(page.getByRole('button', { name: 'Model: big-70b, studio.local, Studio. Change' }))
      .toBeVisible();
  });

  it('comes with a chat that has one, follows other windows, and goes with the chat', async () => {
    const conversation = story({ backend: 'studio', model: 'small-1b' });
    const main = await showChat({ backends: many, conversations: [conversation] });
    await expect
      .element(page.getByRole('button', { name: 'Model: small-1b, studio.local, Studio. Change' }))
      .toBeVisible();
    await main.client.conversations.choose({
      id: conversation.id,
      choice: { backend: 'ollama', model: 'qwen2.5:14b' },
    });
    await expect.element(page.getByRole('button', { name: 'Model: qwen2.5 14B, Ollama. Change' })).toBeVisible();
    useChatStore.getState().startNew();
    await expect.element(page.getByRole('button', { name: 'Model: llama3.2 3B, Ollama. Change' })).toBeVisible();
  });

  it('goes with the first question of a new chat, and not with that of the next one', async () => {
    const main = await showChat({ backends: many });
    await open('Ask');
    await model('Usual model').click();
    await expect.element(page.getByText('Questions are answered by ask.example.org.')).toBeVisible();
    await composer.fill('Why?');
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(main.calls.send).toHaveLength(1));
    expect(main.calls.send[0]).toEqual({
      conversationId: null,
      text: 'Why?',
      choice: { backend: 'ask', model: null },
    });
    await vi.waitFor(() => expect(useChatStore.getState().choice).toEqual({ backend: 'ask', model: null }));
    useChatStore.getState().startNew();
    await composer.fill('And?');
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(main.calls.send).toHaveLength(2));
    expect(main.calls.send[1]).toEqual({ conversationId: null, text: 'And?' });
  });

  it('counts for the chat that has begun when it is made while the first question is on its way', async () => {
    const main = await showChat({ backends: many });
    let letGo = () => undefined as void;
    main.next.sendGate = new Promise((resolve) => (letGo = resolve));
    await composer.fill('Why?');
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(main.calls.send).toHaveLength(1));
    await open('Studio');
    await model('big-70b').click();
    letGo();
    await vi.waitFor(() =>
      expect(main.calls.choose).toMatchObject([{ choice: { backend: 'studio', model: 'big-70b' } }]),
    );
    expect(useChatStore.getState().newChoice).toBeNull();
  });

  it('stays with a question that main did not take', async () => {
    const main = await showChat({ backends: many });
    await open('Studio');
    await model('big-70b').click();
    main.next.send = mainError({ message: 'The disk is full.' });
    await composer.fill('Why?');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('alert')).toMatchTextContent(/The disk is full\./);
    await expect
      .element(page.getByRole('button', { name: 'Model: big-70b, studio.local, Studio. Change' }))
      .toBeVisible();
  });

  it('is given back to the settings, and made the one of new chats', async () => {
    const conversation = story({ backend: 'studio', model: 'small-1b' });
    const main = await showChat({ backends: many, conversations: [conversation] });
    await chip.click();
    await item('Use for new chats too').click();
    await vi.waitFor(() => expect(main.calls.settings).toEqual([{ backend: 'studio', model: 'small-1b' }]));
    await chip.click();
    await item(/^Use the settings’ choice/).click();
    await vi.waitFor(() =>
      expect(main.calls.choose).toEqual([{ id: conversation.id, choice: { backend: null, model: null } }]),
    );
    await expect.element(page.getByRole('button', { name: 'Model: llama3.2 3B, Ollama. Change' })).toBeVisible();
    await chip.click();
    await expect.element(item('Backends…')).toBeVisible();
    expect(item(/^Use /).elements()).toEqual([]);
  });

  it('of the built-in engine is its file where it becomes the one of the settings', async () => {
    const main = await showChat({ backends: many, conversations: [story({ backend: 'llamacpp', model: 'tiny' })] });
    main.models.set({ installed: [installed('tiny', { engine: 'llamacpp', path: '/models/tiny.gguf' })] });
    await chip.click();
    await item('Use for new chats too').click();
    await vi.waitFor(() =>
      expect(main.calls.settings).toEqual([
        { backend: 'llamacpp', model: null, llamacpp: { modelPath: '/models/tiny.gguf' } },
      ]),
    );
  });

  it('says so where its backend is not in the list any more', async () => {
    await showChat({ backends: many, conversations: [story({ backend: 'sold', model: 'x' })] });
    await page.getByRole('button', { name: 'Model: x, A removed backend, not available now. Change' }).click();
    await expect
      .element(page.getByText(/^The backend that this chat chose is not in the list any more\./))
      .toBeVisible();
    await userEvent.keyboard('{Escape}');
    await expect
      .element(page.getByText('A removed backend can’t answer now. Ollama stands in, on this computer.'))
      .toBeVisible();
  });
});

describe('the promise under the composer', () => {
  const standsIn = { ...STUDIO, standsIn: true };
  const local = 'Runs on this computer. Models can be wrong, so check what matters.';

  it('names a server elsewhere that may stand in, unless nothing may', async () => {
    const main = await showChat({ backends: { ...many, backends: [ollama, standsIn] }, conversations: [story()] });
    await expect
      .element(
        page.getByText('Runs on this computer; studio.local may stand in. Models can be wrong, so check what matters.'),
      )
      .toBeVisible();
    main.setBackends({ ...many, backends: [ollama, STUDIO] });
    await expect.element(page.getByText(local)).toBeVisible();
  });

  it('holds where the settings ask nobody else', async () => {
    await showChat({
      backends: { ...many, backends: [ollama, standsIn] },
      settings: { backend: 'ollama', ifFails: 'stop' },
      conversations: [story()],
    });
    await expect.element(page.getByText(local)).toBeVisible();
  });

  it('says that nothing can answer where all is switched off, and leads to the switches', async () => {
    const demo = { id: 'demo', kind: 'demo' as const, label: 'Demo', model: null };
    const off = { ...many, backends: [ollama, DEMO].map((one) => ({ ...one, state: 'off' as const })), chosen: demo };
    await showChat({ backends: off, conversations: [story()] });
    await expect
      .element(page.getByText('Nothing can answer now. Switch an engine on in Settings, Backends.'))
      .toBeVisible();
    await page.getByRole('button', { name: 'Model: none, because nothing can answer. Change' }).click();
    await expect.element(item('Backends…')).toBeVisible();
    expect(item(/^Ollama/).elements()).toEqual([]);
    // Chosen by name it answers, whatever it stands in for.
    await expect.element(page.getByRole('menuitemradio', { name: /^Demo/ })).toBeVisible();
  });

  it('tells who stands in for a choice that can’t answer', async () => {
    const choice = { backend: 'broken', model: null };
    const main = await showChat({ backends: many, conversations: [story(choice)] });
    await expect.element(page.getByText('Broken can’t answer now. Ollama stands in, on this computer.')).toBeVisible();
    main.setBackends({ ...many, backends: [BROKEN, standsIn] });
    await expect
      .element(page.getByText('Broken can’t answer now. studio.local stands in, not on this computer.'))
      .toBeVisible();
    const withDemo = { ...many, backends: [BROKEN, { ...DEMO, standsIn: true }] };
    main.setBackends({ ...withDemo, demo: 'always' });
    await expect
      .element(page.getByText('Broken can’t answer now. A demo reply stands in, from keywords.'))
      .toBeVisible();
    for (const nobody of [{ ...many, backends: [BROKEN] }, withDemo]) {
      main.setBackends(nobody);
      await expect
        .element(page.getByText('Broken can’t answer now, and nothing stands in. Choose another model.'))
        .toBeVisible();
    }
  });

  it('of a new chat names who may stand in', async () => {
    await showChat({ backends: { ...many, backends: [ollama, standsIn] } });
    await expect.element(page.getByText('Questions are answered here. studio.local may stand in.')).toBeVisible();
  });
});
