// The list of backends as a person changes it, over a real settings file and a real file of secrets.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AddBackendInput, BackendStatus } from '../../../src/contract/backends.ts';
import { BackendId } from '../../../src/contract/ids.ts';
import { inOrder, type Listed } from '../../../src/main/backends/choice/chain.ts';
import { createBackendList } from '../../../src/main/backends/index.ts';
import { createLog } from '../../../src/main/diagnostics/index.ts';
import { type Cipher, openSecrets, openSettings } from '../../../src/main/settings/index.ts';

const KEY = 'sk-a-very-private-key-4711';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-list-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Status = Pick<BackendStatus, 'id' | 'kind' | 'label' | 'host' | 'origin'>;
const builtin: Status[] = [
  { id: 'ollama', kind: 'ollama', label: 'Ollama', host: '127.0.0.1:11434', origin: 'builtin' },
  { id: 'llamacpp', kind: 'llamacpp', label: 'Built-in engine', host: null, origin: 'builtin' },
  { id: 'demo', kind: 'demo', label: 'Demo', host: null, origin: 'builtin' },
];
const fromEnvironment: Status = {
  id: 'env-service',
  kind: 'openai',
  label: 'LLM_SERVICE_URL',
  host: 'gpu.lan:8000',
  origin: 'environment',
};

async function open({ undoMs = 60_000, cipher = null }: { undoMs?: number; cipher?: Cipher | null } = {}) {
  const log = createLog({ folder: join(folder, 'logs') });
  const settings = await openSettings({ folder, log });
  const secrets = await openSecrets({ folder, cipher, log });
  const onAccessChange = vi.fn<() => void>();
  const listed = (): Status[] => {
    const added = settings
      .get()
      .backends.added.map(({ id, name }): Status => ({ id, kind: 'openai', label: name, host: null, origin: 'added' }));
    const all = [...builtin, ...added, fromEnvironment].map((status) => ({ backend: status, status }));
    const { order } = settings.get().backends;
    const arranged = inOrder(all as unknown as Listed[], { order, isAppleSilicon: false });
    return (arranged as unknown as typeof all).map(({ status }) => status);
  };
  const list = createBackendList({ settings, secrets, listed, onAccessChange, log, undoMs });
  const ids = () => listed().map(({ id }) => id);
  const added = () => settings.get().backends.added;
  return { list, settings, secrets, listed, ids, added, onAccessChange, log };
}

describe('adding', () => {
  test('the address is made the one way to write it, the name and id come from the host', async () => {
    const { list, added } = await open();
    await list.add({ url: 'Studio.local:1234' });
    await list.add({ url: 'http://studio.local:1234/other/' });
    await list.add({ url: 'https://api.example.org/v1#big', name: 'Büro Cloud' });
    expect(added()).toMatchObject([
      { id: 'studio-local', name: 'studio.local', url: 'http://studio.local:1234/v1' },
      { id: 'studio-local-2', name: 'studio.local 2', url: 'http://studio.local:1234/other' },
      { id: 'buro-cloud', name: 'Büro Cloud', url: 'https://api.example.org/v1#big' },
    ]);
  });

  test('stands in by itself only on this computer, unless the user says so', async () => {
    const { list, added } = await open();
    await list.add({ url: 'http://localhost:8000' });
    await list.add({ url: 'http://studio.local:8000' });
    await list.add({ url: 'http://gpu.lan:8000', standsIn: true });
    expect(added().map(({ standsIn }) => standsIn)).toEqual([true, false, true]);
  });

  test.each(['ollama', 'Demo', 'MLX', 'auto', 'env-service', 'unlisted', '???', '日本'])(
    'the name %s gets an id that means nothing else',
    async (name) => {
      const { list, added, ids } = await open();
      await list.add({ url: 'http://studio.local:1', name });
      await list.add({ url: 'http://studio.local:2', name });
      const given = added().map(({ id }) => id);
      for (const id of given) expect(BackendId.safeParse(id).success).toBe(true);
      expect(given).not.toContain('auto');
      expect(new Set(ids()).size).toBe(ids().length);
    },
  );

  test('the same address twice is refused, also the built-in Ollama by another name', async () => {
    const { list, added } = await open();
    await list.add({ url: 'http://studio.local:1234', name: 'Studio' });
    await expect(list.add({ url: 'HTTP://STUDIO.local:1234/v1/' })).rejects.toMatchObject({
      code: 'backend_exists',
      params: { name: 'Studio' },
    });
    await expect(list.add({ url: 'ollama://@localhost:11434' })).rejects.toMatchObject({
      code: 'backend_exists',
      params: { name: 'Ollama' },
    });
    expect(added()).toHaveLength(1);
  });

  test.each([
    'llamacpp:///models/tiny.gguf',
    'demo://',
    'local://',
    'mlx://org/model',
    'ftp://x',
    'http://a:b@host',
    'http//studio.lan:1234',
  ])('%s is nothing to add', async (url) => {
    const { list, added } = await open();
    await expect(list.add({ url })).rejects.toMatchObject({ code: 'backend_url_invalid' });
    expect(added()).toEqual([]);
  });

  test('a list that is full says so and keeps no key', async () => {
    const { list, settings, secrets } = await open();
    const entry = { name: 'x', hasKey: false, headerNames: [], standsIn: false };
    const full = Array.from({ length: 100 }, (_, index) => ({
      ...entry,
      id: `x-${index}`,
      url: `http://x${index}/v1`,
    }));
    await settings.set({ backends: { added: full } });
    await expect(list.add({ url: 'http://one.more', key: KEY })).rejects.toMatchObject({ code: 'bad_request' });
    expect(secrets.names()).toEqual([]);
  });
});

describe('keys and headers', () => {
  const studio = { url: 'http://studio.local:1234', key: KEY, headers: { 'X-Team': 'private-team-value' } };

  test('go to the secret store; the settings hold names alone', async () => {
    const { list, added } = await open();
    await list.add(studio);
    expect(added()).toMatchObject([{ hasKey: true, headerNames: ['X-Team'] }]);
    expect(await list.accessOf('studio-local')).toEqual({ key: KEY, headers: studio.headers });
    const settingsFile = readFileSync(join(folder, 'settings.json'), 'utf8');
    expect(settingsFile).not.toContain(KEY);
    expect(settingsFile).not.toContain('private-team-value');
    expect(await (await open()).list.accessOf('studio-local')).toEqual({ key: KEY, headers: studio.headers });
  });

  test('a key that a crash left without its entry comes to nobody else', async () => {
    const { list, added, secrets } = await open();
    await secrets.set('backend:studio', JSON.stringify({ key: KEY, headers: {} }));
    await list.add({ url: 'http://studio.local', name: 'Studio' });
    expect(added()).toMatchObject([{ id: 'studio-2', hasKey: false }]);
    await list.edit({ id: 'studio-2', headers: { 'X-Room': '7' } });
    expect(await list.accessOf('studio-2')).toEqual({ key: null, headers: { 'X-Room': '7' } });
  });

  test('an edit changes what it names; header names are the same in capitals', async () => {
    const { list, added, onAccessChange } = await open();
    await list.add(studio);
    await list.edit({ id: 'studio-local', name: 'Studio' });
    expect(onAccessChange).toHaveBeenCalledTimes(1);
    expect(await list.accessOf('studio-local')).toEqual({ key: KEY, headers: studio.headers });
    await list.edit({ id: 'studio-local', key: 'another', headers: { 'x-team': 'blue', 'X-Room': '7' } });
    expect(onAccessChange).toHaveBeenCalledTimes(2);
    expect(await list.accessOf('studio-local')).toEqual({
      key: 'another',
      headers: { 'x-team': 'blue', 'X-Room': '7' },
    });
    await list.edit({ id: 'studio-local', key: null, headers: { 'X-Team': null, 'X-Room': null } });
    expect(added()).toMatchObject([{ name: 'Studio', hasKey: false, headerNames: [] }]);
    expect(await list.accessOf('studio-local')).toEqual({ key: null, headers: {} });
    expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).not.toContain('another');
  });

  test('another host gets the key only when it is entered for it', async () => {
    const { list, added } = await open();
    await list.add({ url: 'https://studio.local:1234', key: KEY });
    const before = added();
    await expect(list.edit({ id: 'studio-local', url: 'https://elsewhere.example' })).rejects.toMatchObject({
      code: 'bad_request',
    });
    await expect(list.edit({ id: 'studio-local', url: 'http://studio.local:1234' })).rejects.toMatchObject({
      code: 'bad_request',
    });
    expect(added()).toEqual(before);
    await list.edit({ id: 'studio-local', url: 'https://studio.local:5678/api' });
    await list.edit({ id: 'studio-local', url: 'https://elsewhere.example', key: 'for-elsewhere' });
    expect(added()).toMatchObject([{ url: 'https://elsewhere.example/v1', hasKey: true }]);
    expect((await list.accessOf('studio-local')).key).toBe('for-elsewhere');
  });

  test('an address that was written wrong by hand can be set right', async () => {
    const { list, settings, added } = await open();
    for (const url of ['gpu lan', 'llamacpp://tiny.gguf']) {
      await settings.set({
        backends: { added: [{ id: 'lab', url, name: 'Lab', hasKey: true, headerNames: [], standsIn: true }] },
      });
      await expect(list.edit({ id: 'lab', url: 'http://gpu.lan:8000' })).rejects.toMatchObject({ code: 'bad_request' });
      await list.edit({ id: 'lab', url: 'http://gpu.lan:8000', key: KEY });
      expect(added()).toMatchObject([{ url: 'http://gpu.lan:8000/v1', hasKey: true }]);
    }
  });

  test('what can’t be sent is refused and not repeated', async () => {
    const { list, secrets } = await open();
    const tried: AddBackendInput[] = [
      { url: 'http://a.local', key: `${KEY}\nX: y` },
      { url: 'http://a.local', headers: { 'Content-Length': '5' } },
      { url: 'http://a.local', headers: { 'X-A': `${KEY}\r\nX-B: c` } },
    ];
    for (const input of tried) {
      const error: unknown = await list.add(input).catch((failed: unknown) => failed);
      expect(error).toMatchObject({ code: 'bad_request' });
      expect(JSON.stringify(error) + String(error)).not.toContain(KEY);
    }
    expect(secrets.names()).toEqual([]);
  });

  test('one that can’t be read here is named, never deleted, and replaced only when all of it is entered anew', async () => {
    const cipher: Cipher = {
      isAvailable: () => true,
      encrypt: (text) => Buffer.from(text).map((byte) => byte ^ 1) as Buffer,
      decrypt: (bytes) => Buffer.from(bytes.map((byte) => byte ^ 1)).toString(),
    };
    const desktop = await open({ cipher });
    await desktop.list.add({ ...studio, name: 'Studio' });
    const terminal = await open();
    await expect(terminal.list.accessOf('studio')).rejects.toMatchObject({
      code: 'secret_unreadable',
      params: { name: 'Studio' },
    });
    await terminal.list.edit({ id: 'studio', name: 'Studio 2' });
    await expect(terminal.list.edit({ id: 'studio', key: 'new' })).rejects.toMatchObject({
      code: 'secret_unreadable',
      params: { reason: expect.stringContaining('X-Team') },
    });
    expect((await (await open({ cipher })).list.accessOf('studio')).key).toBe(KEY);
    await terminal.list.edit({ id: 'studio', key: 'new', headers: { 'X-Team': 'red' } });
    expect(await terminal.list.accessOf('studio')).toEqual({ key: 'new', headers: { 'X-Team': 'red' } });
  });
});

describe('removing', () => {
  async function withStudio(options: Parameters<typeof open>[0] = {}) {
    const scene = await open(options);
    await scene.list.add({ url: 'http://first.local', name: 'First' });
    await scene.list.add({ url: 'http://studio.local', name: 'Studio', key: KEY });
    await scene.list.add({ url: 'http://last.local', name: 'Last' });
    const { settings, list } = scene;
    await list.setOn('studio', false);
    await list.move('studio', 1);
    const { purposes } = settings.get();
    await settings.set({
      backend: 'studio',
      model: 'big',
      backends: { limits: { studio: { loadMs: 1_000 } } },
      purposes: {
        gateway: { ...purposes.gateway, backend: 'studio', ifFails: 'stop' },
        facts: { ...purposes.facts, isOn: true, backend: 'studio', model: 'small' },
      },
    });
    return scene;
  }

  test('takes effect at once, and what named it goes back to Hearth’s choice', async () => {
    const { list, settings, added, ids } = await withStudio();
    await list.remove('studio');
    expect(added().map(({ id }) => id)).toEqual(['first', 'last']);
    expect(ids()).not.toContain('studio');
    const { backend, model, backends, purposes } = settings.get();
    expect({ backend, model }).toEqual({ backend: 'auto', model: null });
    expect(backends).toMatchObject({ switches: {}, limits: {} });
    expect(backends.order).not.toContain('studio');
    expect(purposes.gateway).toEqual({ backend: null, model: null, ifFails: 'stop' });
    expect(purposes.facts).toEqual({ isOn: true, backend: null, model: null });
  });

  test('taken back, everything is as it was', async () => {
    const { list, settings, secrets, ids } = await withStudio();
    const before = { settings: settings.get(), ids: ids() };
    await list.remove('studio');
    expect(await list.accessOf('studio')).toEqual({ key: null, headers: {} });
    await list.undoRemove('studio');
    await list.undoRemove('studio');
    expect({ settings: settings.get(), ids: ids() }).toEqual(before);
    expect((await list.accessOf('studio')).key).toBe(KEY);
    await list.stop();
    expect(secrets.names()).toEqual(['backend:studio']);
  });

  test('what was chosen in its place meanwhile stays', async () => {
    const { list, settings } = await withStudio();
    await list.remove('studio');
    await settings.set({ backend: 'ollama', purposes: { facts: { isOn: true, backend: 'first', model: null } } });
    await list.undoRemove('studio');
    expect(settings.get()).toMatchObject({
      backend: 'ollama',
      purposes: { facts: { backend: 'first' }, gateway: { backend: 'studio' } },
    });
  });

  test('later the key is gone and the removal can’t be taken back', async () => {
    const { list, secrets } = await withStudio({ undoMs: 1 });
    await list.remove('studio');
    await vi.waitFor(() => expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).not.toContain(KEY));
    expect(secrets.names()).toEqual([]);
    await expect(list.undoRemove('studio')).rejects.toMatchObject({ code: 'bad_request' });
  });

  test('the end of Hearth carries it out', async () => {
    const { list, secrets } = await withStudio();
    await list.remove('studio');
    expect(secrets.names()).toEqual(['backend:studio']);
    await list.stop();
    expect(secrets.names()).toEqual([]);
  });

  test('after a crash the next start does, but lost settings lose no key', async () => {
    await (await withStudio()).list.remove('studio');
    const next = await open();
    await next.list.add({ url: 'http://other.local', name: 'Other', key: KEY });
    await next.settings.set({ backends: { added: [] } });
    next.list.start();
    await next.list.stop();
    expect(next.secrets.names()).toEqual(['backend:other']);
  });

  test('its id is never given again', async () => {
    const { list, added } = await withStudio({ undoMs: 1 });
    await list.remove('studio');
    await list.stop();
    await list.add({ url: 'http://studio.local', name: 'Studio' });
    expect(added().map(({ id }) => id)).toEqual(['first', 'last', 'studio-2']);
  });

  test('Hearth’s own, those of the environment and strangers are not the user’s to change', async () => {
    const { list } = await open();
    for (const id of ['ollama', 'demo', 'env-service']) {
      await expect(list.remove(id)).rejects.toMatchObject({ code: 'bad_request' });
      await expect(list.edit({ id, name: 'x' })).rejects.toMatchObject({ code: 'bad_request' });
    }
    await expect(list.remove('nobody')).rejects.toMatchObject({ code: 'backend_removed' });
    await expect(list.move('nobody', 0)).rejects.toMatchObject({ code: 'backend_removed' });
    await expect(list.setOn('nobody', true)).rejects.toMatchObject({ code: 'backend_removed' });
  });
});

describe('switches and order', () => {
  test('the demo’s switch is the setting of its own', async () => {
    const { list, settings } = await open();
    await list.setOn('demo', false);
    await list.setOn('ollama', false);
    expect(settings.get()).toMatchObject({ ifNothingAnswers: 'say', backends: { switches: { ollama: false } } });
    await list.setOn('ollama', true);
    expect(settings.get().backends.switches).toEqual({ ollama: true });
  });

  test('a move writes the whole order, and Hearth chooses again after a reset', async () => {
    const { list, settings, ids } = await open();
    await list.move('llamacpp', 0);
    expect(ids()).toEqual(['llamacpp', 'ollama', 'env-service', 'demo']);
    expect(settings.get().backends.order).toEqual(ids());
    await list.move('llamacpp', 99);
    await list.move('demo', 0);
    expect(ids()).toEqual(['ollama', 'env-service', 'llamacpp', 'demo']);
    await list.resetOrder();
    expect(settings.get().backends.order).toEqual([]);
  });

  test('calls at once lose none of their changes', async () => {
    const { list, added, settings } = await open();
    await Promise.all([
      ...Array.from({ length: 12 }, (_, index) => list.add({ url: `http://host${index}.lan`, key: `key ${index}` })),
      list.setOn('ollama', false),
      list.setOn('llamacpp', false),
      list.move('llamacpp', 0),
    ]);
    expect(added()).toHaveLength(12);
    expect(settings.get().backends.switches).toEqual({ ollama: false, llamacpp: false });
    const again = await open();
    for (const [index, { id }] of again.added().entries())
      expect((await again.list.accessOf(id)).key).toBe(`key ${index}`);
  });

  test('any sequence of changes keeps every id once and the demo last', async () => {
    const change = fc.oneof(
      fc.record({ does: fc.constant('add' as const), host: fc.nat(6) }),
      fc.record({ does: fc.constantFrom('remove' as const, 'undo' as const, 'switch' as const), at: fc.nat(9) }),
      fc.record({ does: fc.constant('move' as const), at: fc.nat(9), to: fc.nat(12) }),
      fc.record({ does: fc.constant('reset' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 25 }), async (changes) => {
        rmSync(join(folder, 'settings.json'), { force: true });
        const { list, ids, added, settings } = await open();
        const removed: string[] = [];
        const known = new Set<string>();
        for (const one of changes) {
          const ofAdded = 'at' in one ? added()[one.at % Math.max(1, added().length)]?.id : undefined;
          if (one.does === 'add') {
            const before = new Set(added().map(({ id }) => id));
            await list.add({ url: `http://host${one.host}.lan` }).catch(() => {});
            const fresh = added().filter(({ id }) => !before.has(id));
            for (const { id } of fresh) {
              expect(known).not.toContain(id);
              known.add(id);
            }
          } else if (one.does === 'remove' && ofAdded !== undefined) {
            await list.remove(ofAdded);
            removed.push(ofAdded);
          } else if (one.does === 'undo' && removed.length > 0) {
            await list.undoRemove(removed[one.at % removed.length]!);
          } else if (one.does === 'move') {
            const id = ids()[one.at % ids().length]!;
            const rank = Math.min(one.to, ids().length - 2);
            await list.move(id, one.to);
            if (id !== 'demo') expect(ids()[rank]).toBe(id);
          } else if (one.does === 'switch') await list.setOn(ids()[one.at % ids().length]!, one.at % 2 === 0);
          else if (one.does === 'reset') await list.resetOrder();
          const { order } = settings.get().backends;
          const all = ['ollama', 'llamacpp', 'demo', 'env-service', ...added().map(({ id }) => id)];
          expect(ids().toSorted()).toEqual(all.toSorted());
          expect(ids().at(-1)).toBe('demo');
          expect(new Set(order).size).toBe(order.length);
          if (order.length > 0) expect(order.at(-1)).toBe('demo');
        }
        await list.stop();
      }),
      { numRuns: 30 },
    );
  });
});
