// Taking in GGUF files: into Ollama by upload, or used where they lie; with every fault on the way.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { FileWork } from '../../../src/contract/models.ts';
import type { GgufFacts } from '../../../src/main/models/gguf/interface.ts';
import { readGguf } from '../../../src/main/models/gguf/read.ts';
import { canMount, smallDisk } from '../../support/small-disk.ts';
import { temporaryFolder } from '../../support/storage.ts';
import { libraryScene, never, type Scene, tinyGguf, tinyWeights, workOf } from './scene.ts';

const digest = `sha256:${createHash('sha256').update(tinyWeights).digest('hex')}`;
const blobFile = digest.replace(':', '-');
const blobsOf = ({ folder }: Scene) => readdirSync(path.join(folder, 'blobs'));
const wish = { path: tinyGguf, engine: 'ollama', name: 'mine' } as const;

/** A reader that says something else of the tiny file. */
const saying = (facts: Partial<GgufFacts>) => async (file: string, signal: AbortSignal) => ({
  ...(await readGguf(file, signal)),
  ...facts,
});

async function ended({ library }: Scene): Promise<FileWork | null> {
  await vi.waitFor(() => {
    const work = workOf(library.status());
    expect(work === null || work.problem !== null).toBe(true);
  });
  return workOf(library.status());
}

describe('a look at a file', () => {
  test('tells what it is and a name that is free', async () => {
    const scene = await libraryScene();
    scene.ollama.add('my-tiny');
    await scene.library.refresh();
    const file = path.join(scene.ggufFolder, 'My Tiny.gguf');
    copyFileSync(tinyGguf, file);
    const { name } = await readGguf(file, never());
    const report = await scene.library.inspectFile(file, never());
    expect(report).toMatchObject({ path: file, architecture: 'llama', contextLength: 2048, quantization: 'F32' });
    expect(report.sizeBytes).toBe(tinyWeights.length);
    if (name === null) expect(report.suggestedName).toBe('my-tiny-2');
    await expect(scene.library.importFile({ ...wish, path: file, name: report.suggestedName })).resolves.toBeTruthy();
    expect(await ended(scene)).toBeNull();
  });

  test.each([
    ['a projector', { isProjector: true }],
    ['an adapter', { isAdapter: true }],
    ['a later part', { splitPart: { number: 2, count: 3 } }],
  ])('refuses %s in words', async (_name, facts) => {
    const { library } = await libraryScene({ readGguf: saying(facts) });
    await expect(library.inspectFile(tinyGguf, never())).rejects.toMatchObject({ code: 'file_not_a_model' });
  });

  test('refuses what is no GGUF file, and one that is not there', async () => {
    const { library, ggufFolder } = await libraryScene();
    const text = path.join(ggufFolder, 'text.gguf');
    writeFileSync(text, 'hello');
    await expect(library.inspectFile(text, never())).rejects.toMatchObject({ code: 'file_not_a_model' });
    await expect(library.inspectFile(`${text}x`, never())).rejects.toMatchObject({ code: 'file_unreadable' });
  });
});

describe('a file for Ollama', () => {
  test('is hashed, sent and registered, with progress', async () => {
    const scene = await libraryScene();
    const seen: string[] = [];
    scene.library.onChange((status) => seen.push(...status.work.map(({ step }) => step)));
    scene.ollama.setFault({ path: '/api/create', kind: 'hold' });
    const { id } = await scene.library.importFile(wish);
    await scene.ollama.held();
    expect(workOf(scene.library.status())).toMatchObject({ id, kind: 'import', subject: 'mine', step: 'registering' });
    // The same name can't be given or deleted meanwhile.
    await expect(scene.library.importFile(wish)).rejects.toMatchObject({ code: 'model_in_use' });
    await expect(scene.library.moveFolder('/elsewhere')).rejects.toMatchObject({ code: 'model_in_use' });
    scene.ollama.release();
    expect(await ended(scene)).toBeNull();
    expect(scene.installed()).toEqual(['mine:latest']);
    expect(readFileSync(path.join(scene.folder, 'blobs', blobFile)).equals(tinyWeights)).toBe(true);
    expect(scene.ollama.callsTo('POST', '/api/create')[0]?.body).toMatchObject({
      model: 'mine',
      files: { 'model.gguf': digest },
    });
    await expect(scene.library.importFile(wish)).rejects.toMatchObject({ code: 'model_exists' });
  });

  test('is not sent again when Ollama has it', async () => {
    const scene = await libraryScene();
    scene.ollama.add('other', { weights: tinyWeights });
    await scene.library.importFile(wish);
    expect(await ended(scene)).toBeNull();
    expect(scene.ollama.callsTo('POST', '/api/blobs/')).toHaveLength(0);
    expect(scene.ollama.model('mine')?.blobs).toEqual([digest]);
  });

  test.each(['a b', '../x', '', 'a/b/c/d'])('needs a name that Ollama takes, unlike “%s”', async (name) => {
    const { library } = await libraryScene();
    await expect(library.importFile({ ...wish, name })).rejects.toMatchObject({ code: 'model_name_invalid' });
  });

  test('whose name came into being meanwhile is not written over', async () => {
    const scene = await libraryScene();
    await scene.library.refresh();
    scene.ollama.add('mine', { system: 'precious' });
    await scene.library.importFile(wish);
    expect((await ended(scene))?.problem?.code).toBe('model_exists');
    expect(scene.ollama.model('mine')?.system).toBe('precious');
  });

  test('whose name a download brings while it is sent is not written over', async () => {
    const scene = await libraryScene();
    scene.ollama.setFault({ path: '/api/blobs', kind: 'hold' });
    await scene.library.importFile(wish);
    await scene.ollama.held();
    scene.ollama.add('mine', { system: 'precious' });
    scene.ollama.setFault(null);
    scene.ollama.release();
    expect((await ended(scene))?.problem?.code).toBe('model_exists');
    expect(scene.ollama.model('mine')?.system).toBe('precious');
  });

  test('in parts is told to be one for the built-in engine', async () => {
    const scene = await libraryScene({ readGguf: saying({ splitPart: { number: 1, count: 3 } }) });
    await scene.library.importFile(wish);
    expect((await ended(scene))?.problem).toMatchObject({ code: 'file_not_a_model' });
  });

  test.each([
    ['an upload that is cut', { path: '/api/blobs', kind: 'cut-upload', afterBytes: 100_000 }, 'work_failed'],
    ['an upload that is refused', { path: '/api/blobs', kind: 'status', status: 500, error: 'no' }, 'work_failed'],
    ['a creation that is refused', { path: '/api/create', kind: 'status', status: 400, error: 'no' }, 'work_failed'],
    ['a creation that fails', { path: '/api/create', kind: 'error-line', error: 'unsupported' }, 'work_failed'],
    ['a creation that is cut', { path: '/api/create', kind: 'cut' }, 'work_failed'],
  ] as const)('%s is told until it is dismissed', async (_name, fault, code) => {
    const scene = await libraryScene();
    scene.ollama.setFault(fault);
    const { id } = await scene.library.importFile(wish);
    const work = await ended(scene);
    expect(work).toMatchObject({ id, problem: { code } });
    expect(work?.problem?.message).not.toContain('{{');
    expect(scene.ollama.names()).toEqual([]);
    // What nobody can have begun to use is not left behind.
    if (fault.kind !== 'cut') expect(blobsOf(scene)).toEqual([]);
    await scene.library.cancelWork(id);
    expect(scene.library.status().work).toEqual([]);
    scene.ollama.setFault(null);
    await scene.library.importFile(wish);
    expect(await ended(scene)).toBeNull();
    expect(scene.ollama.names()).toEqual(['mine:latest']);
  });

  test('that Ollama’s blob of another model also is stays after a failure', async () => {
    const scene = await libraryScene();
    scene.ollama.add('other', { weights: tinyWeights });
    scene.ollama.setFault({ path: '/api/create', kind: 'error-line', error: 'unsupported' });
    await scene.library.importFile(wish);
    await ended(scene);
    expect(blobsOf(scene)).toEqual([blobFile]);
  });

  test('whose folder has a manifest that can’t be read is not taken back', async () => {
    const scene = await libraryScene();
    const manifests = path.join(scene.folder, 'manifests');
    mkdirSync(manifests, { recursive: true });
    // Reading it fails, for root too.
    symlinkSync('itself', path.join(manifests, 'itself'));
    scene.ollama.setFault({ path: '/api/create', kind: 'error-line', error: 'unsupported' });
    await scene.library.importFile(wish);
    await ended(scene);
    expect(blobsOf(scene)).toEqual([blobFile]);
  });

  test('an upload that nobody reads ends after the limit', async () => {
    const scene = await libraryScene({ settings: { timeouts: { silenceMs: 300 } } });
    const file = path.join(temporaryFolder(), 'large.gguf');
    writeFileSync(file, Buffer.concat([tinyWeights, Buffer.alloc(12_000_000)]));
    scene.ollama.setFault({ path: '/api/blobs', kind: 'stall-upload', afterBytes: 1 });
    await scene.library.importFile({ ...wish, path: file });
    expect((await ended(scene))?.problem?.code).toBe('backend_silent');
  });

  test('is cancelled at every step without a trace', async () => {
    for (const at of ['/api/version', '/api/tags', '/api/blobs', '/api/create']) {
      const scene = await libraryScene();
      scene.ollama.setFault({ path: at, kind: 'hold' });
      const { id } = await scene.library.importFile(wish);
      await scene.ollama.held();
      const cancelled = scene.library.cancelWork(id);
      // What is being registered can't be cut short: it is deleted afterwards.
      if (at === '/api/create') scene.ollama.release();
      await cancelled;
      expect(scene.library.status().work).toEqual([]);
      scene.ollama.setFault(null);
      scene.ollama.release();
      expect(scene.ollama.names(), at).toEqual([]);
      expect(blobsOf(scene), at).toEqual([]);
    }
  });

  test('is cancelled in the middle of the upload', async () => {
    const scene = await libraryScene();
    const file = path.join(temporaryFolder(), 'large.gguf');
    writeFileSync(file, Buffer.concat([tinyWeights, Buffer.alloc(12_000_000)]));
    scene.ollama.setFault({ path: '/api/blobs', kind: 'stall-upload', afterBytes: 1 });
    const { id } = await scene.library.importFile({ ...wish, path: file });
    await scene.ollama.held();
    await scene.library.cancelWork(id);
    expect(scene.library.status().work).toEqual([]);
    scene.ollama.release();
    await vi.waitFor(() => expect(blobsOf(scene)).toEqual([]));
  });

  test('ends with Hearth', async () => {
    const scene = await libraryScene();
    scene.ollama.setFault({ path: '/api/create', kind: 'hold' });
    await scene.library.importFile(wish);
    await scene.ollama.held();
    await scene.library.stop();
    expect(scene.library.status().work).toEqual([]);
  });

  test.skipIf(!canMount)('that does not fit the disk is told before a byte is sent', async () => {
    const { folder } = smallDisk(256);
    mkdirSync(path.join(folder, 'models'));
    const scene = await libraryScene({ folder: path.join(folder, 'models') });
    scene.ollama.add('small');
    await scene.library.refresh();
    await scene.library.importFile(wish);
    expect((await ended(scene))?.problem).toMatchObject({ code: 'work_no_space', params: { needed: '466 kB' } });
    expect(scene.ollama.callsTo('POST', '/api/blobs/')).toHaveLength(0);
  });

  test.skipIf(!canMount)('for which the disk gets full on the way is told so, and leaves nothing', async () => {
    const { folder } = smallDisk(600);
    const scene = await libraryScene({ folder });
    scene.ollama.setFault({ path: '/api/blobs', kind: 'hold' });
    await scene.library.importFile(wish);
    // The question whether it is there is held; the disk fills up while the answer is awaited.
    await scene.ollama.held();
    scene.ollama.setFault({ path: '/api/blobs', kind: 'hold' });
    scene.ollama.release();
    await scene.ollama.held();
    writeFileSync(path.join(folder, 'other'), Buffer.alloc(300_000));
    scene.ollama.release();
    expect((await ended(scene))?.problem?.code).toBe('work_no_space');
    expect(blobsOf(scene)).toEqual([]);
  });
});

describe('a file for the built-in engine', () => {
  test('stays where it is', async () => {
    const scene = await libraryScene();
    const file = path.join(temporaryFolder(), 'elsewhere.gguf');
    copyFileSync(tinyGguf, file);
    await scene.library.importFile({ path: file, engine: 'llamacpp', name: 'whatever it is' });
    expect(await ended(scene)).toBeNull();
    expect(scene.settings.get().llamacpp.modelPath).toBe(file);
    expect(scene.installed()).toEqual(['elsewhere']);
    expect(existsSync(file)).toBe(true);
    expect(scene.ollama.callsTo('POST', '/api')).toHaveLength(0);
  });

  test('that is none changes nothing', async () => {
    const scene = await libraryScene();
    const file = path.join(temporaryFolder(), 'text.gguf');
    writeFileSync(file, 'hello');
    await scene.library.importFile({ path: file, engine: 'llamacpp', name: 'x' });
    expect((await ended(scene))?.problem?.code).toBe('file_not_a_model');
    expect(scene.settings.get().llamacpp.modelPath).toBeNull();
  });
});
