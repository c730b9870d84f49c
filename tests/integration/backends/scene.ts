// All engines together as the tests of the choice use them: a replayed Ollama, an engine of made-up models, the demo.
import type { SettingsPatch } from '../../../src/contract/settings.ts';
import { createBackends } from '../../../src/main/backends/backends.ts';
import { createDemoBackend } from '../../../src/main/backends/demo.ts';
import type {
  Backend,
  BackendHealth,
  Backends,
  LocalEngine,
  RunEvent,
  Wish,
} from '../../../src/main/backends/interface.ts';
import { addressReader, createPlaces, type OllamaServer, type Places } from '../../../src/main/ollama/index.ts';
import type { SettingsStore } from '../../../src/main/settings/index.ts';
import { memorySettings } from '../../support/memory-settings.ts';
import { atEnd, forever, replay } from './setup.ts';

export const question = { messages: [{ role: 'user' as const, content: 'hello' }] };
export const notice = 'No model read your message.';

/** The built-in engine with these models; it answers with its own name. */
function localEngine(models: string[] = []): LocalEngine {
  const backend = (file: string | null): Backend => {
    const modelFor = (requested: string | null) => requested ?? file ?? models[0] ?? null;
    const describe = (model: string | null) => ({ url: `llamacpp://${model ?? ''}`, host: null });
    const status = (): BackendHealth => ({
      ...describe(modelFor(null)),
      state: models.length > 0 ? 'asleep' : 'unavailable',
      isOwned: true,
      version: null,
      latencyMs: null,
      models: models.map((name) => ({ name, sizeBytes: 1, family: null, parameters: null, quantization: null })),
      problem: null,
    });
    return {
      id: 'llamacpp',
      kind: 'llamacpp',
      abilities: [],
      label: 'Built-in engine',
      lane: 'llamacpp',
      concurrency: 1,
      look: () => Promise.resolve(status()),
      models: () => Promise.resolve(status().models),
      modelFor,
      describe,
      async *chat({ model }) {
        yield { type: 'text', text: `built-in ${modelFor(model)}` };
        const usage = { promptTokens: 1, answerTokens: 1, loadMs: 0, firstTokenMs: 0, answerMs: 0, totalMs: 0 };
        yield { type: 'done', reason: 'stop', usage };
      },
    };
  };
  return { backend: () => backend(null), forFile: backend, stop: () => Promise.resolve() };
}

export interface Bench {
  backends: Backends;
  settings: SettingsStore;
  places: Places;
}
export function open(
  patch: SettingsPatch,
  options: { models?: string[]; env?: NodeJS.ProcessEnv; ollamaServer?: OllamaServer; pollMs?: number } = {},
): Bench {
  const settings = memorySettings(patch);
  const places = createPlaces({
    address: addressReader(() => settings.get().ollama.address, options.env ?? {}),
    server: options.ollamaServer ?? null,
    isStartAllowed: () => settings.get().ollama.startWhenNeeded,
    isOwnOnly: () => settings.get().engine.use === 'own',
    connectTimeoutMs: () => settings.get().timeouts.connectMs,
  });
  const backends = createBackends({
    settings,
    places,
    ollamaServer: options.ollamaServer ?? null,
    llama: localEngine(options.models),
    cwd: '/projects/here',
    env: options.env ?? {},
    demo: createDemoBackend({ pieceGapMs: 0 }),
    ...(options.pollMs === undefined ? {} : { pollMs: options.pollMs }),
  });
  atEnd(() => backends.stop());
  return { backends, settings, places };
}
/** The settings of one address. */
export const at = (url: string): SettingsPatch => ({ ollama: { address: url } });
/** An address where nobody listens. */
export async function nowhere(): Promise<string> {
  const server = await replay();
  await server.close();
  return server.url;
}

export interface Answer {
  sources: Extract<RunEvent, { type: 'source' }>['source'][];
  types: string[];
  text: string;
  error: unknown;
}
export async function ask(backends: Backends, wish: Wish = {}, signal = forever()): Promise<Answer> {
  const answer: Answer = { sources: [], types: [], text: '', error: null };
  try {
    const plan = await backends.plan(wish, signal);
    for await (const event of backends.run(plan, question, signal)) {
      answer.types.push(event.type);
      if (event.type === 'source') answer.sources.push(event.source);
      if (event.type === 'text') answer.text += event.text;
    }
  } catch (error) {
    answer.error = error;
  }
  return answer;
}
