// Steps 2 and 3: a model from the catalogue or from a file, how it arrives, what can be done then.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { useChatStore } from '../../../src/renderer/features/chat/index.ts';
import { setClient, useNavigation } from '../../../src/renderer/lib/index.ts';
import { NO_MODELS } from '../../support/component/fake-models.ts';
import type { FakeHearth } from '../../support/component/fake-hearth.ts';
import { BUILT_IN, OLLAMA_READY } from '../../support/component/fake-hearth.ts';
import { NOTHING, ollamaWith, showFirstStart } from './stage.tsx';

afterEach(() => setClient(null));

const title = (name: string) => page.getByRole('heading', { name, level: 1 });
const button = (name: string | RegExp) => page.getByRole('button', { name });
const cards = page.getByRole('radio');
const called = (hearth: FakeHearth, name: string) => hearth.calls.filter((call) => call.name === name);
const problem = { code: 'pull_no_network' as const, message: 'registry.ollama.ai can’t be reached.', params: {} };
const MODEL = 'llama3.2:3b';

async function showModels(): Promise<FakeHearth> {
  const hearth = await showFirstStart({ backends: ollamaWith() });
  await button('Continue').click();
  await expect.element(cards.first()).toBeVisible();
  return hearth;
}

/** The download runs. */
async function begin(): Promise<FakeHearth> {
  const hearth = await showModels();
  await button('Download 2.0 GB').click();
  await expect.element(title('The model is on its way')).toHaveFocus();
  return hearth;
}

describe('the choice of a model', () => {
  it('offers four, the suggested first, with what they need, and none that is too big', async () => {
    await showModels();
    await expect
      .element(page.getByText('About 11.2 GB of this computer’s memory is free', { exact: false }))
      .toBeVisible();
    expect(cards.elements().map((one) => one.querySelector('b')?.firstChild?.textContent)).toEqual([
      'llama3.2 3B',
      'qwen2.5 7B',
      'gemma3 12B',
      'llama3.3 70B',
    ]);
    await expect.element(cards.first()).toBeChecked();
    await expect.element(cards.first()).toMatchTextContent(/SuggestedFits/);
    await expect.element(cards.nth(2)).toMatchTextContent(/Tight/);
    await expect
      .element(cards.nth(2).getByRole('progressbar'))
      .toHaveAttribute('aria-valuetext', '10.4 of 11.2\u00a0GB');
    await expect.element(cards.nth(3)).toBeDisabled();
    (cards.first().element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowUp}');
    await expect.element(cards.nth(2)).toHaveFocus();
    await expect.element(button('Download 8.1 GB')).toBeVisible();
  });

  it('tries the catalogue again, and says what to do when nothing fits', async () => {
    const hearth = await showFirstStart({ backends: ollamaWith() });
    hearth.failNext('catalogue.get', 'The catalogue can’t be read.');
    await button('Continue').click();
    await expect.element(page.getByRole('alert')).toMatchTextContent(/The catalogue can’t be read./);
    const { entries } = hearth.models.catalogue;
    const tooBig = entries.filter(({ id }) => id === 'llama3.3');
    hearth.models.catalogue = { ...hearth.models.catalogue, suggested: null, entries: tooBig };
    await button('Try again').click();
    await expect.element(page.getByText('None of these fits', { exact: false })).toBeVisible();
    await expect.element(button('Download')).toBeDisabled();
    hearth.models.catalogue = { ...hearth.models.catalogue, entries };
    await button('Measure again').click();
    await expect.element(button('Download 2.0 GB')).toBeEnabled();
  });

  it('leads to all models, and back to the engines', async () => {
    await showModels();
    await button('Back').click();
    await expect.element(title('Choose an engine')).toHaveFocus();
    await button('Continue').click();
    await button('More models').click();
    expect(useNavigation.getState().place).toMatchObject({ page: 'settings', section: 'models' });
  });

  it('says why a download does not begin', async () => {
    const hearth = await showModels();
    hearth.failNext('models.ensure', 'Ollama does not answer.');
    await button('Download 2.0 GB').click();
    await expect.element(page.getByRole('alert')).toMatchTextContent(/Ollama does not answer./);
    await expect.element(title('Pick a model')).toBeVisible();
  });
});

describe('a model on its way', () => {
  it('shows bytes, speed and time left, and says it in tenths', async () => {
    const hearth = await begin();
    expect(called(hearth, 'models.ensure')).toEqual([{ name: 'models.ensure', input: { model: MODEL } }]);
    const bytes = { totalBytes: 2.0e9, completedBytes: 1.3e9, progress: 0.657 };
    hearth.models.download(MODEL, { ...bytes, step: 'layers', bytesPerSecond: 24e6, secondsLeft: 30 });
    await expect.element(page.getByText('1.3 of 2.0 GB · 24 MB/s · 30 s left')).toBeVisible();
    await expect.element(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '65');
    await expect.element(page.getByText('Downloading llama3.2 3B, 60 percent')).toBeInTheDocument();
  });

  it('tells silence in grey, and why it is tried again', async () => {
    const hearth = await begin();
    const bytes = { totalBytes: 2.0e9, completedBytes: 1.1e9, progress: 0.55, step: 'layers' as const };
    hearth.models.download(MODEL, { ...bytes, bytesPerSecond: 0 });
    await expect.element(page.getByText('1.1 of 2.0 GB · nothing is arriving')).toBeVisible();
    expect(document.querySelector('.ob-card .live')).toBeNull();
    hearth.models.download(MODEL, { state: 'stalled', step: null, attempt: 1, problem });
    await expect.element(page.getByText(`${problem.message} Hearth tries again by itself.`)).toBeVisible();
  });

  it('tells for how long nothing has come, and when it is tried again; “Try now” does it at once', async () => {
    const hearth = await begin();
    const bytes = { totalBytes: 2.0e9, completedBytes: 1.1e9, progress: 0.55, step: 'layers' as const };
    hearth.models.download(MODEL, { ...bytes, bytesPerSecond: 0, heardAtMs: Date.now() - 12_000 });
    await expect.element(page.getByText(/1\.1 of 2\.0\sGB · nothing has arrived for 1\d\ss/)).toBeVisible();
    expect(button('Try now').elements()).toEqual([]);
    const retryAtMs = Date.now() + 50_000;
    hearth.models.download(MODEL, { state: 'stalled', step: null, attempt: 1, retryAtMs, problem });
    await expect.element(title('The download has stalled')).toBeVisible();
    await expect.element(page.getByText(/Stalled at 1\.1\sGB, retrying in [45]\d\ss/)).toBeVisible();
    await button('Try now').click();
    expect(called(hearth, 'downloads.resume')).toHaveLength(1);
    await expect.element(title('The model is on its way')).toBeVisible();
    await button('Back').click();
    await expect.element(title('Choose an engine')).toHaveFocus();
  });

  it('can be paused, gone on with, and cancelled', async () => {
    const hearth = await begin();
    await button('Pause download').click();
    await expect.element(button('Leave it for later')).toBeVisible();
    await expect.element(title('The download is paused')).toBeVisible();
    await button('Go on').first().click();
    expect(called(hearth, 'downloads.resume')).toHaveLength(1);
    hearth.failNext('downloads.pause', 'It can’t be paused now.');
    await button('Pause download').click();
    await expect.element(page.getByRole('alert')).toMatchTextContent(/It can’t be paused now./);
    await button('Cancel download').click();
    await expect.element(title('Pick a model')).toHaveFocus();
  });

  it('tells why it failed, and tries again', async () => {
    const hearth = await begin();
    hearth.models.download(MODEL, { state: 'failed', step: null, problem });
    await expect.element(page.getByRole('alert')).toMatchTextContent(/can’t be reached/);
    await button('Try again').click();
    expect(called(hearth, 'downloads.resume')).toHaveLength(1);
    await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
  });

  it('leads to the last step by itself when it is here', async () => {
    const hearth = await begin();
    hearth.setBackends(ollamaWith(MODEL));
    hearth.models.arrive(MODEL);
    await expect.element(title('Hearth is ready')).toHaveFocus();
    expect(hearth.settings.onboarding.isDone).toBe(true);
    expect(called(hearth, 'backends.check').length).toBeGreaterThan(0);
  });

  it('goes on in the background while one looks around, and is told when it is here', async () => {
    const hearth = await begin();
    await button('Continue in the background').click();
    await expect.element(title('Almost ready')).toHaveFocus();
    await expect.element(page.getByRole('progressbar', { name: 'Download of llama3.2 3B' })).toBeVisible();
    expect(page.getByRole('list', { name: 'Example questions' }).query()).toBeNull();
    hearth.setBackends(ollamaWith(MODEL));
    hearth.models.arrive(MODEL);
    await expect.element(title('Hearth is ready')).toBeVisible();
  });

  it('is found again after a restart', async () => {
    const hearth = await showFirstStart({ backends: { ...ollamaWith(), isChecking: true } });
    hearth.models.download(MODEL, { state: 'paused', totalBytes: 2e9, completedBytes: 1e9, progress: 0.5 });
    hearth.setBackends(ollamaWith());
    await expect.element(title('The download is paused')).toHaveFocus();
    hearth.setBackends(ollamaWith(MODEL));
    hearth.models.arrive(MODEL);
    await expect.element(title('Hearth is ready')).toHaveFocus();
  });
});

describe('a file for the built-in engine', () => {
  async function showFile(): Promise<FakeHearth> {
    const hearth = await showFirstStart();
    await page.getByRole('radio', { name: /built-in/ }).click();
    await button('Continue').click();
    await expect.element(title('Pick a model file')).toHaveFocus();
    return hearth;
  }

  it('is picked, looked at and used', async () => {
    const hearth = await showFile();
    await button('Choose a file').click();
    await expect.element(page.getByText('llama · 1.2B · Q4_K_M · 1.1 GB')).toBeVisible();
    hearth.setBackends({
      ...OLLAMA_READY,
      chosen: { id: 'llamacpp', kind: 'llamacpp', label: BUILT_IN.label, model: '/home/user/tiny.gguf' },
    });
    await button('Use this file').click();
    await expect.element(title('Hearth is ready')).toHaveFocus();
    await expect.element(page.getByText('on Built-in engine')).toBeVisible();
    const input = { path: '/home/user/tiny.gguf', engine: 'llamacpp', name: 'tiny' };
    expect(called(hearth, 'models.importFile')).toEqual([{ name: 'models.importFile', input }]);
    expect(hearth.settings.backend).toBe('llamacpp');
    expect(hearth.settings.llamacpp.modelPath).toBe('/home/user/tiny.gguf');
  });

  it('changes nothing when none is picked, and says why one is no model', async () => {
    const hearth = await showFile();
    hearth.models.picked = null;
    await button('Choose a file').click();
    await vi.waitFor(() => expect(called(hearth, 'models.pickFile')).toHaveLength(1));
    await expect.element(button('Choose a file')).toBeEnabled();
    expect(called(hearth, 'models.inspectFile')).toEqual([]);
    hearth.models.picked = '/home/user/picture.png';
    hearth.failNext('models.inspectFile', 'That is no model.', 'file_not_a_model');
    await button('Choose a file').click();
    await expect.element(page.getByRole('alert')).toMatchTextContent(/That is no model./);
  });

  it('that could not be taken in says why, and uses nothing', async () => {
    const hearth = await showFile();
    await button('Choose a file').click();
    const work = {
      id: 'work',
      kind: 'import' as const,
      subject: 'tiny',
      step: 'checking' as const,
      doneBytes: 0,
      totalBytes: 1,
    };
    hearth.models.set({ ...NO_MODELS, work: [{ ...work, problem: null }] });
    await button('Use this file').click();
    await vi.waitFor(() => expect(called(hearth, 'models.status').length).toBeGreaterThan(0));
    const failure = { code: 'file_unreadable' as const, message: 'Hearth could not read it.', params: {} };
    hearth.models.set({ work: [{ ...work, problem: failure }] });
    await expect.element(page.getByRole('alert')).toMatchTextContent(/Hearth could not read it./);
    expect(called(hearth, 'models.cancelWork')).toHaveLength(1);
    expect(hearth.settings.backend).toBe('auto');
  });
});

describe('the last step', () => {
  it('asks an example in a new chat, and keeps what was being written', async () => {
    const hearth = await begin();
    useChatStore.getState().setDraft('My own words');
    hearth.setBackends(ollamaWith(MODEL));
    hearth.models.arrive(MODEL);
    await button(/Why does the Moon/).click();
    await vi.waitFor(() =>
      expect(called(hearth, 'chat.send').map(({ input }) => input)).toEqual([
        { conversationId: null, text: 'Why does the Moon look bigger near the horizon?' },
      ]),
    );
    await expect.element(page.getByRole('textbox', { name: 'Message', exact: true })).toBeVisible();
    expect(useChatStore.getState().draft).toContain('My own words');
  });

  it('leads to the chat', async () => {
    const hearth = await begin();
    hearth.setBackends(ollamaWith(MODEL));
    hearth.models.arrive(MODEL);
    await button('Start chatting').click();
    await expect.element(page.getByRole('textbox', { name: 'Message', exact: true })).toHaveFocus();
  });

  it('says so when no model comes, and leads to the models', async () => {
    await begin();
    await button('Continue in the background').click();
    await button('Cancel download').click();
    await expect.element(page.getByText(/^No model can answer yet. You can get one/)).toBeVisible();
    await button('More models').click();
    await expect.element(title('Models')).toBeVisible();
  });

  it('says that it still looks while only the demo could answer', async () => {
    const hearth = await begin();
    hearth.setBackends({ ...NOTHING, isChecking: true });
    hearth.models.arrive(MODEL);
    await expect.element(page.getByText('Hearth is looking for the model.')).toBeVisible();
  });
});
