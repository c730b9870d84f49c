// An Ollama that is installed but does not run: started as our own child when it is needed, and only then.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Settings, type SettingsPatch } from '../../../src/contract/settings.ts';
import { createOllamaServer, type OllamaServerOptions } from '../../../src/main/ollama/index.ts';
import { makeStandInOllama, standInReport } from '../../support/stand-in-ollama/index.ts';
import { ask, nowhere, open } from './scene.ts';
import { atEnd, cleanUp, forever, replay } from './setup.ts';

afterEach(cleanUp);

describe('an Ollama that is installed but does not run', () => {
  async function bench(
    ollama: SettingsPatch['ollama'] = {},
    limits: OllamaServerOptions['limits'] = {},
    engine: Partial<Settings['engine']> = {},
  ) {
    const folder = await mkdtemp(path.join(tmpdir(), 'hearth-backends-'));
    atEnd(() => rm(folder, { recursive: true, force: true }));
    const executable = await makeStandInOllama(folder);
    const ollamaServer = createOllamaServer({
      folder,
      env: { ...process.env, HEARTH_OLLAMA: executable },
      settings: () => ({ ...Settings.parse({}).engine, ...engine }),
      ownProgram: () => null,
      limits,
    });
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
    expect((await ask(backends)).error).toMatchObject({ code: 'ollama_start_failed' });
    const states: string[] = [];
    ollamaServer.onChange(({ state }) => states.push(state));
    await ask(backends);
    expect(states).toEqual([]);
    await makeStandInOllama(folder);
    await backends.check();
    expect(states).toEqual(['starting', 'ready']);
    expect((await ask(backends)).sources.at(-1)?.kind).toBe('ollama');
  });

  it('is started at once by a question that comes while it waits to be started again', async () => {
    const { backends, ollamaServer, folder } = await bench({}, { backoffMs: [600_000] });
    backends.start();
    expect((await ask(backends)).error).toBeNull();
    process.kill(standInReport(folder).server, 'SIGKILL');
    await vi.waitFor(() => expect(ollamaServer.state().state).toBe('restarting'), { timeout: 8_000 });
    expect(backends.status().backends[0]?.state).toBe('starting');
    const { sources, error } = await ask(backends);
    expect(error).toBeNull();
    expect(sources.at(-1)).toMatchObject({ kind: 'ollama' });
  });

  it('makes way for the others with the reason when it ends too often, until its time is over', async () => {
    const { backends, ollamaServer, folder } = await bench({}, { backoffMs: [], windowMs: 1_500 });
    backends.start();
    expect((await ask(backends)).error).toBeNull();
    process.kill(standInReport(folder).server, 'SIGKILL');
    await vi.waitFor(() => expect(backends.status().backends[0]?.problem?.code).toBe('ollama_gave_up'), {
      timeout: 8_000,
    });
    expect((await ask(backends)).error).toMatchObject({ code: 'ollama_gave_up' });
    await vi.waitFor(() => expect(ollamaServer.refusal()).toBeNull(), { timeout: 5_000 });
    expect((await ask(backends)).sources.at(-1)).toMatchObject({ kind: 'ollama' });
  });

  it('stays as the user wants it: stopped through checks, started by a question', async () => {
    const { backends, ollamaServer, places } = await bench();
    backends.start();
    expect((await ask(backends)).error).toBeNull();
    places.hold();
    await ollamaServer.stop();
    await backends.check();
    expect(ollamaServer.state().state).toBe('stopped');
    expect(backends.status().backends[0]).toMatchObject({ kind: 'ollama', state: 'asleep', problem: null });
    await expect(places.open(forever())).rejects.toMatchObject({ code: 'ollama_held' });
    expect((await ask(backends)).sources.at(-1)).toMatchObject({ kind: 'ollama' });
    expect(places.isHeld()).toBe(false);
  });

  it.each(['by a check', 'by the question'])('stays stopped, started %s, when the user stops it', async (who) => {
    const { backends, ollamaServer, places, folder } = await bench();
    await makeStandInOllama(folder, { replay: { holdAfterRecords: 0, loaded: [] } });
    if (who === 'by a check') await backends.check();
    const asked = ask(backends, { backend: 'ollama://' });
    await vi.waitFor(() => expect(standInReport(folder).runner).not.toBeNull(), { timeout: 8_000 });
    places.hold();
    await ollamaServer.stop();
    expect((await asked).error).toMatchObject({ code: 'ollama_held' });
    expect(ollamaServer.state().state).toBe('stopped');
    expect(places.isHeld()).toBe(true);
  });

  it('stays stopped when the user stops it while a question starts it', async () => {
    const { backends, ollamaServer, places, folder } = await bench();
    await makeStandInOllama(folder, { startDelayMs: 60_000 });
    // A question starts also what was stopped before it.
    places.hold();
    const asked = ask(backends, { backend: 'ollama://' });
    await vi.waitFor(() => expect(ollamaServer.state().state).toBe('starting'), { timeout: 8_000 });
    places.hold();
    await ollamaServer.stop();
    expect((await asked).error).toMatchObject({ code: 'ollama_held' });
    expect(ollamaServer.state().state).toBe('stopped');
  });

  it('answers a question although the start for it was ended by another than the user', async () => {
    const { backends, ollamaServer } = await bench();
    const asked = ask(backends, { backend: 'ollama://' });
    await vi.waitFor(() => expect(ollamaServer.state().state).toBe('starting'), { timeout: 8_000, interval: 2 });
    await ollamaServer.stop();
    expect((await asked).error).toBeNull();
    expect(ollamaServer.state().state).toBe('ready');
  });

  it('answers as many questions at once as it was started with', async () => {
    const { backends } = await bench({}, {}, { parallel: 3 });
    backends.start();
    expect((await ask(backends)).error).toBeNull();
    expect((await backends.plan({}, forever())).concurrency).toBe(3);
  });

  it('is the only one asked where the settings want Hearth’s own, whatever else runs here', async () => {
    const theirs = await replay({ answer: { tokens: ['theirs'] } });
    const folder = await mkdtemp(path.join(tmpdir(), 'hearth-own-'));
    atEnd(() => rm(folder, { recursive: true, force: true }));
    const program = await makeStandInOllama(folder, { replay: { answer: { tokens: ['ours'] } } });
    let own: string | null = null;
    const env = { OLLAMA_HOST: theirs.url };
    const settings = { engine: { use: 'own' as const } };
    const ollamaServer = createOllamaServer({
      folder,
      env,
      settings: () => ({ ...Settings.parse({}).engine, use: 'own' }),
      ownProgram: () => own,
    });
    atEnd(() => ollamaServer.stop());
    const { backends } = open(settings, { ollamaServer, env });
    expect((await ask(backends)).sources).toMatchObject([
      { kind: 'demo', skipped: [{ kind: 'ollama', reason: { code: 'ollama_not_installed' } }, {}] },
    ]);
    own = program;
    await backends.check();
    const { text, sources } = await ask(backends);
    expect(text).toBe('ours');
    expect(sources[0]?.host).not.toBe(`127.0.0.1:${theirs.port}`);
    expect(theirs.requestsTo('/api/version')).toHaveLength(0);
  });
});
