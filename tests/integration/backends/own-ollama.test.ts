// An Ollama that is installed but does not run: started as our own child when it is needed, and only then.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SettingsPatch } from '../../../src/contract/settings.ts';
import { createOllamaServer } from '../../../src/main/ollama/index.ts';
import { makeStandInOllama, standInReport } from '../../support/stand-in-ollama/index.ts';
import { ask, nowhere, open } from './scene.ts';
import { atEnd, cleanUp, forever, replay } from './setup.ts';

afterEach(cleanUp);

describe('an Ollama that is installed but does not run', () => {
  async function bench(ollama: SettingsPatch['ollama'] = {}) {
    const folder = await mkdtemp(path.join(tmpdir(), 'hearth-backends-'));
    atEnd(() => rm(folder, { recursive: true, force: true }));
    const executable = await makeStandInOllama(folder);
    const ollamaServer = createOllamaServer({ folder, env: { ...process.env, HEARTH_OLLAMA: executable } });
    atEnd(() => ollamaServer.stop());
    const address = await nowhere();
    return { folder, ollamaServer, address, ...open({ ollama: { address, ...ollama } }, { ollamaServer }) };
  }

  it('is started, asked, and ended with Hearth', async () => {
    const { backends, ollamaServer, address } = await bench();
    const states: (string | undefined)[] = [];
    backends.onChange(({ backends: [first] }) => states.push(first?.state));
    backends.start();
    const { sources, text, error } = await ask(backends);
    expect(error).toBeNull();
    expect(text.length).toBeGreaterThan(0);
    const child = ollamaServer.state();
    if (child.state !== 'ready') throw new Error(`not ready but ${child.state}`);
    expect(sources).toHaveLength(1);
    expect(sources[0]).toMatchObject({ kind: 'ollama', host: child.host, model: 'tiny:latest', skipped: [] });
    expect(states).toContain('starting');
    await vi.waitFor(() =>
      expect(backends.status().backends[0]).toMatchObject({ state: 'ready', isOwned: true, host: child.host }),
    );
    // The lane stays that of the address: one server, one line.
    expect((await backends.plan({}, forever())).lane).toBe(`ollama:${new URL(address).host}`);
    await backends.stop();
    expect(ollamaServer.state().state).toBe('stopped');
  });

  it('is left alone where a server answers already', async () => {
    const server = await replay({ answer: { tokens: ['theirs'] } });
    const { backends, ollamaServer } = await bench({ address: server.url });
    backends.start();
    expect((await ask(backends)).text).toBe('theirs');
    await backends.stop();
    expect(ollamaServer.state().state).toBe('stopped');
    expect((await fetch(`${server.url}/api/version`)).status).toBe(200);
  });

  it('is not started when the settings say so', async () => {
    const { backends, ollamaServer } = await bench({ startWhenNeeded: false });
    backends.start();
    expect((await ask(backends)).sources).toMatchObject([
      { kind: 'demo', skipped: [{ reason: { code: 'backend_unreachable' } }, {}] },
    ]);
    expect(ollamaServer.state().state).toBe('stopped');
  });

  it('says why when it can not be started, and is tried again only when somebody checks', async () => {
    const { backends, ollamaServer, folder } = await bench();
    await makeStandInOllama(folder, { exit: { status: 1, output: 'Error: no space left on device\n' } });
    backends.start();
    const { sources } = await ask(backends);
    expect(sources.at(-1)).toMatchObject({ kind: 'demo', skipped: [{ reason: { code: 'ollama_start_failed' } }, {}] });
    const states: string[] = [];
    ollamaServer.onChange(({ state }) => states.push(state));
    await ask(backends);
    expect(states).toEqual([]);
    await makeStandInOllama(folder);
    await backends.check();
    expect(states).toEqual(['starting', 'ready']);
    expect((await ask(backends)).sources.at(-1)?.kind).toBe('ollama');
  });

  it('is started again with the next question after it broke down', async () => {
    const { backends, ollamaServer, folder } = await bench();
    backends.start();
    expect((await ask(backends)).error).toBeNull();
    process.kill(standInReport(folder).server, 'SIGKILL');
    await vi.waitFor(() => expect(ollamaServer.state().state).toBe('failed'), { timeout: 8_000 });
    await vi.waitFor(() => expect(backends.status().backends[0]?.state).toBe('asleep'));
    const { sources, error } = await ask(backends);
    expect(error).toBeNull();
    expect(sources.at(-1)).toMatchObject({ kind: 'ollama' });
  });
});
