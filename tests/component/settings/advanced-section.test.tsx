import { afterEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { setClient } from '../../../src/renderer/lib/index.ts';
import { hideToast } from '../../../src/renderer/ui/index.ts';
import { inputsOf, showSettings } from './stage.tsx';

afterEach(() => {
  hideToast();
  setClient(null);
});

async function put(name: string, text: string): Promise<void> {
  const field = page.getByRole('textbox', { name, exact: true });
  await userEvent.fill(field, text);
  await userEvent.tab();
}

test('the engine rests after as many minutes as the user says, at once, or never', async () => {
  const hearth = await showSettings('advanced');
  const name = 'Leave memory when not asked for';
  await expect.element(page.getByRole('textbox', { name })).toHaveValue('10');
  for (const [text, idleMinutes] of [
    ['30', 30],
    ['0', 0],
    ['-1', -1],
  ] as const) {
    await put(name, text);
    await vi.waitFor(() => expect(inputsOf(hearth, 'settings.set').at(-1)).toEqual({ llamacpp: { idleMinutes } }));
  }
  for (const bad of ['-2', '', '1.5', 'soon', '100001']) {
    await put(name, bad);
    await expect.element(page.getByText('Give a number from -1 to 100000')).toBeVisible();
  }
  expect(inputsOf(hearth, 'settings.set')).toHaveLength(3);
});

test('how many layers go to the card may be left to the engine', async () => {
  const hearth = await showSettings('advanced');
  const name = 'Layers on the graphics card';
  const field = page.getByRole('textbox', { name, exact: true });
  await expect.element(field).toHaveValue('');
  await expect.element(field).toHaveAttribute('placeholder', 'All that fit');
  await put(name, '0');
  await vi.waitFor(() => expect(inputsOf(hearth, 'settings.set').at(-1)).toEqual({ llamacpp: { gpuLayers: 0 } }));
  await put(name, '');
  await vi.waitFor(() => expect(inputsOf(hearth, 'settings.set').at(-1)).toEqual({ llamacpp: { gpuLayers: null } }));
});

test('MLX is set up on a Mac only', async () => {
  await showSettings('advanced', { platform: 'linux' });
  await expect.element(page.getByRole('heading', { name: 'Built-in engine' })).toBeVisible();
  await expect.element(page.getByRole('heading', { name: 'MLX' })).not.toBeInTheDocument();
});

test('on a Mac its model and program are checked before they are kept', async () => {
  const hearth = await showSettings('advanced', { platform: 'darwin' });
  await put('Model', 'llama3.2');
  await expect
    .element(page.getByRole('alert'))
    .toHaveTextContent('Give a name like mlx-community/Llama-3.2-3B-Instruct-4bit, or the full path of a folder');
  await put('Model', 'mlx-community/Qwen3-4B-4bit');
  const model = 'mlx-community/Qwen3-4B-4bit';
  await vi.waitFor(() => expect(inputsOf(hearth, 'settings.set')).toEqual([{ mlx: { model } }]));
  await put('Program', 'mlx_lm.server');
  await expect.element(page.getByText('Give the full path of mlx_lm.server, or leave it empty')).toBeVisible();
  await put('Program', '/opt/mlx/bin/mlx_lm.server');
  await vi.waitFor(() =>
    expect(inputsOf(hearth, 'settings.set').at(-1)).toEqual({ mlx: { program: '/opt/mlx/bin/mlx_lm.server' } }),
  );
  await put('Program', '');
  await vi.waitFor(() => expect(inputsOf(hearth, 'settings.set').at(-1)).toEqual({ mlx: { program: null } }));
});
