// Step 1: the three engines, an installation from its offer to its end, and the ways out.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { setClient, useNavigation } from '../../../src/renderer/lib/index.ts';
import type { FakeHearth } from '../../support/component/fake-hearth.ts';
import { NOTHING, ollamaWith, showFirstStart } from './stage.tsx';

afterEach(() => setClient(null));

const title = (name: string) => page.getByRole('heading', { name, level: 1 });
const button = (name: string | RegExp) => page.getByRole('button', { name });
const card = (name: RegExp) => page.getByRole('radio', { name });
const called = (hearth: FakeHearth, name: string) => hearth.calls.filter((call) => call.name === name);
const composer = page.getByRole('textbox', { name: 'Message', exact: true });

describe('the choice', () => {
  it('tells what was found, and takes it with Enter', async () => {
    const hearth = await showFirstStart({ backends: ollamaWith() });
    await expect.element(title('Choose an engine')).toHaveFocus();
    await expect.element(page.getByRole('list', { name: 'Step 1 of 3' })).toBeVisible();
    await expect.element(card(/Use my Ollama/)).toBeChecked();
    await expect.element(card(/Found/)).toMatchTextContent(/Version 0.12.3, no models yet. Hearth will not change/);
    await userEvent.keyboard('{Enter}');
    await expect.element(title('Pick a model')).toHaveFocus();
    expect(called(hearth, 'settings.set')).toEqual([]);
  });

  it('has its buttons in sight in the smallest window, and no card behind them that has the focus', async () => {
    await showFirstStart({ backends: ollamaWith() });
    await page.viewport(880, 600);
    for (const step of ['Choose an engine', 'Pick a model']) {
      await expect.element(title(step)).toHaveFocus();
      const foot = document.querySelector('.ob-foot')?.getBoundingClientRect();
      expect(foot?.height).toBeGreaterThan(30);
      expect(foot?.bottom).toBeLessThanOrEqual(600);
      const last = [...document.querySelectorAll<HTMLElement>('.ob [role=radio]:enabled')].at(-1);
      last?.focus();
      expect(last?.getBoundingClientRect().bottom).toBeLessThanOrEqual((foot?.top ?? 0) + 14);
      (title(step).element() as HTMLElement).focus();
      await userEvent.keyboard('{Enter}');
    }
  });

  it('moves with the arrows, past what is not there', async () => {
    await showFirstStart();
    await expect.element(card(/Use my Ollama/)).toBeDisabled();
    await expect.element(card(/Use my Ollama/)).toMatchTextContent(/No Ollama was found/);
    await expect.element(card(/Install Ollama/)).toBeChecked();
    (card(/Install Ollama/).element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowDown}');
    await expect.element(card(/built-in/)).toBeChecked();
    await userEvent.keyboard('{ArrowDown}');
    await expect.element(card(/Install Ollama/)).toHaveFocus();
    await userEvent.keyboard('{ArrowUp}{Enter}');
    await expect.element(title('Pick a model file')).toHaveFocus();
  });

  it('asks nothing of anybody before a press', async () => {
    const hearth = await showFirstStart();
    await expect.element(page.getByText('No account. Nothing has left this computer.')).toBeVisible();
    await expect.element(page.getByText('About 1.4 GB')).toBeVisible();
    const asked = hearth.calls
      .map(({ name }) => name)
      .filter((name) => !/^(conversations\.list|app\.status)$/.test(name));
    expect(asked).toEqual([]);
  });

  it('does not say that nothing has left where a server elsewhere is asked', async () => {
    const [ollama, ...others] = NOTHING.backends;
    const away = { ...NOTHING, backends: [{ ...ollama!, host: 'studio.local:11434' }, ...others] };
    await showFirstStart({ backends: away });
    await expect.element(page.getByText('No account.', { exact: true })).toBeVisible();
    await button('My Ollama runs on another computer').click();
    await expect.element(title('Backends')).toBeVisible();
  });

  it('looks again when asked, and takes what has come up', async () => {
    const hearth = await showFirstStart();
    hearth.failNext('backends.check', 'The check failed.');
    await button('Check again').click();
    await expect.element(page.getByText('The check failed.')).toBeVisible();
    await button('Check again').click();
    expect(called(hearth, 'backends.check')).toHaveLength(2);
    // A look that finds nothing says when it was and what stood in the way.
    await expect.element(page.getByText(/^Looked at .*:\d\d.*No Ollama was found$/)).toBeVisible();
    hearth.setBackends(ollamaWith());
    await expect.element(card(/Found/)).toBeChecked();
    expect(button('Check again').query()).toBeNull();
  });

  it('skips to the chat and does not come back by itself', async () => {
    const hearth = await showFirstStart();
    await button('Skip for now').click();
    await expect.element(composer).toHaveFocus();
    expect(hearth.settings.onboarding.isDone).toBe(true);
  });

  it('goes past the second step where Ollama has a model', async () => {
    const hearth = await showFirstStart();
    hearth.setBackends(ollamaWith('llama3.2:3b'));
    await expect.element(card(/1 model\./)).toBeChecked();
    await button('Continue').click();
    await expect.element(title('Hearth is ready')).toHaveFocus();
    expect(hearth.settings.onboarding.isDone).toBe(true);
  });

  it('stays and says why when the engine does not come up', async () => {
    const hearth = await showFirstStart({ backends: ollamaWith() });
    hearth.failNext('backends.check', 'Ollama could not be started.');
    await button('Continue').click();
    await expect.element(page.getByRole('alert')).toMatchTextContent(/Ollama could not be started./);
    await expect.element(title('Choose an engine')).toBeVisible();
  });
});

describe('an installation', () => {
  it('tells its size first, shows how it goes, and goes on when it is over', async () => {
    const hearth = await showFirstStart();
    await button('Download 1.4 GB').click();
    await expect.element(title('Installing Ollama')).toHaveFocus();
    // It looks as on the page of the engine, which nobody has opened.
    await expect.element(page.getByRole('group', { name: 'Installation of Ollama' })).toHaveStyle({ display: 'grid' });
    expect(called(hearth, 'install.start')).toEqual([{ name: 'install.start', input: {} }]);
    await expect.element(page.getByText('From github.com, checked before it runs.')).toBeVisible();
    hearth.engine.setInstall({ state: 'downloading', receivedBytes: 412e6, totalBytes: 1.4e9 });
    await expect.element(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '29');
    hearth.engine.setInstall({ state: 'testing' });
    hearth.settings = { ...hearth.settings, engine: { ...hearth.settings.engine, use: 'own' } };
    hearth.setBackends(ollamaWith());
    hearth.engine.setInstall({ state: 'installed', installedVersion: '0.32.5' });
    await expect.element(title('Pick a model')).toHaveFocus();
    expect(hearth.settings.engine.use).toBe('own');
  });

  it('goes on in the background, and is found again where it was', async () => {
    const hearth = await showFirstStart();
    await button('Download 1.4 GB').click();
    await button('Continue in the background').click();
    await expect.element(composer).toHaveFocus();
    expect(hearth.settings.onboarding.isDone).toBe(false);
    expect(called(hearth, 'install.pause')).toEqual([]);
    useNavigation.setState({ place: { page: 'onboarding' } });
    await expect.element(title('Installing Ollama')).toHaveFocus();
  });

  it('says so in its title when it is paused, and its buttons keep their place', async () => {
    const hearth = await showFirstStart();
    await button('Download 1.4 GB').click();
    hearth.engine.setInstall({ state: 'downloading', receivedBytes: 412e6, totalBytes: 1.4e9, bytesPerSecond: 0 });
    await expect.element(page.getByText('412 MB of 1.4 GB · nothing is arriving')).toBeVisible();
    expect(document.querySelector('.ob-card .live')).toBeNull();
    hearth.engine.setInstall({ state: 'paused', bytesPerSecond: null });
    await expect.element(title('The installation is paused')).toBeVisible();
    await expect.element(button('Leave it for later')).toBeVisible();
    await expect.element(page.getByRole('list', { name: 'Steps' })).toBeVisible();
    // Asked again, because styles of a page that is opened for the first time may still arrive.
    const placeWhile = async (state: 'downloading' | 'paused', heading: string) => {
      hearth.engine.setInstall({ state, bytesPerSecond: state === 'paused' ? null : 0 });
      await expect.element(title(heading)).toBeVisible();
      return button('Discard').element().getBoundingClientRect().y;
    };
    await expect
      .poll(
        async () =>
          (await placeWhile('downloading', 'Installing Ollama')) -
          (await placeWhile('paused', 'The installation is paused')),
      )
      .toBe(0);
  });

  it('tells why it failed, tries again, and lets another engine be chosen', async () => {
    const hearth = await showFirstStart();
    await button('Download 1.4 GB').click();
    const problem = { code: 'install_unreachable' as const, message: 'github.com could not be reached.', params: {} };
    hearth.engine.setInstall({ state: 'failed', receivedBytes: 412e6, problem });
    await expect.element(page.getByRole('alert')).toMatchTextContent(/github.com could not be reached./);
    await button('Go on').first().click();
    expect(called(hearth, 'install.start')).toHaveLength(2);
    hearth.engine.setInstall({ state: 'failed', problem });
    await button('Choose another engine').click();
    await expect.element(title('Choose an engine')).toHaveFocus();
    await expect.element(button('Go on')).toBeVisible();
    await card(/built-in/).click();
    await expect.element(button('Continue')).toBeVisible();
  });

  it('says so when it does not even begin', async () => {
    const hearth = await showFirstStart();
    hearth.failNext('install.start', 'The disk is full.');
    await button('Download 1.4 GB').click();
    await expect.element(page.getByRole('alert')).toMatchTextContent(/The disk is full./);
    await expect.element(title('Choose an engine')).toBeVisible();
  });

  it('is not offered where there is no release for the system', async () => {
    const hearth = await showFirstStart();
    hearth.engine.setInstall({ offer: null });
    await expect.element(card(/Install Ollama/)).toBeDisabled();
    await expect.element(card(/built-in/)).toBeChecked();
  });

  it('that is there already is used without a download', async () => {
    const hearth = await showFirstStart();
    hearth.engine.setInstall({ state: 'installed', installedVersion: '0.32.5' });
    await expect.element(card(/Hearth’s own Ollama/)).toBeChecked();
    hearth.setBackends(ollamaWith());
    await card(/Hearth’s own Ollama/).click();
    await button('Continue').click();
    await vi.waitFor(() => expect(hearth.settings.engine.use).toBe('own'));
    await expect.element(title('Pick a model')).toHaveFocus();
  });
});
