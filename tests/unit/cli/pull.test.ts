// What `hearth pull` shows of a download, and how it ends.
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { pull, type PullOptions } from '../../../src/cli/pull.ts';
import type { Download, DownloadsStatus } from '../../../src/contract/downloads.ts';
import { errorInfo, HearthError } from '../../../src/main/errors/index.ts';
import { download, fakeClient, installStatus, saying } from '../../support/fake-engine-room.ts';

const status = (...downloads: Download[]): DownloadsStatus => ({ downloads, parallel: 1 });
const at = (change: Partial<Download>) => status({ ...download, ...change });
const done = at({ state: 'done', step: null, progress: 1, completedBytes: 2_000_000_000 });

interface Scene {
  said: DownloadsStatus[];
  ensured?: unknown;
  end?: Error;
  paused?: typeof download;
  options?: Partial<PullOptions> & { isTerminal?: boolean };
}

/** Ctrl C comes when everything was said, unless the watch ends with an error. */
async function run({ said, ensured, end, paused = download, options = {} }: Scene) {
  const stop = new AbortController();
  const { client, asked } = fakeClient({
    'models.ensure': () => ensured ?? { type: 'downloading', reason: 'missing', download },
    'downloads.watch': saying(said, end === undefined ? { onSaid: () => stop.abort() } : { error: end }),
    'downloads.pause': () => paused,
  });
  const stderr = Object.assign(new PassThrough(), { isTTY: options.isTerminal, columns: 60 });
  const base = { model: 'llama3.2:3b', isFresh: false, isInsecure: false, isShared: false };
  const code = await pull(client, { ...base, stderr, signal: stop.signal, now: () => 0, ...options });
  return { code, asked, text: String(stderr.read() ?? '') };
}

test('a model that is here costs nothing', async () => {
  const present = await run({ said: [], ensured: { type: 'present', wasChecked: false } });
  expect(present).toMatchObject({ code: 0, asked: ['models.ensure'] });
  expect(present.text).toContain('here already');
});

describe('without an Ollama', () => {
  const attempt = async (offer: typeof installStatus.offer) => {
    const { client } = fakeClient({
      'models.ensure': () => Promise.reject(new HearthError('ollama_not_installed')),
      'install.status': () => ({ ...installStatus, offer }),
    });
    const stderr = new PassThrough();
    const options = { model: 'tiny', isFresh: false, isInsecure: false, isShared: false };
    const code = await pull(client, { ...options, stderr, signal: new AbortController().signal });
    return { code, text: String(stderr.read()) };
  };

  test('says what is missing, and what to type first and then', async () => {
    const { code, text } = await attempt(installStatus.offer);
    expect(code).toBe(1);
    expect(text).toContain('Next: hearth engine install (1.4 GB), then: hearth pull tiny');
  });

  test('names its makers where Hearth can install none', async () => {
    expect((await attempt(null)).text).toContain('ollama.com, then: hearth pull tiny');
  });
});

describe('a download', () => {
  test('in a file is told at every tenth part and every new step, not at every byte', async () => {
    const parts = [0.1, 0.11, 0.19, 0.2, 0.45].map((progress) => at({ progress, completedBytes: 200e6 }));
    const { code, text } = await run({
      said: [
        at({ step: 'manifest', progress: 0, completedBytes: 0 }),
        ...parts,
        at({ step: 'verifying', progress: 0.99 }),
        done,
      ],
    });
    expect(code).toBe(0);
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(7);
    expect(lines[1]).toBe('llama3.2:3b  10 %  200 MB of 2.0 GB  18.0 MB/s  1 min 5 s left');
    expect(lines[4]).toContain('checking what has arrived');
    expect(lines.at(-1)).toBe('llama3.2:3b is here (2.0 GB).');
  });

  test('tells the bytes that have come, never fewer parts than before, and all of it only at the end', async () => {
    const here = (completedBytes: number) => at({ completedBytes, progress: 0.01 });
    const said = [here(1e9), here(0.2e9), at({ completedBytes: 2e9, progress: 0.99 }), done];
    const { text } = await run({ said, options: { isTerminal: true } });
    expect([...text.matchAll(/(\d+) %/g)].map((match) => match[1])).toEqual(['50', '50', '99', '100']);
  });

  test('in a terminal is one line that fits it', async () => {
    const long = `example.com/somebody/${'a-long-name-'.repeat(10)}:latest`;
    const { text } = await run({ said: [at({}), at({ model: long }), done], options: { isTerminal: true } });
    const drawn = text.split('\r\u001B[K').map((line) => line.split('\n')[0] ?? '');
    expect(drawn.length).toBeGreaterThan(3);
    for (const line of drawn) expect(line.length).toBeLessThan(60);
    expect(text.endsWith('\nllama3.2:3b is here (2.0 GB).\n')).toBe(true);
  });

  test('that waits or stalls says so', async () => {
    const stalled = at({ state: 'stalled', bytesPerSecond: null, secondsLeft: null, retryAtMs: 6_000 });
    const { text } = await run({ said: [at({ state: 'waiting', totalBytes: null, step: null }), stalled, done] });
    expect(text).toContain('waiting for its turn');
    expect(text).toContain('45 %  900 MB of 2.0 GB  nothing arrives, trying again in 6 s');
    const problem = errorInfo('pull_digest_mismatch', { model: 'llama3.2:3b' });
    const damaged = await run({ said: [at({ state: 'stalled', retryAtMs: 6_000, problem }), done] });
    expect(damaged.text).toContain('damaged on the way, trying again in 6 s');
  });

  test('that fails says why and ends with 1', async () => {
    const problem = errorInfo('pull_not_found', { model: 'nonsense', host: 'registry.ollama.ai' });
    const { code, text } = await run({ said: [at({ state: 'failed', problem })] });
    expect(code).toBe(1);
    expect(text.trimEnd().split('\n').at(-1)).toBe(problem.message);
  });

  test.each([
    ['cancelled', status()],
    ['paused', at({ state: 'paused' })],
  ])('that somebody else has %s ends with 1', async (word, said) => {
    const { code, text, asked } = await run({ said: [said] });
    expect(code).toBe(1);
    expect(text).toContain(`${word} elsewhere`);
    expect(asked).not.toContain('downloads.pause');
  });

  test('a name cannot steer the terminal', async () => {
    const { text } = await run({ said: [at({ model: '\u001B]0;owned\u0007tiny' }), done] });
    expect(text).not.toContain('\u001B]');
  });
});

describe('Ctrl C', () => {
  test('pauses what this terminal fetches itself', async () => {
    const { code, asked, text } = await run({ said: [at({})] });
    expect(code).toBe(130);
    expect(asked.at(-1)).toBe('downloads.pause');
    expect(text).toContain('The same command goes on.');
  });

  test('comes too late for what has arrived in that moment', async () => {
    const { code, text } = await run({ said: [at({})], paused: { ...download, state: 'done' } });
    expect(code).toBe(130);
    expect(text).toContain('llama3.2:3b is here');
  });

  test('leaves alone what another Hearth fetches', async () => {
    const { code, asked, text } = await run({ said: [at({})], options: { isShared: true } });
    expect(code).toBe(130);
    expect(asked).not.toContain('downloads.pause');
    expect(text).toContain('Hearth goes on with llama3.2:3b.');
  });
});

test('a Hearth that goes in the middle is no success', async () => {
  await expect(run({ said: [at({})], end: new Error('cut') })).rejects.toThrow('cut');
});
