// The calls that change models, against recorded answers of a real Ollama and against things that are none.
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFetch } from '../../../src/main/diagnostics/index.ts';
import { createOllamaManager } from '../../../src/main/ollama/index.ts';
import { startReplayOllama, type ReplayOptions } from '../../support/replay-ollama/index.ts';
import { startStoreOllama } from '../../support/store-ollama.ts';
import { temporaryFolder } from '../../support/storage.ts';
import { never, tinyGguf, tinyWeights } from './scene.ts';

function managerAt(origin: string, silenceMs = 5_000) {
  const fetch = createFetch({ purpose: 'test', service: 'Ollama' });
  onTestFinished(() => fetch.close());
  return createOllamaManager({ fetch, origin, host: new URL(origin).host, silenceMs });
}

async function replay(options: ReplayOptions = {}, silenceMs?: number) {
  const ollama = await startReplayOllama(options);
  onTestFinished(() => ollama.close());
  return { ollama, manager: managerAt(ollama.url, silenceMs) };
}

describe('recorded answers', () => {
  test('a model is shown', async () => {
    const { manager } = await replay();
    expect(await manager.show('tiny', never())).toMatchObject({
      system: '',
      family: 'llama',
      size: '116K',
      quantization: 'F32',
      info: { 'general.architecture': 'llama', 'llama.context_length': 2048 },
    });
  });

  test('copying, deleting, loading and unloading end well', async () => {
    const { ollama, manager } = await replay();
    await manager.copy('tiny', 'other', never());
    await manager.remove('tiny', never());
    await manager.load({ model: 'tiny', isEmbedding: false, options: {}, limitMs: 5_000 }, never());
    await manager.unload('tiny', never());
    expect(ollama.requestsTo('/api/delete')[0]).toMatchObject({ method: 'DELETE', body: { model: 'tiny' } });
    expect(ollama.requestsTo('/api/chat').map(({ body }) => body)).toMatchObject([
      { model: 'tiny', messages: [] },
      { model: 'tiny', messages: [], keep_alive: 0 },
    ]);
  });

  test('a model that is not there has its own error', async () => {
    const { manager } = await replay();
    const missing = { code: 'model_not_found', params: { model: 'nope' } };
    await expect(manager.show('nope', never())).rejects.toMatchObject(missing);
    await expect(manager.copy('nope', 'x', never())).rejects.toMatchObject(missing);
    await expect(manager.remove('nope', never())).rejects.toMatchObject(missing);
    await expect(
      manager.load({ model: 'nope', isEmbedding: false, options: {}, limitMs: 5_000 }, never()),
    ).rejects.toMatchObject(missing);
  });
});

describe('what is no answer', () => {
  test.each([
    ['a web page', { kind: 'html' }, 'backend_html'],
    ['a refusal', { kind: 'status', status: 403, body: '' }, 'backend_refused'],
    ['a full queue', { kind: 'busy' }, 'backend_busy'],
    ['a failure', { kind: 'status', status: 500, body: '{"error":"broken"}' }, 'backend_failed'],
    ['a text', { kind: 'status', status: 200, body: 'hello' }, 'backend_garbage'],
    ['a list', { kind: 'status', status: 200, body: '[]' }, 'backend_garbage'],
    ['a hang-up', { kind: 'hang-up' }, 'backend_empty'],
    ['silence', { kind: 'no-headers' }, 'backend_silent'],
  ] as const)('%s', async (_name, fault, code) => {
    const { manager } = await replay({ fault: { ...fault, path: '/api/show' } }, 300);
    await expect(manager.show('tiny', never())).rejects.toMatchObject({ code });
  });

  test('nobody', async () => {
    const { ollama, manager } = await replay();
    await ollama.close();
    await expect(manager.show('tiny', never())).rejects.toMatchObject({ code: 'backend_unreachable' });
  });

  test('a caller who leaves is heard at once', async () => {
    const { manager } = await replay({ fault: { kind: 'no-headers', path: '/api/show' } });
    const life = new AbortController();
    const shown = manager.show('tiny', life.signal);
    life.abort(new Error('enough'));
    await expect(shown).rejects.toThrow('enough');
    await expect(manager.show('tiny', life.signal)).rejects.toThrow('enough');
  });
});

describe('a blob', () => {
  const hex = (character: string) => `sha256:${character.repeat(64)}`;

  test('whose digest is wrong is refused by Ollama', async () => {
    const folder = temporaryFolder();
    const ollama = await startStoreOllama({ folder });
    const upload = { path: tinyGguf, digest: hex('a'), sizeBytes: tinyWeights.length, onProgress: () => undefined };
    await expect(managerAt(ollama.url).uploadBlob(upload, never())).rejects.toMatchObject({
      code: 'request_refused',
      params: { reason: 'digest mismatch' },
    });
    expect(await managerAt(ollama.url).hasBlob(hex('a'), never())).toBe(false);
  });

  test('whose file is shorter than it was, or gone, is the file’s fault', async () => {
    const folder = temporaryFolder();
    const ollama = await startStoreOllama({ folder });
    const file = path.join(folder, 'short.gguf');
    writeFileSync(file, 'short');
    const upload = { path: file, digest: hex('b'), sizeBytes: 1_000, onProgress: () => undefined };
    const manager = managerAt(ollama.url);
    await expect(manager.uploadBlob(upload, never())).rejects.toMatchObject({ code: 'file_unreadable' });
    await expect(manager.uploadBlob({ ...upload, path: `${file}x` }, never())).rejects.toMatchObject({
      code: 'file_unreadable',
      params: { reason: 'there is no such file' },
    });
  });

  test('of a file that grows meanwhile is as long as was promised', async () => {
    const folder = temporaryFolder();
    const ollama = await startStoreOllama({ folder });
    const file = path.join(folder, 'grown.gguf');
    copyFileSync(tinyGguf, file);
    writeFileSync(file, 'more', { flag: 'a' });
    let sent = 0;
    const upload = {
      path: file,
      digest: hex('c'),
      sizeBytes: tinyWeights.length,
      onProgress: (bytes: number) => (sent = bytes),
    };
    // The digest is not that of the file; what counts is how much was sent.
    await expect(managerAt(ollama.url).uploadBlob(upload, never())).rejects.toMatchObject({ code: 'request_refused' });
    expect(sent).toBe(tinyWeights.length);
  });
});
