import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { setClient } from '../../../src/renderer/lib/index.ts';
import { button, called, saved, showEngine, until } from './stage.tsx';

afterEach(() => setClient(null));

const option = (name: RegExp) => page.getByRole('radio', { name });
const GB = 1_000_000_000;
const downloading = {
  state: 'downloading' as const,
  version: '0.32.5',
  receivedBytes: 412_000_000,
  totalBytes: 1_422_353_729,
  bytesPerSecond: 38_000_000,
  secondsLeft: 27,
};
const owned = { state: 'installed' as const, installedVersion: '0.32.5', installedBytes: 2.9 * GB };

test('what an installation costs is told before anything is fetched; choosing it alone changes nothing', async () => {
  const hearth = await showEngine();
  await expect.element(option(/^Install Ollama for me/).getByText('1.4 GB')).toBeVisible();
  await userEvent.click(option(/^Install Ollama for me/));
  await expect
    .element(page.getByText('From github.com. Needs 4.2 GB of disk while it is being installed.'))
    .toBeVisible();
  expect(called(hearth, 'install.start')).toEqual([]);
  expect(saved(hearth)).toEqual([]);
  await userEvent.click(button('Download 1.4 GB'));
  await expect.element(page.getByText('Looking for Ollama 0.32.5').first()).toBeVisible();
  expect(called(hearth, 'install.start')).toEqual([{ release: 'pinned' }]);
});

test('arrows choose between the two; one can go back before it is downloaded', async () => {
  const hearth = await showEngine();
  await userEvent.click(option(/^Use the Ollama/));
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(option(/^Install Ollama/)).toHaveFocus();
  await expect.element(option(/^Install Ollama/)).toBeChecked();
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(option(/^Use the Ollama/)).toBeChecked();
  expect(button('Download 1.4 GB').query()).toBeNull();
  expect(saved(hearth)).toEqual([]);
});

test('a download shows what has come, how fast and how long; it can be paused, gone on with and discarded', async () => {
  const hearth = await showEngine({ install: downloading });
  await expect.element(page.getByText('412 MB of 1.4 GB · 38 MB/s · about 27 s left')).toBeVisible();
  const bar = page.getByRole('progressbar', { name: 'Downloading Ollama 0.32.5' });
  await expect.element(bar).toHaveAttribute('aria-valuenow', '28');
  expect(bar.element().querySelector('.live')).not.toBeNull();
  await userEvent.click(button('Pause'));
  await expect.element(page.getByText('412 MB of 1.4 GB is here and kept')).toBeVisible();
  expect(page.getByRole('progressbar').element().querySelector('.live')).toBeNull();
  await userEvent.click(button('Go on'));
  await until(() => expect(called(hearth, 'install.start')).toEqual([{ release: 'pinned' }]));
  hearth.engine.setInstall(downloading);
  await userEvent.click(button('Discard'));
  await until(() => expect(page.getByRole('group', { name: 'Installation of Ollama' }).query()).toBeNull());
  expect(called(hearth, 'install.discard')).toHaveLength(1);
});

test('what was paused goes on with its own version', async () => {
  const hearth = await showEngine({ install: { ...downloading, state: 'paused', version: '0.33.0' } });
  await userEvent.click(button('Go on'));
  await until(() => expect(called(hearth, 'install.start')).toEqual([{ release: 'newest' }]));
});

test('a stall is told, in grey, with the next attempt', async () => {
  await showEngine({ install: { ...downloading, retryAtMs: Date.now() + 60_000, bytesPerSecond: null } });
  await expect.element(page.getByText('The download of Ollama 0.32.5 has stalled').first()).toBeVisible();
  await expect
    .element(page.getByText(/^412\sMB of 1.4\sGB · Hearth tries again in \d+ s and keeps what it has$/))
    .toBeVisible();
  expect(page.getByRole('progressbar').element().querySelector('.live')).toBeNull();
});

test('each step after the download has its words', async () => {
  const hearth = await showEngine({ install: { ...downloading, state: 'verifying', stepProgress: 0.5 } });
  const step = (name: string) =>
    expect.element(page.getByRole('listitem').filter({ hasText: name })).toHaveAttribute('aria-current', 'step');
  await expect.element(page.getByText('Hearth compares it with what its makers published.')).toBeVisible();
  await expect.element(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '50');
  await step('Check');
  hearth.engine.setInstall({ state: 'unpacking', stepProgress: null });
  await step('Unpack');
  expect(page.getByRole('progressbar').element().hasAttribute('aria-valuenow')).toBe(false);
  hearth.engine.setInstall({ state: 'testing' });
  await step('Test');
  await expect.element(page.getByText('It has to answer once before Hearth uses it.')).toBeVisible();
});

test('a failed one says why and goes on, or lets it be', async () => {
  const problem = { code: 'install_unreachable' as const, message: 'github.com could not be reached.', params: {} };
  const hearth = await showEngine({ install: { ...downloading, state: 'failed', problem } });
  await expect
    .element(page.getByRole('alert').getByText('github.com could not be reached.', { exact: false }))
    .toBeVisible();
  hearth.failNext('install.start', 'The disk is full.', 'install_no_space');
  await userEvent.click(button('Go on'));
  await expect.element(page.getByText('The disk is full.')).toBeVisible();
  hearth.engine.setInstall({ receivedBytes: 0 });
  await expect.element(button('Try again')).toBeVisible();
  await userEvent.click(button('Dismiss'));
  expect(called(hearth, 'install.discard')).toHaveLength(1);
});

test('with one installed, choosing between the two counts at once', async () => {
  const hearth = await showEngine({ install: owned });
  await userEvent.click(option(/^Use Hearth’s own Ollama/));
  await until(() => expect(saved(hearth)).toEqual([{ engine: { use: 'own' } }]));
  await expect.element(page.getByText('In Hearth’s own folder, in use.')).toBeVisible();
  hearth.failNext('settings.set', 'The folder is not writable.', 'settings_unwritable');
  await userEvent.click(option(/^Use the Ollama of this computer/));
  await expect.element(page.getByText('Not saved. The folder is not writable.')).toBeVisible();
  await expect.element(option(/^Use Hearth’s own Ollama/)).toBeChecked();
});

test('an update asks for the newest, and says when this is it', async () => {
  const hearth = await showEngine({ settings: { engine: { use: 'own' } }, install: owned });
  await userEvent.click(button('Update to newest'));
  expect(called(hearth, 'install.start')).toEqual([{ release: 'newest' }]);
  await expect.element(page.getByText('Looking for Ollama 0.32.5').first()).toBeVisible();
  hearth.engine.setInstall({ state: 'installed' });
  await expect.element(page.getByText('This is the newest there is.')).toBeVisible();
});

test('the version this Hearth was tested with is offered beside another one', async () => {
  const hearth = await showEngine({
    settings: { engine: { use: 'own' } },
    install: { ...owned, installedVersion: '0.30.0' },
  });
  await userEvent.click(button('Install 0.32.5'));
  expect(called(hearth, 'install.start')).toEqual([{ release: 'pinned' }]);
});

test('removing needs a second press, which names what goes', async () => {
  const hearth = await showEngine({ settings: { engine: { use: 'own' } }, install: owned });
  await userEvent.click(button('Remove'));
  expect(called(hearth, 'install.remove')).toEqual([]);
  await expect
    .element(page.getByText('Your models stay, and it can be downloaded again.', { exact: false }))
    .toBeVisible();
  await userEvent.keyboard('{Escape}');
  await userEvent.click(button('Remove'));
  hearth.failNext('install.remove', 'Hearth’s own Ollama is answering right now.', 'install_in_use');
  await userEvent.click(button('Remove 2.9 GB'));
  await expect.element(page.getByText('Hearth’s own Ollama is answering right now.')).toBeVisible();
  await userEvent.click(button('Remove'));
  await userEvent.click(button('Remove 2.9 GB'));
  // Chosen and gone: it says so and offers the download.
  await expect
    .element(page.getByText('Hearth’s own Ollama is chosen, but it is not installed.', { exact: false }))
    .toBeVisible();
  await expect.element(button('Download 1.4 GB')).toBeVisible();
});

test('on a system without a release the choice is closed, and says why', async () => {
  await showEngine({ install: { offer: null } });
  await expect.element(page.getByText('There is no Ollama to install for this system.')).toBeVisible();
  await expect.element(option(/^Install Ollama/)).toBeDisabled();
});

test('with the address of another machine it says that the choice is about this one', async () => {
  const hearth = await showEngine();
  await expect.element(page.getByText('Version 0.32.5. Hearth does not change it.')).toBeVisible();
  hearth.engine.set({ owner: 'other', host: 'studio.local:11434' });
  await expect
    .element(page.getByText('Hearth asks studio.local:11434 now, as set in Backends.', { exact: false }))
    .toBeVisible();
});

test('the one Hearth installed is not told as found on the computer, and can still be updated and removed', async () => {
  await showEngine({
    engine: { owner: 'hearth', state: 'ready', version: '0.34.4', isOwnInstallation: true },
    install: { state: 'installed', installedVersion: '0.34.4', installedBytes: 1.6e9 },
  });
  await expect.element(page.getByText('None was found but the one Hearth installed', { exact: false })).toBeVisible();
  await expect.element(page.getByText('1.6 GB on disk')).toBeVisible();
  await expect.element(button('Remove')).toBeVisible();
});
