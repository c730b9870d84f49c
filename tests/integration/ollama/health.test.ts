// The watch on a server that answers, misses once, falls silent.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { type HealthWatch, watchHealth } from '../../../src/main/ollama/server/health.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Counts what it is asked; answers by what `isMute` says of each question. */
async function serve(isMute: (question: number) => boolean): Promise<{ host: string; asked: () => number }> {
  let asked = 0;
  const server: Server = createServer((_, response) => {
    asked += 1;
    if (!isMute(asked)) response.end('Ollama is running');
  });
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

function watch(host: string, onHung: () => void, everyMs = 5): HealthWatch {
  const health = watchHealth(host, { everyMs, lookMs: 100, misses: 2 }, onHung);
  closing.push(() => health.end());
  return health;
}

it('tells once of a server that has fallen silent, and asks no more', async () => {
  const { host, asked } = await serve((question) => question > 2);
  const onHung = vi.fn();
  watch(host, onHung);
  await vi.waitFor(() => expect(onHung).toHaveBeenCalledOnce(), { timeout: 5_000 });
  expect(asked()).toBe(4);
});

it('forgives a single miss', async () => {
  const { host, asked } = await serve((question) => question === 2 || question === 4);
  const onHung = vi.fn();
  watch(host, onHung);
  await vi.waitFor(() => expect(asked()).toBeGreaterThan(6), { timeout: 5_000 });
  expect(onHung).not.toHaveBeenCalled();
});

it('looks at once when asked to, and not twice at a time', async () => {
  const { host, asked } = await serve(() => false);
  const health = watch(host, () => null, 600_000);
  health.checkNow();
  health.checkNow();
  await vi.waitFor(() => expect(asked()).toBe(1), { timeout: 5_000 });
  health.end();
  health.checkNow();
  expect(asked()).toBe(1);
});
