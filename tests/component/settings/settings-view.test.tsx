import '../../../src/renderer/ui/styles.css';
import { useEffect } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { followSettings, SettingsNav, SettingsView } from '../../../src/renderer/features/settings/index.ts';
import { setClient, useNavigation } from '../../../src/renderer/lib/index.ts';
import { hideToast, ToastRegion } from '../../../src/renderer/ui/index.ts';
import type { FakeHearth, FakeOptions } from '../../support/component/fake-hearth.ts';
import { BUILT_IN, DEMO, fakeHearth, OLLAMA, OLLAMA_READY } from '../../support/component/fake-hearth.ts';

afterEach(() => {
  hideToast();
  setClient(null);
});

const app = {
  phase: 'ready' as const,
  problem: null,
  notices: [],
  version: '0.1.0',
  platform: 'linux',
  dataFolder: '/home/user/.local/share/hearth',
};

function Settings({ section }: { section: 'general' | 'backends' | 'advanced' }) {
  useEffect(() => {
    const life = new AbortController();
    void followSettings(life.signal);
    return () => life.abort();
  }, []);
  return (
    <>
      <SettingsView key={section} section={section} app={app} />
      <ToastRegion label="Messages" dismissLabel="Dismiss" />
    </>
  );
}

async function show(section: 'general' | 'backends' | 'advanced', options: FakeOptions = {}): Promise<FakeHearth> {
  const hearth = fakeHearth(options);
  await render(<Settings section={section} />);
  return hearth;
}

const saved = (hearth: FakeHearth) =>
  hearth.calls.filter((call) => call.name === 'settings.set').map((one) => one.input);

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

test('an engine that was never set up is told calmly, not as a fault', async () => {
  const message = 'The built-in engine has no model yet.';
  await show('backends', {
    backends: {
      ...OLLAMA_READY,
      backends: [
        OLLAMA,
        { ...BUILT_IN, models: [], state: 'unavailable', problem: { code: 'no_model_file', message, params: {} } },
        DEMO,
      ],
    },
  });
  const row = page.getByRole('listitem').nth(1);
  await expect.element(row).toHaveTextContent('2Built-in engineThis computerllama.cpp' + message + 'Not set up');
  expect(row.element().querySelector('.text-danger-ink')).toBeNull();
});

test('each backend says where it is and how it is, in words', async () => {
  await show('backends', {
    backends: {
      ...OLLAMA_READY,
      backends: [
        OLLAMA,
        {
          ...BUILT_IN,
          state: 'unavailable',
          problem: { code: 'engine_unavailable', message: 'It needs AVX.', params: {} },
        },
        DEMO,
      ],
    },
  });
  const rows = page.getByRole('listitem');
  await expect
    .element(rows.nth(0))
    .toHaveTextContent(
      '1OllamaThis computer127.0.0.1:11434 · version 0.12.6 · 2 models · started by HearthReady, 12 msAnswers next',
    );
  await expect
    .element(rows.nth(1))
    .toHaveTextContent('2Built-in engineThis computerllama.cpp · 1 modelIt needs AVX.Not available');
  await expect
    .element(rows.nth(2))
    .toHaveTextContent(
      '3DemoAlways labelledSample text, never from a model. Used only when everything above failsLast resort',
    );
});

test('a server elsewhere is called what it is', async () => {
  const hearth = await show('backends');
  const place = (host: string) => hearth.setBackends({ ...OLLAMA_READY, backends: [{ ...OLLAMA, host }] });
  await expect.element(page.getByText('This computer').first()).toBeVisible();
  for (const host of ['192.168.1.20:11434', 'studio.local:11434', 'nas:11434', '[fd00::1]:11434']) {
    place(host);
    await expect.element(page.getByText('Your network')).toBeVisible();
    place('127.0.0.1:11434');
    await expect.element(page.getByText('This computer')).toBeVisible();
  }
  for (const host of ['llm.example.org:443', '8.8.8.8:11434', '[2001:db8::1]:11434']) {
    place(host);
    await expect.element(page.getByText('Internet')).toBeVisible();
    place('[::1]:11434');
    await expect.element(page.getByText('This computer')).toBeVisible();
  }
});

test('Check again asks main, and cannot be pressed while a check runs', async () => {
  const hearth = await show('backends');
  await userEvent.click(page.getByRole('button', { name: 'Check again' }));
  expect(hearth.calls.filter((call) => call.name === 'backends.check')).toHaveLength(1);
  hearth.setBackends({ ...OLLAMA_READY, isChecking: true });
  await expect.element(page.getByRole('button', { name: 'Checking' })).toBeDisabled();
  hearth.setBackends(OLLAMA_READY);
  hearth.failNext('backends.check', 'Hearth is still starting.');
  await userEvent.click(page.getByRole('button', { name: 'Check again' }));
  await expect.element(page.getByText('Hearth is still starting.')).toBeVisible();
});

test('the backend and the model are chosen from what there is', async () => {
  const hearth = await show('backends', { settings: { model: 'gone:1b' } });
  const model = page.getByRole('combobox', { name: 'Model' });
  await expect.element(model).toHaveDisplayValue('gone:1b (not installed)');
  await userEvent.selectOptions(model, 'qwen2.5:7b');
  await userEvent.selectOptions(page.getByRole('combobox', { name: 'Backend' }), 'Built-in engine');
  await vi.waitFor(() => expect(saved(hearth)).toEqual([{ model: 'qwen2.5:7b' }, { backend: 'llamacpp' }]));
  await expect.element(model).toHaveDisplayValue('qwen2.5:7b');
  await userEvent.selectOptions(model, 'The one used last');
  await vi.waitFor(() => expect(saved(hearth).at(-1)).toEqual({ model: null }));
});

test('an address counts when it is left; what cannot be one is never sent', async () => {
  const hearth = await show('backends');
  const field = page.getByRole('textbox', { name: 'Address' });
  await userEvent.fill(field, 'http//192.168.1.20');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByText('This is not an address. Try 192.168.1.20:11434')).toBeVisible();
  expect(field.element().getAttribute('aria-invalid')).toBe('true');
  expect(saved(hearth)).toEqual([]);
  await userEvent.keyboard('{Escape}');
  await expect.element(field).toHaveValue('');
  expect(page.getByRole('alert').query()).toBeNull();
  for (const bad of ['two words', 'ftp://host', 'http://', 'host:port', 'a//b']) {
    await userEvent.fill(field, bad);
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByText('This is not an address', { exact: false })).toBeVisible();
  }
  for (const good of ['192.168.1.20:11434', 'studio.local', '[::1]:11434', ':11435', 'https://gpu.lan/ollama']) {
    await userEvent.fill(field, good);
    await userEvent.tab();
    await vi.waitFor(() => expect(saved(hearth).at(-1)).toEqual({ ollama: { address: good } }));
  }
  await userEvent.fill(field, '');
  await userEvent.tab();
  await vi.waitFor(() => expect(saved(hearth).at(-1)).toEqual({ ollama: { address: null } }));
});

test('an address that main refuses says so under the field', async () => {
  const hearth = await show('backends');
  hearth.failNext('settings.set', 'That is not an address.', 'backend_url_invalid');
  await userEvent.fill(page.getByRole('textbox', { name: 'Address' }), 'studio.local');
  await userEvent.tab();
  await expect.element(page.getByText('Not saved. That is not an address.')).toBeVisible();
  await expect.element(page.getByRole('textbox', { name: 'Address' })).toHaveValue('');
});

test('switches and the model file are saved', async () => {
  const hearth = await show('backends');
  await userEvent.click(page.getByRole('switch', { name: 'Use demo replies as a last resort' }));
  const file = page.getByRole('textbox', { name: 'Model file' });
  await userEvent.fill(file, 'tiny');
  await userEvent.tab();
  await expect.element(page.getByText('Give the full path of a .gguf file, or leave it empty')).toBeVisible();
  await userEvent.fill(file, '/models/tiny.gguf');
  await userEvent.tab();
  await vi.waitFor(() =>
    expect(saved(hearth)).toEqual([{ demoAsLastResort: false }, { llamacpp: { modelPath: '/models/tiny.gguf' } }]),
  );
  await expect.element(page.getByRole('switch', { name: 'Use demo replies as a last resort' })).not.toBeChecked();
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

test('every control has a name', async () => {
  await show('backends');
  await expect.element(page.getByRole('combobox', { name: 'Model' })).toBeVisible();
  for (const role of ['combobox', 'textbox', 'switch', 'button'] as const) {
    const all = page.getByRole(role).elements().length;
    expect(all).toBeGreaterThan(0);
    expect(page.getByRole(role, { name: /\S/ }).elements()).toHaveLength(all);
  }
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
