import '../../../src/renderer/ui/styles.css';
import { useEffect } from 'react';
import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import type { BackendStatus } from '../../../src/contract/backends.ts';
import type { Download } from '../../../src/contract/downloads.ts';
import type { InstalledModel } from '../../../src/contract/models.ts';
import { followEngine } from '../../../src/renderer/features/engine/index.ts';
import { useModels } from '../../../src/renderer/features/models/index.ts';
import { followSettings } from '../../../src/renderer/features/settings/index.ts';
import { setClient, useNavigation } from '../../../src/renderer/lib/index.ts';
import { EngineFoot } from '../../../src/renderer/main/engine-foot.tsx';
import type { FakeHearth, FakeOptions } from '../../support/component/fake-hearth.ts';
import { BUILT_IN, DEMO, fakeHearth, OLLAMA, OLLAMA_READY } from '../../support/component/fake-hearth.ts';

afterEach(() => {
  setClient(null);
  useModels.setState({ models: null, downloads: null });
});

function Foot() {
  useEffect(() => {
    const life = new AbortController();
    void followSettings(life.signal);
    void followEngine(life.signal);
    return () => life.abort();
  }, []);
  return <EngineFoot />;
}

async function show(options: FakeOptions = {}): Promise<FakeHearth> {
  const hearth = fakeHearth(options);
  await render(<Foot />);
  return hearth;
}

const says = (...lines: string[]) =>
  expect
    .element(page.getByRole('button', { name: `Engine: ${lines.join('. ')}. Open engine settings`, exact: true }))
    .toBeVisible();

const ollamaIs = (patch: Partial<BackendStatus>) => ({
  ...OLLAMA_READY,
  backends: [{ ...OLLAMA, ...patch }, BUILT_IN, DEMO],
});

const problem = { code: 'ollama_gave_up' as const, message: 'Ollama ended 5 times in 2 minutes.', params: {} };

const LOADED: InstalledModel = {
  name: 'llama3.2:3b',
  engine: 'ollama',
  sizeBytes: 2_019_393_189,
  digest: null,
  family: 'llama',
  parameters: '3.2B',
  quantization: 'Q4_K_M',
  contextLength: 131_072,
  capabilities: ['completion'],
  modifiedAtMs: null,
  lastUsedAtMs: null,
  loaded: { sizeBytes: 2_914_000_000, gpuBytes: 0, expiresAtMs: null },
  path: null,
};

/** Bytes come. */
const MOVING: Partial<Download> = { bytesPerSecond: 18e6, problem: null };

function has(models: InstalledModel[], downloads: Partial<Download>[] = []): void {
  useModels.setState({
    models: { installed: models, problem: null, disk: null, removing: [], loading: [], work: [] },
    downloads: { downloads: downloads.map((one) => ({ ...MOVING, ...one }) as Download), parallel: 1 },
  });
}

test('it says which engine is ready, with its model as people write it', async () => {
  await show();
  await says('Ollama is ready', 'llama3.2 3B · 127.0.0.1:11434');
});

test('a model in memory is told with what it takes there', async () => {
  await show();
  has([{ ...LOADED, name: 'other:1b' }, LOADED]);
  await says('Ollama is ready', 'llama3.2 3B in memory · 2.9 GB');
  has([{ ...LOADED, loaded: null }]);
  await says('Ollama is ready', 'llama3.2 3B · 127.0.0.1:11434');
});

test('a download that runs is told, and when it stalls', async () => {
  await show();
  has(
    [LOADED],
    [
      { model: 'phi4:14b', state: 'done', progress: 1 },
      { model: 'gemma3:4b', state: 'running', progress: 0.349 },
    ],
  );
  await says('Ollama is ready', 'Downloading gemma3 4B, 34 %');
  has([LOADED], [{ model: 'gemma3:4b', state: 'stalled', progress: 0.349 }]);
  await says('Ollama is ready', 'gemma3 4B stalled at 34 %');
  const params = { host: 'registry.ollama.ai' };
  const away = { code: 'pull_no_network' as const, message: 'It can’t be reached.', params };
  has([LOADED], [{ model: 'gemma3:4b', state: 'stalled', progress: 0.349, problem: away }]);
  await says('Ollama is ready', 'gemma3 4B stalled at 34 %: registry.ollama.ai can’t be reached');
  has([LOADED], [{ model: 'gemma3:4b', state: 'paused', progress: 0.349 }]);
  await says('Ollama is ready', 'llama3.2 3B in memory · 2.9 GB');
});

test('it says that an answer is written and how many wait', async () => {
  const hearth = await show();
  hearth.setQueue({ lanes: [{ lane: 'ollama:127.0.0.1:11434', running: 1, waiting: 2 }], chats: [] });
  await says('Ollama is answering', '2 waiting');
  hearth.setQueue({ lanes: [{ lane: 'llamacpp', running: 1, waiting: 0 }], chats: [] });
  await says('Built-in engine is answering');
  hearth.setQueue({ lanes: [], chats: [] });
  await says('Ollama is ready', 'llama3.2 3B · 127.0.0.1:11434');
});

test('of two servers of a kind it names the one that answers, and the one that is next', async () => {
  const server = { ...OLLAMA, kind: 'openai' as const, version: null };
  const studio = { ...server, id: 'studio', label: 'Studio', host: '127.0.0.1:1234' };
  const office = { ...server, id: 'office', label: 'Office', host: '127.0.0.1:8000' };
  const chosen = { id: 'office', kind: 'openai' as const, label: 'Office', model: 'big:70b' };
  const backends = { ...OLLAMA_READY, backends: [studio, office, DEMO], chosen };
  const hearth = await show({ backends });
  await says('Office is ready', 'big 70B · 127.0.0.1:8000');
  hearth.setQueue({ lanes: [{ lane: 'openai:127.0.0.1:8000', running: 1, waiting: 0 }], chats: [] });
  await says('Office is answering', 'big 70B · 127.0.0.1:8000');
  hearth.setQueue({ lanes: [], chats: [] });
  hearth.setBackends({ ...backends, backends: [studio, { ...office, restsUntilMs: Date.now() + 20_000 }, DEMO] });
  await says('Office failed a moment ago', 'It is asked again soon');
});

test('where all is switched off it promises no demo and blames no engine that this computer can’t run', async () => {
  const off = [
    { ...OLLAMA, state: 'off' as const },
    { ...BUILT_IN, state: 'off' as const },
  ];
  const needsMac = { code: 'mlx_unavailable' as const, message: 'MLX can’t be used: it needs a Mac.', params: {} };
  const mlx = { ...BUILT_IN, id: 'mlx', kind: 'mlx' as const, label: 'MLX', models: [], problem: needsMac };
  const absent = { ...mlx, state: 'unavailable' as const };
  const demo = { id: 'demo', kind: 'demo' as const, label: 'Demo', model: null };
  const hearth = await show({ backends: { ...OLLAMA_READY, backends: [...off, absent, DEMO], chosen: demo } });
  await says('Demo replies', 'Switched off: Ollama, Built-in engine');
  const demoOff = { ...DEMO, state: 'off' as const };
  hearth.setBackends({ ...OLLAMA_READY, backends: [...off, demoOff], chosen: demo });
  await says('Nothing can answer', 'Switched off: Ollama, Built-in engine');
  const chosen = { id: 'mlx', kind: 'mlx' as const, label: 'MLX', model: null };
  hearth.setBackends({ ...OLLAMA_READY, backends: [...off, absent, demoOff], chosen });
  await says('Nothing can answer', 'Switched off: Ollama, Built-in engine');
});

test('it says which model is being read into memory', async () => {
  const hearth = await show();
  hearth.engine.set({ activity: [{ type: 'loading', model: 'qwen2.5:7b' }] });
  await says('Ollama is loading a model', 'qwen2.5 7B · 127.0.0.1:11434');
  hearth.engine.set({ activity: [{ type: 'answering', model: 'qwen2.5:7b' }] });
  await says('Ollama is answering', 'qwen2.5 7B · 127.0.0.1:11434');
});

test('it says what is going on with an engine that is not ready', async () => {
  const hearth = await show({ backends: ollamaIs({ state: 'asleep' }) });
  await says('Ollama is asleep', 'llama3.2 3B · starts when asked');
  hearth.setBackends(ollamaIs({ state: 'starting' }));
  await says('Ollama is starting', 'llama3.2 3B · 127.0.0.1:11434');
  hearth.setBackends(
    ollamaIs({
      state: 'unavailable',
      problem: { code: 'backend_unreachable', message: 'No Ollama answers.', params: {} },
    }),
  );
  await says('Ollama is not available', 'No Ollama answers.');
});

test('it says how Hearth’s own child fares', async () => {
  const hearth = await show({ backends: ollamaIs({ state: 'unavailable' }) });
  hearth.engine.set({ state: 'restarting', problem, restart: { attempt: 2, limit: 5, atMs: Date.now() + 4_000 } });
  await says('Ollama is starting again', 'Attempt 2 of 5');
  hearth.engine.set({ state: 'failed', problem, restart: null });
  await says('Ollama does not run', 'Ollama ended 5 times in 2 minutes.');
  hearth.engine.set({ state: 'stopped', problem: null, isHeld: true });
  await says('Ollama is stopped', 'You stopped it');
});

test('what another’s Ollama does is told by the look from outside alone', async () => {
  const hearth = await show();
  hearth.engine.set({ owner: 'other', state: 'failed', problem });
  await says('Ollama is ready', 'llama3.2 3B · 127.0.0.1:11434');
});

test('it says that replies are a demo, and why', async () => {
  const absent = { code: 'ollama_not_installed' as const, message: 'No Ollama was found', params: {} };
  const hearth = await show({
    backends: {
      backends: [{ ...OLLAMA, state: 'unavailable', problem: absent }, DEMO],
      chosen: { id: 'demo', kind: 'demo', label: 'Demo', model: null },
      isChecking: false,
      demo: 'ifNobodyIsThere',
      isOrderAutomatic: true,
      environment: [],
      secretsIn: 'system',
    },
  });
  await says('Demo replies', 'No Ollama was found');
  hearth.engine.setInstall({ state: 'downloading', receivedBytes: 484_000_000, totalBytes: 1_422_353_729 });
  await says('Demo replies', 'Downloading Ollama, 34 %');
  hearth.engine.setInstall({ state: 'unpacking' });
  await says('Demo replies', 'Installing Ollama');
  hearth.engine.setInstall({ state: 'failed' });
  await hearth.client.settings.set({ backend: 'demo' });
  await says('Demo replies', 'Chosen in Settings');
});

test('it leads to the engine', async () => {
  await show();
  await userEvent.click(page.getByRole('button'));
  expect(useNavigation.getState().place).toEqual({ page: 'settings', section: 'engine' });
});
