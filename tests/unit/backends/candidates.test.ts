// Which backend a question goes to, for every kind of choice; nobody is really asked.
import { describe, expect, it } from 'vitest';
import type { SettingsPatch } from '../../../src/contract/settings.ts';
import { createCandidateFinder } from '../../../src/main/backends/choice/candidates.ts';
import { chainOf, inOrder, type Listed } from '../../../src/main/backends/choice/chain.ts';
import { createHealth } from '../../../src/main/backends/health/health.ts';
import type { Wish } from '../../../src/main/backends/interface.ts';
import { demoRule } from '../../../src/main/backends/choice/stand-in.ts';
import { createRegistry } from '../../../src/main/backends/registry.ts';
import { errorInfo } from '../../../src/main/errors/index.ts';
import { type MadeUp, madeUp, unreachable } from '../../support/made-up-backends.ts';
import { memorySettings } from '../../support/memory-settings.ts';

interface Scene {
  choose: (wish?: Wish) => Promise<{ asks: (string | null)[][]; skipped: string[][] }>;
  of: (id: string) => MadeUp;
  set: (patch: SettingsPatch) => void;
}

const added = (id: string, more: { url?: string; standsIn?: boolean } = {}) => ({
  id,
  url: `http://${id}.lan:8000/v1`,
  name: `The ${id}`,
  hasKey: false,
  headerNames: [],
  standsIn: true,
  ...more,
});

/** Ollama, the built-in engine, the demo and two that were added. */
function scene(patch: SettingsPatch = {}, entries = [added('lab'), added('cloud', { standsIn: false })]): Scene {
  const settings = memorySettings({ ...patch, backends: { added: entries, ...patch.backends } });
  const ruleNow = () => demoRule(settings.get(), { hasEngineAnswered: false });
  const builtin = [
    madeUp({ id: 'ollama', kind: 'ollama', label: 'Ollama', host: '127.0.0.1:11434' }),
    madeUp({ id: 'llamacpp', kind: 'llamacpp', host: null }),
    madeUp({ id: 'mlx', kind: 'mlx', host: null }),
    madeUp({ id: 'demo', kind: 'demo', host: null }),
  ];
  // As on most computers.
  builtin[2]!.health = {
    state: 'unavailable',
    models: [],
    problem: errorInfo('mlx_unavailable', { reason: 'no Mac' }),
  };
  builtin[2]!.modelFor = (requested) => requested;
  const made = new Map(builtin.map((one) => [one.id, one]));
  const registry = createRegistry({
    builtin,
    llama: {
      backend: () => made.get('llamacpp')!,
      forFile: (file) => ({ ...madeUp({ id: 'llamacpp', kind: 'llamacpp', host: null }), label: file }),
      stop: () => Promise.resolve(),
    },
    remote(url, { id, label }) {
      const backend = madeUp({ id, label, host: 'host' in url ? url.host : null });
      made.set(id, backend);
      return backend;
    },
    entries: () => settings.get().backends.added.map((one) => ({ ...one, origin: 'added' as const })),
    isOn: (id) => (id === 'demo' ? ruleNow() !== 'never' : (settings.get().backends.switches[id] ?? true)),
    order: () => settings.get().backends.order,
    isAppleSilicon: false,
    accessOf: () => Promise.resolve({ key: null, headers: {} }),
    timeoutsOf: () => settings.get().timeouts,
    cwd: '/',
  });
  const health = createHealth({
    backends: () => registry.list().map(({ backend }) => backend),
    limitMs: () => 1_000,
    depthFor: () => 'look',
    onLook: () => {},
    onChange: () => {},
  });
  const finder = createCandidateFinder({ registry, health, demoRule: ruleNow });
  registry.list();
  return {
    of: (id) => made.get(id)!,
    set: (change) => void settings.set(change),
    async choose(wish = {}) {
      const { candidates, skipped } = await finder.find(wish, settings.get());
      return {
        asks: candidates.map(({ backend, model }) => [backend.id, model]),
        skipped: skipped.map(({ label, reason }) => [label, reason.code]),
      };
    },
  };
}

const firstOf = async ({ choose }: Scene, wish?: Wish) => (await choose(wish)).asks[0];

describe('where nothing is chosen', () => {
  it('the first that is ready is asked, the others stand in, the demo last; who stands in for nobody does not', async () => {
    expect(await scene().choose()).toEqual({
      asks: [
        ['ollama', null],
        ['llamacpp', null],
        ['lab', null],
        ['demo', null],
      ],
      skipped: [],
    });
  });

  it('what lies before the first that is ready is told with its reason', async () => {
    const { choose, of } = scene({ backends: { order: ['lab', 'ollama'] } });
    of('lab').health = unreachable;
    expect(await choose()).toMatchObject({
      asks: [
        ['ollama', null],
        ['llamacpp', null],
        ['demo', null],
      ],
      skipped: [['The lab', 'backend_unreachable']],
    });
  });

  it('an MLX that nobody set up is passed over without a word, unless it was named', async () => {
    const mlxFirst = { order: ['mlx', 'ollama'] };
    const [mlx, gone] = [
      ['mlx', 'mlx_unavailable'],
      ['ollama', null],
    ];
    expect(await scene({ backends: mlxFirst }).choose()).toMatchObject({ skipped: [] });
    expect((await scene({ backends: mlxFirst }).choose()).asks[0]).toEqual(gone);
    expect(await scene({ backend: 'mlx' }).choose()).toMatchObject({ skipped: [mlx] });
    const all = { ollama: false, llamacpp: false, lab: false };
    const alone = scene({ ifNothingAnswers: 'say', backends: { switches: all } });
    expect(await alone.choose()).toEqual({ asks: [], skipped: [] });
  });

  it('a model is one of Ollama’s, or of another one that is known to have it', async () => {
    expect((await scene({ model: 'big' }).choose()).asks).toEqual([
      ['ollama', 'big'],
      ['llamacpp', null],
      ['lab', null],
      ['demo', null],
    ]);
    // One that is ahead in the order is looked at before it is asked.
    const { choose } = scene({ model: 'lab-model', backends: { order: ['lab'] } });
    expect((await choose()).asks.slice(0, 2)).toEqual([
      ['lab', 'lab-model'],
      ['ollama', 'lab-model'],
    ]);
  });
});

describe('a choice in the settings', () => {
  it('comes first with its model; nobody else is asked for that', async () => {
    expect((await scene({ backend: 'cloud', model: 'gpt' }).choose()).asks).toEqual([
      ['cloud', 'gpt'],
      ['ollama', null],
      ['llamacpp', null],
      ['lab', null],
      ['demo', null],
    ]);
  });

  it('of the built-in engine has a model setting of its own: the general one is another engine’s', async () => {
    expect(await firstOf(scene({ backend: 'llamacpp', model: 'big' }))).toEqual(['llamacpp', null]);
  });

  it('is alone where the user wants that', async () => {
    expect((await scene({ backend: 'lab', ifFails: 'stop' }).choose()).asks).toEqual([['lab', null]]);
  });

  it('that is switched off makes way with its reason, or says so', async () => {
    const off = { backend: 'lab', backends: { switches: { lab: false } } };
    expect(await scene(off).choose()).toMatchObject({
      asks: [['ollama', null], expect.any(Array), expect.any(Array)],
      skipped: [['The lab', 'backend_off']],
    });
    expect(await scene({ ...off, ifFails: 'stop' }).choose()).toEqual({
      asks: [],
      skipped: [['The lab', 'backend_off']],
    });
  });

  it('that was removed makes way with its reason, or says so', async () => {
    expect(await scene({ backend: 'gone' }).choose()).toMatchObject({
      asks: [['ollama', null], expect.any(Array), expect.any(Array), expect.any(Array)],
      skipped: [['gone', 'backend_removed']],
    });
    expect(await scene({ backend: 'gone', ifFails: 'stop' }).choose()).toEqual({
      asks: [],
      skipped: [['gone', 'backend_removed']],
    });
  });

  it('of the demo is followed although it stands in for nobody', async () => {
    expect(await firstOf(scene({ backend: 'demo', ifNothingAnswers: 'say' }))).toEqual(['demo', null]);
    expect((await scene({ ifNothingAnswers: 'say' }).choose()).asks.map(([id]) => id)).not.toContain('demo');
  });
});

describe('a chat’s own choice', () => {
  it('comes before that of the settings, whole or in part', async () => {
    const general = scene({ backend: 'lab', model: 'big' });
    expect(await firstOf(general, { choice: { backend: 'cloud', model: 'gpt' } })).toEqual(['cloud', 'gpt']);
    expect(await firstOf(general, { choice: { backend: null, model: 'small' } })).toEqual(['lab', 'small']);
    expect(await firstOf(general, { choice: { backend: 'ollama', model: null } })).toEqual(['ollama', null]);
    expect(await firstOf(general, { choice: { backend: null, model: null } })).toEqual(['lab', 'big']);
    expect(await firstOf(general, { choice: { backend: 'llamacpp', model: 'file' } })).toEqual(['llamacpp', 'file']);
  });

  it('of a backend that is gone makes way with its reason', async () => {
    expect(await scene().choose({ choice: { backend: 'gone', model: 'x' } })).toMatchObject({
      asks: [['ollama', null], expect.any(Array), expect.any(Array), expect.any(Array)],
      skipped: [['gone', 'backend_removed']],
    });
  });

  it('does not count for other purposes', async () => {
    const { choose } = scene({ purposes: { facts: { isOn: true, backend: 'lab', model: 'f' } } });
    expect((await choose({ purpose: 'facts', choice: { backend: 'cloud', model: 'gpt' } })).asks).toEqual([
      ['lab', 'f'],
    ]);
  });
});

describe('work in the background', () => {
  it.each(['titles', 'facts', 'emotion'] as const)('%s goes to one backend and never to the demo', async (purpose) => {
    const plain = scene({ backend: 'lab', model: 'big' });
    expect((await plain.choose({ purpose })).asks).toEqual([['lab', 'big']]);
    plain.of('lab').health = unreachable;
    const late = scene({ backend: 'lab' });
    late.of('lab').health = unreachable;
    expect(await late.choose({ purpose })).toEqual({ asks: [], skipped: [['The lab', 'backend_unreachable']] });
    expect((await scene({ backend: 'demo' }).choose({ purpose })).asks).toEqual([]);
    const gone = scene({ purposes: { [purpose]: { isOn: true, backend: 'gone', model: null } } });
    expect(await gone.choose({ purpose })).toEqual({ asks: [], skipped: [['gone', 'backend_removed']] });
    const auto = scene({ purposes: { [purpose]: { isOn: true, backend: 'auto', model: null } } });
    for (const id of ['ollama', 'llamacpp', 'lab']) auto.of(id).health = unreachable;
    expect((await auto.choose({ purpose })).asks).toEqual([]);
  });
});

describe('a wish for one question', () => {
  it('names a backend by id, by name or by its address, and nothing stands in', async () => {
    const one = scene();
    expect((await one.choose({ backend: 'lab' })).asks).toEqual([['lab', null]]);
    expect((await one.choose({ backend: 'The Lab', model: 'm' })).asks).toEqual([['lab', 'm']]);
    expect((await one.choose({ backend: 'http://lab.lan:8000/v1#m' })).asks).toEqual([['lab', 'm']]);
    expect((await one.choose({ backend: 'http://other.lan:8000/v1' })).asks).toEqual([['unlisted', null]]);
    expect((await one.choose({ backend: 'demo' })).asks).toEqual([['demo', null]]);
  });

  it('for one that is switched off is refused', async () => {
    const { choose } = scene({ backends: { switches: { lab: false, llamacpp: false } }, ifNothingAnswers: 'say' });
    const off = { code: 'backend_off' };
    await expect(choose({ backend: 'lab' })).rejects.toMatchObject(off);
    await expect(choose({ backend: 'http://lab.lan:8000/v1' })).rejects.toMatchObject(off);
    await expect(choose({ backend: 'llamacpp://tiny' })).rejects.toMatchObject(off);
    await expect(choose({ model: 'm', choice: { backend: 'lab', model: null } })).rejects.toMatchObject(off);
    expect((await choose({ backend: 'demo://' })).asks).toEqual([['demo', null]]);
  });

  it('for a model goes to who has it, but not to one that stands in for nobody', async () => {
    const { choose } = scene();
    // All are known after a first question.
    await choose();
    expect((await choose({ model: 'lab-model' })).asks).toEqual([['lab', 'lab-model']]);
    expect((await choose({ model: 'cloud-model' })).asks).toEqual([['ollama', 'cloud-model']]);
    expect((await choose({ model: 'x', choice: { backend: 'cloud', model: null } })).asks).toEqual([['cloud', 'x']]);
  });
});

it('an address that can not be read leaves the rest of the list as it is', async () => {
  const { choose } = scene({ backends: { order: ['broken'] } }, [
    added('broken', { url: 'what://ever' }),
    added('lab'),
  ]);
  expect(await choose()).toMatchObject({
    asks: [
      ['ollama', null],
      ['llamacpp', null],
      ['lab', null],
      ['demo', null],
    ],
    skipped: [['The broken', 'backend_url_invalid']],
  });
});

it('one that is looked at for the first time tells why it is not ready', async () => {
  const { choose, of } = scene({ backend: 'lab', ifFails: 'stop' });
  of('lab').health = { state: 'unavailable', problem: errorInfo('backend_key_needed', { host: 'lab.lan' }) };
  expect(await choose()).toEqual({ asks: [], skipped: [['The lab', 'backend_key_needed']] });
});

describe('the order', () => {
  const list = (...ids: string[]): Listed[] =>
    ids.map((id) => ({
      backend: madeUp({ id, kind: id === 'demo' ? 'demo' : 'openai' }),
      origin: 'builtin',
      isOn: true,
      standsIn: true,
    }));
  const ids = (listed: Listed[]) => listed.map(({ backend }) => backend.id);

  it('is Hearth’s where the user has none: MLX where it runs, Ollama, the built-in engine, the others, the demo', () => {
    const all = list('demo', 'lab', 'llamacpp', 'mlx', 'ollama');
    expect(ids(inOrder(all, { order: [], isAppleSilicon: true }))).toEqual([
      'mlx',
      'ollama',
      'llamacpp',
      'lab',
      'demo',
    ]);
    expect(ids(inOrder(all, { order: ['demo', 'lab'], isAppleSilicon: false }))).toEqual([
      'lab',
      'ollama',
      'llamacpp',
      'mlx',
      'demo',
    ]);
  });

  it('of a chain begins with the chosen one', () => {
    const chain = chainOf(list('ollama', 'lab', 'demo'), { first: 'lab', ifFails: 'next', isBackground: false });
    expect(ids(chain)).toEqual(['lab', 'ollama', 'demo']);
  });
});
