import { afterEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { SettingsNav } from '../../../src/renderer/features/settings/index.ts';
import { setClient, useNavigation } from '../../../src/renderer/lib/index.ts';
import { hideToast } from '../../../src/renderer/ui/index.ts';
import type { FakeHearth } from '../../support/component/fake-hearth.ts';
import { fakeHearth } from '../../support/component/fake-hearth.ts';
import { inputsOf, showSettings as show } from './stage.tsx';

afterEach(() => {
  hideToast();
  setClient(null);
});

const saved = (hearth: FakeHearth) => inputsOf(hearth, 'settings.set');

test('the theme counts at once', async () => {
  const hearth = await show('general');
  await userEvent.click(page.getByRole('radio', { name: 'Dark' }));
  await expect.element(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await vi.waitFor(() => expect(saved(hearth)).toEqual([{ theme: 'dark' }]));
});

test('it says which Hearth this is and leads to its data', async () => {
  const hearth = await show('general');
  await expect.element(page.getByText('0.1.0')).toBeVisible();
  await expect.element(page.getByText('/home/user/.local/share/hearth')).toBeVisible();
  hearth.failNext('app.openDataFolder', 'There is no file manager.');
  await userEvent.click(page.getByRole('button', { name: 'Open folder' }));
  await expect.element(page.getByText('There is no file manager.')).toBeVisible();
});

test('a change that main refuses is taken back, with the reason at its control', async () => {
  const hearth = await show('general');
  hearth.failNext('settings.set', 'The folder is not writable.', 'settings_unwritable');
  await userEvent.click(page.getByRole('radio', { name: 'Dark' }));
  await expect.element(page.getByRole('alert')).toHaveTextContent('Not saved. The folder is not writable.');
  await expect.element(page.getByRole('radio', { name: 'System' })).toBeChecked();
});

test('a change elsewhere shows here', async () => {
  const hearth = await show('general');
  await expect.element(page.getByRole('radio', { name: 'System' })).toBeChecked();
  await hearth.client.settings.set({ theme: 'light' });
  await expect.element(page.getByRole('radio', { name: 'Light' })).toBeChecked();
});

test('limits are in seconds, within what main takes', async () => {
  const hearth = await show('advanced');
  const silence = page.getByRole('textbox', { name: 'Silence' });
  await expect.element(silence).toHaveValue('60');
  await userEvent.fill(silence, '1,5');
  await userEvent.tab();
  await vi.waitFor(() => expect(saved(hearth)).toEqual([{ timeouts: { silenceMs: 1_500 } }]));
  await expect.element(silence).toHaveValue('1.5');
  for (const bad of ['', 'soon', '0', '3601', '-1']) {
    await userEvent.fill(silence, bad);
    await userEvent.tab();
    await expect.element(page.getByText('Give a number from 0.1 to 3600')).toBeVisible();
  }
  expect(saved(hearth)).toHaveLength(1);
  const threads = page.getByRole('textbox', { name: 'Threads' });
  await userEvent.fill(threads, '4');
  await userEvent.tab();
  await vi.waitFor(() => expect(saved(hearth).at(-1)).toEqual({ llamacpp: { threads: 4 } }));
});

test('every control is described by the help beside it', async () => {
  await show('advanced');
  const silence = page.getByRole('textbox', { name: 'Silence' });
  await expect.element(silence).toHaveAccessibleDescription('In the middle of an answer.');
  await userEvent.fill(silence, 'soon');
  await userEvent.tab();
  await expect
    .element(silence)
    .toHaveAccessibleDescription('In the middle of an answer. Give a number from 0.1 to 3600');
});

test('the section in the sidebar is marked, and leads', async () => {
  fakeHearth();
  const onBack = vi.fn<() => void>();
  await render(<SettingsNav section="general" onBack={onBack} />);
  expect(page.getByRole('button', { name: 'General' }).element().getAttribute('aria-current')).toBe('page');
  await userEvent.click(page.getByRole('button', { name: 'Backends' }));
  expect(useNavigation.getState().place).toEqual({ page: 'settings', section: 'backends' });
  await userEvent.click(page.getByRole('button', { name: 'Back to chats' }));
  expect(onBack).toHaveBeenCalledOnce();
});
