// Listing, loading, deleting, copying and editing models, against a real HTTP server that keeps them in a folder.
import { copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ModelsStatus } from '../../../src/contract/models.ts';
import { ModelsStatus as StatusSchema } from '../../../src/contract/models.ts';
import { createPlaces, parseAddress } from '../../../src/main/ollama/index.ts';
import { startStoreOllama } from '../../support/store-ollama.ts';
import { temporaryFolder } from '../../support/storage.ts';
import { libraryScene, never, tinyGguf, tinyWeights } from './scene.ts';

const tiny = { name: 'tiny:latest', engine: 'ollama' } as const;

describe('the list', () => {
  test('is null until it was looked at, then holds what both engines have, as the contract words it', async () => {
    const { library, ollama, ggufFolder, installed } = await libraryScene();
    ollama.add('tiny');
    copyFileSync(tinyGguf, path.join(ggufFolder, 'own.gguf'));
    writeFileSync(path.join(ggufFolder, 'broken.gguf'), 'GGUF but no more');
    expect(library.status().installed).toBeNull();
    expect(StatusSchema.parse(await library.refresh())).toEqual(library.status());
    expect(installed()).toEqual(['own', 'tiny:latest']);
    expect(library.status().problem).toBeNull();
    expect(library.status().installed).toMatchObject([
      { engine: 'llamacpp', family: 'llama', parameters: '114K', contextLength: 2048, digest: null, loaded: null },
      { engine: 'ollama', family: 'llama', quantization: 'F32', contextLength: 2048, capabilities: ['completion'] },
    ]);
  });

  test('of an old Ollama is completed by one look at each digest', async () => {
    const { library, ollama } = await libraryScene({ isOld: true });
    ollama.add('a');
    ollama.add('a:copy', { weights: Buffer.from('weights of a') });
    ollama.add('b');
    await library.refresh();
    await library.refresh();
    expect(library.status().installed).toMatchObject(
      ['a:copy', 'a:latest', 'b:latest'].map((name) => ({ name, contextLength: 2048, capabilities: ['completion'] })),
    );
    // The copy has the digest of what it was copied from.
    expect(ollama.callsTo('POST', '/api/show').length).toBe(2);
  });

  test('that has a model which can’t be shown still tells it', async () => {
    const { library, ollama, installed } = await libraryScene({ isOld: true });
    ollama.add('a');
    ollama.setFault({ path: '/api/show', kind: 'status', status: 500, error: 'broken' });
    await library.refresh();
    expect(installed()).toEqual(['a:latest']);
    expect(library.status().installed).toMatchObject([{ capabilities: [], contextLength: null }]);
  });

  test('is ordered by last use, whatever name a model was asked by', async () => {
    const modelUses = () =>
      Promise.resolve([
        { engine: 'ollama', model: 'b', lastUsedAtMs: 1_000 } as const,
        { engine: 'ollama', model: 'c:latest', lastUsedAtMs: 2_000 } as const,
        { engine: 'ollama', model: 'C', lastUsedAtMs: 3_000 } as const,
        { engine: 'llamacpp', model: 'a', lastUsedAtMs: 9_000 } as const,
      ]);
    const { library, ollama } = await libraryScene({ modelUses });
    for (const name of ['a', 'b', 'c', 'd']) ollama.add(name);
    const { installed } = await library.refresh();
    expect(installed?.map(({ name, lastUsedAtMs }) => [name, lastUsedAtMs])).toEqual([
      ['c:latest', 3_000],
      ['b:latest', 1_000],
      ['a:latest', null],
      ['d:latest', null],
    ]);
  });

  test('tells others when a model came or went, and not when nothing did', async () => {
    const onModels = vi.fn<(gone: readonly string[]) => void>();
    const { library, ollama } = await libraryScene({ onModels });
    ollama.add('a');
    await library.refresh();
    await library.refresh();
    expect(onModels).not.toHaveBeenCalled();
    ollama.add('b');
    await library.refresh();
    expect(onModels.mock.calls).toEqual([[[]]]);
    ollama.remove('a');
    await library.refresh();
    expect(onModels.mock.lastCall).toEqual([['a:latest']]);
  });

  test('hears of an answer while somebody watches', async () => {
    let lastUsedAtMs = 1_000;
    const modelUses = () => Promise.resolve([{ engine: 'ollama', model: 'a', lastUsedAtMs } as const]);
    const { library, ollama } = await libraryScene({ modelUses, pollMs: 20 });
    ollama.add('a');
    library.start();
    await library.refresh();
    expect(library.status().installed).toMatchObject([{ lastUsedAtMs: 1_000 }]);
    const stop = library.onChange(() => undefined);
    lastUsedAtMs = 2_000;
    await vi.waitFor(() => expect(library.status().installed).toMatchObject([{ lastUsedAtMs: 2_000 }]));
    stop();
  });

  test('tells why Ollama does not, and keeps what is known', async () => {
    const { library, ollama, ggufFolder, installed } = await libraryScene();
    ollama.add('tiny');
    ollama.setLoaded(['tiny']);
    copyFileSync(tinyGguf, path.join(ggufFolder, 'own.gguf'));
    await library.refresh();
    expect(library.status().installed?.[1]?.loaded).toMatchObject({ sizeBytes: 901_120, gpuBytes: 0 });
    await ollama.close();
    const { problem } = await library.refresh();
    expect(problem?.code).toBe('backend_unreachable');
    expect(installed()).toEqual(['own', 'tiny:latest']);
    expect(library.status().installed?.[1]?.loaded).toBeNull();
  });

  test('of nobody holds the built-in files', async () => {
    const { library, ggufFolder, installed } = await libraryScene({ isAway: true });
    copyFileSync(tinyGguf, path.join(ggufFolder, 'own.gguf'));
    await library.refresh();
    expect(installed()).toEqual(['own']);
    expect(library.status().problem?.code).toBe('backend_unreachable');
  });

  test('follows Ollama: looked at when it comes, and when it goes', async () => {
    const { library, ollama, installed, setReady } = await libraryScene();
    setReady(false);
    library.start();
    await vi.waitFor(() => expect(library.status().installed).toEqual([]));
    ollama.add('tiny');
    setReady(true);
    await vi.waitFor(() => expect(installed()).toEqual(['tiny:latest']));
    await ollama.close();
    setReady(false);
    await vi.waitFor(() => expect(library.status().problem?.code).toBe('backend_unreachable'));
  });

  test('looks at memory only while somebody watches', async () => {
    const { library, ollama } = await libraryScene({ pollMs: 20 });
    ollama.add('tiny');
    library.start();
    await library.refresh();
    const asked = () => ollama.callsTo('GET', '/api/ps').length;
    const before = asked();
    const seen: ModelsStatus[] = [];
    const stop = library.onChange((status) => seen.push(status));
    ollama.setLoaded(['tiny']);
    await vi.waitFor(() => expect(seen.at(-1)?.installed?.[0]?.loaded?.sizeBytes).toBe(901_120));
    ollama.setLoaded([]);
    await vi.waitFor(() => expect(seen.at(-1)?.installed?.[0]?.loaded).toBeNull());
    expect(asked()).toBeGreaterThan(before);
    stop();
    await library.refresh();
    const after = asked();
    await library.refresh();
    expect(asked()).toBe(after + 1);
    expect(ollama.callsTo('GET', '/api/tags').length).toBeLessThan(6);
  });

  test('does not wait for ever for an Ollama that does not tell what is in memory', async () => {
    const { library, ollama } = await libraryScene({ settings: { timeouts: { connectMs: 100 } } });
    ollama.add('tiny');
    await library.refresh();
    ollama.setFault({ path: '/api/ps', kind: 'hold' });
    await library.unload(tiny, never());
    await ollama.held();
  });

  test('shares one look between those who ask at once', async () => {
    const { library, ollama } = await libraryScene();
    await Promise.all([library.refresh(), library.refresh(), library.refresh()]);
    expect(ollama.callsTo('GET', '/api/tags')).toHaveLength(1);
  });
});

describe('memory', () => {
  test('a model is loaded with the options of questions, and unloaded', async () => {
    const { library, ollama } = await libraryScene({ settings: { engine: { threads: 3, gpuLayers: 0 } } });
    ollama.add('tiny');
    await library.refresh();
    ollama.setFault({ path: '/api/chat', kind: 'hold' });
    const loaded = library.load(tiny, never());
    await ollama.held();
    expect(library.status().loading).toEqual(['tiny:latest']);
    await expect(library.load(tiny, never())).rejects.toMatchObject({ code: 'model_in_use' });
    ollama.release();
    ollama.setFault(null);
    await loaded;
    expect(library.status().loading).toEqual([]);
    expect(library.status().installed?.[0]?.loaded).not.toBeNull();
    expect(ollama.callsTo('POST', '/api/chat')[0]?.body).toMatchObject({
      model: 'tiny:latest',
      messages: [],
      options: { num_thread: 3, num_gpu: 0 },
    });
    await library.unload(tiny, never());
    expect(library.status().installed?.[0]?.loaded).toBeNull();
  });

  test('a load ends when it is cancelled, and after its limit', async () => {
    const { library, ollama, settings } = await libraryScene();
    ollama.add('tiny');
    await library.refresh();
    ollama.setFault({ path: '/api/chat', kind: 'hold' });
    const life = new AbortController();
    const loaded = library.load(tiny, life.signal);
    await ollama.held();
    life.abort(new DOMException('enough', 'AbortError'));
    await expect(loaded).rejects.toThrow('enough');
    expect(library.status().loading).toEqual([]);
    await settings.set({ timeouts: { loadMs: 100 } });
    await expect(library.load(tiny, never())).rejects.toMatchObject({ code: 'backend_load_timeout' });
  });

  test('a model that is not there is told with those that are', async () => {
    const { library, ollama } = await libraryScene();
    ollama.add('tiny');
    await library.refresh();
    await expect(library.load({ name: 'nope', engine: 'ollama' }, never())).rejects.toMatchObject({
      code: 'model_not_found',
      params: { model: 'nope', installed: 'tiny:latest' },
    });
  });
});

describe('a deletion', () => {
  test('happens after its time, not before', async () => {
    const { library, ollama, installed } = await libraryScene({ removeAfterMs: 300 });
    ollama.add('tiny');
    await library.refresh();
    const { removing } = await library.remove({ name: 'tiny', engine: 'ollama' });
    expect(removing).toMatchObject([tiny]);
    expect(ollama.names()).toEqual(['tiny:latest']);
    await vi.waitFor(() => expect(library.status().removing).toEqual([]));
    expect(ollama.names()).toEqual([]);
    expect(installed()).toEqual([]);
  });

  test('frees the memory first', async () => {
    const { library, ollama } = await libraryScene({ removeAfterMs: 10 });
    ollama.add('tiny');
    ollama.setLoaded(['tiny']);
    await library.refresh();
    await library.remove(tiny);
    await vi.waitFor(() => expect(library.status().removing).toEqual([]));
    expect(ollama.names()).toEqual([]);
    expect(ollama.callsTo('POST', '/api/chat')).toMatchObject([{ body: { model: 'tiny:latest', keep_alive: 0 } }]);
  });

  test('that is taken back never happens', async () => {
    const { library, ollama } = await libraryScene({ removeAfterMs: 200 });
    for (const name of ['keep', 'drop']) ollama.add(name);
    await library.refresh();
    await library.remove({ name: 'keep', engine: 'ollama' });
    await library.remove({ name: 'drop', engine: 'ollama' });
    const { removing } = await library.undoRemove({ name: 'KEEP:latest', engine: 'ollama' });
    expect(removing.map(({ name }) => name)).toEqual(['drop:latest']);
    // Announced later and carried out: the time of the first is over as well.
    await vi.waitFor(() => expect(ollama.names()).toEqual(['keep:latest']));
    expect(ollama.callsTo('DELETE', '/api/delete')).toHaveLength(1);
  });

  test('does not happen when Hearth stops first', async () => {
    const { library, ollama } = await libraryScene({ removeAfterMs: 50 });
    ollama.add('tiny');
    await library.refresh();
    await library.remove(tiny);
    await library.stop();
    await library.stop();
    // Announced later with the same delay: when it has happened, the time of the first is over.
    const other = await libraryScene({ removeAfterMs: 50 });
    other.ollama.add('tiny');
    await other.library.remove(tiny);
    await vi.waitFor(() => expect(other.ollama.names()).toEqual([]));
    expect(ollama.names()).toEqual(['tiny:latest']);
  });

  test('that fails is told, and the model stays', async () => {
    const { library, ollama, installed } = await libraryScene({ removeAfterMs: 10 });
    ollama.add('tiny');
    await library.refresh();
    ollama.setFault({ path: '/api/delete', kind: 'status', status: 500, error: 'a broken disk.' });
    await library.remove(tiny);
    await vi.waitFor(() => expect(library.status().removing).toEqual([]));
    expect(library.status().problem).toMatchObject({ code: 'work_failed', params: { reason: 'a broken disk' } });
    expect(installed()).toEqual(['tiny:latest']);
  });

  test('of a model that is gone already is no failure; of one that never was is', async () => {
    const { library, ollama, installed } = await libraryScene({ removeAfterMs: 10 });
    ollama.add('tiny');
    await library.refresh();
    rmSync(path.join(ollama.folder, 'manifests'), { recursive: true });
    await library.remove(tiny);
    await vi.waitFor(() => expect(library.status().removing).toEqual([]));
    expect(library.status().problem).toBeNull();
    expect(installed()).toEqual([]);
    await expect(library.remove(tiny)).rejects.toMatchObject({ code: 'model_not_found' });
  });

  test('does not happen to the model of that name in another Ollama', async () => {
    const first = await startStoreOllama({ folder: temporaryFolder() });
    const second = await startStoreOllama({ folder: temporaryFolder() });
    first.add('tiny');
    second.add('tiny');
    let host = first.host;
    const places = createPlaces({
      address: () => ({ ...parseAddress(host), from: 'settings' }),
      server: null,
      isStartAllowed: () => false,
      connectTimeoutMs: () => 2_000,
    });
    onTestFinished(() => places.close());
    const { library } = await libraryScene({ places, removeAfterMs: 50 });
    await library.remove(tiny);
    host = second.host;
    await vi.waitFor(() => expect(library.status().removing).toEqual([]));
    expect([first.names(), second.names()]).toEqual([['tiny:latest'], ['tiny:latest']]);
    expect(library.status().problem).toMatchObject({ code: 'work_failed' });
  });

  test('is refused while the model is being downloaded', async () => {
    const { library, ollama } = await libraryScene({ downloads: () => [{ model: 'tiny', state: 'running' }] });
    ollama.add('tiny');
    await library.refresh();
    await expect(library.remove(tiny)).rejects.toMatchObject({ code: 'model_in_use' });
  });

  test('of a file in Hearth’s own folder deletes it; of one elsewhere only forgets it', async () => {
    const { library, settings, ggufFolder, folder, installed } = await libraryScene({ removeAfterMs: 10 });
    const own = path.join(ggufFolder, 'own.gguf');
    const other = path.join(path.dirname(folder), 'other.gguf');
    copyFileSync(tinyGguf, own);
    copyFileSync(tinyGguf, other);
    await settings.set({ llamacpp: { modelPath: other } });
    await library.refresh();
    expect(installed()).toEqual(['other', 'own']);
    for (const name of ['own', 'other']) await library.remove({ name, engine: 'llamacpp' });
    await vi.waitFor(() => expect(library.status().removing).toEqual([]));
    await vi.waitFor(() => expect(installed()).toEqual([]));
    expect([existsSync(own), existsSync(other)]).toEqual([false, true]);
    expect(settings.get().llamacpp.modelPath).toBeNull();
  });
});

describe('a copy', () => {
  test('has another name; the name of one that is there is refused, however it is written', async () => {
    const { library, ollama, installed } = await libraryScene();
    ollama.add('tiny');
    await library.refresh();
    await library.copy('tiny', 'other:v1', never());
    expect(installed()).toEqual(['other:v1', 'tiny:latest']);
    for (const taken of ['other:v1', 'TINY', 'registry.ollama.ai/library/tiny:latest'])
      await expect(library.copy('tiny', taken, never())).rejects.toMatchObject({ code: 'model_exists' });
    await expect(library.copy('tiny', 'a name!', never())).rejects.toMatchObject({ code: 'model_name_invalid' });
    await expect(library.copy('nope', 'new', never())).rejects.toMatchObject({
      code: 'model_not_found',
      params: { installed: 'other:v1, tiny:latest' },
    });
  });
});

describe('an edit', () => {
  const before = {
    system: 'Be brief.',
    template: '{{ .Prompt }}',
    license: 'MIT',
    parameters: { stop: ['<end>', '"'], temperature: 0.5 },
    messages: [{ role: 'user', content: 'hi' }],
  };

  test('changes what is given and leaves the rest', async () => {
    const { library, ollama } = await libraryScene();
    ollama.add('tiny', before);
    const shown = await library.details(tiny, never());
    expect(shown).toMatchObject({ system: 'Be brief.', license: 'MIT', isEditable: true, contextLength: 2048 });
    expect(shown.settings).toEqual([
      { name: 'stop', value: '<end>' },
      { name: 'stop', value: '"' },
      { name: 'temperature', value: '0.5' },
    ]);
    const settings = [
      ...shown.settings.slice(0, 2),
      { name: 'temperature', value: '1' },
      { name: 'top_k', value: '7' },
    ];
    const edited = await library.edit({ name: 'tiny', system: 'Be long.', settings }, never());
    expect(edited).toMatchObject({ system: 'Be long.', settings });
    expect(ollama.model('tiny')).toMatchObject({
      ...before,
      system: 'Be long.',
      parameters: { stop: ['<end>', '"'], temperature: 1, top_k: 7 },
    });
  });

  test('can take away the system prompt and parameters, with everything else kept', async () => {
    const { library, ollama } = await libraryScene();
    ollama.add('tiny', before);
    const { blobs } = ollama.model('tiny') ?? { blobs: [] };
    const settings = [{ name: 'stop', value: '<end>' }];
    expect(await library.edit({ name: 'tiny', system: '', settings }, never())).toMatchObject({ system: '', settings });
    expect(ollama.model('tiny')).toEqual({ ...before, system: '', parameters: { stop: ['<end>'] }, blobs });
  });

  test('that Ollama refuses, cuts or that makes no sense leaves the model', async () => {
    const { library, ollama } = await libraryScene();
    ollama.add('tiny', before);
    const edit = (value = '1') =>
      library.edit({ name: 'tiny', system: 'x', settings: [{ name: 'temperature', value }] }, never());
    await expect(edit('warm')).rejects.toMatchObject({ code: 'bad_request' });
    ollama.setFault({ path: '/api/create', kind: 'error-line', error: 'no such option' });
    await expect(edit()).rejects.toMatchObject({ code: 'work_failed', params: { reason: 'no such option' } });
    ollama.setFault({ path: '/api/create', kind: 'cut' });
    await expect(edit()).rejects.toMatchObject({ code: 'work_failed' });
    ollama.setFault({ path: '/api/create', kind: 'status', status: 400, error: 'bad' });
    await expect(edit()).rejects.toMatchObject({ code: 'work_failed', params: { reason: 'bad' } });
    expect(ollama.model('tiny')).toMatchObject(before);
  });

  test('of a file of the built-in engine is refused, though its details are there', async () => {
    const { library, ggufFolder } = await libraryScene();
    copyFileSync(tinyGguf, path.join(ggufFolder, 'own.gguf'));
    await library.refresh();
    expect(await library.details({ name: 'own', engine: 'llamacpp' }, never())).toMatchObject({
      isEditable: false,
      family: 'llama',
      settings: [],
      fit: { weightsBytes: tinyWeights.length },
    });
    await expect(library.edit({ name: 'own', system: '', settings: [] }, never())).rejects.toMatchObject({
      code: 'model_not_editable',
    });
  });
});
