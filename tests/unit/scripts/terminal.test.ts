// Steps that take long: told once, then with their seconds and how far they are.
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { during } from '../../../scripts/lib/terminal.mjs';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function terminal(more: { isTTY?: boolean; columns?: number } = {}) {
  const stream = Object.assign(new PassThrough(), more);
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => String(stream.read() ?? '') };
}

function step() {
  let end = (): void => undefined;
  const work = () =>
    new Promise<number>((resolve) => {
      end = () => resolve(7);
    });
  return { work, end: () => end() };
}

it('in a terminal on one line that is redrawn each second and stays at the end', async () => {
  const { stream, text } = terminal({ isTTY: true, columns: 60 });
  const { work, end } = step();
  const running = during('building', work, { stream, howFar: () => '3 MB have arrived' });
  expect(text()).toBe('hearth: building');
  await vi.advanceTimersByTimeAsync(2_000);
  expect(text()).toBe(['1', '2'].map((s) => `\r\u001B[Khearth: building, ${s} s so far, 3 MB have arrived`).join(''));
  end();
  expect(await running).toBe(7);
  expect(text()).toBe('\n');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(text()).toBe('');
});

it('is never longer than the terminal is wide: it could not be redrawn', async () => {
  const { stream, text } = terminal({ isTTY: true, columns: 20 });
  const { work, end } = step();
  const running = during('building something large', work, { stream });
  await vi.advanceTimersByTimeAsync(1_000);
  for (const line of text().split('\r\u001B[K')) expect(line.length).toBeLessThan(20);
  end();
  await running;
});

it('in a file with a line now and then', async () => {
  const { stream, text } = terminal();
  const { work, end } = step();
  const running = during('building', work, { stream });
  await vi.advanceTimersByTimeAsync(45_000);
  end();
  await running;
  expect(text()).toBe('hearth: building\nhearth: building, 20 s so far\nhearth: building, 40 s so far\n');
});

it('passes a failure on, and leaves its line', async () => {
  const { stream, text } = terminal({ isTTY: true });
  await expect(during('building', () => Promise.reject(new Error('no')), { stream })).rejects.toThrow('no');
  expect(text()).toBe('hearth: building\n');
});
