// What the tests of the backends share: a replayed Ollama, answers as lists, and cleaning up.
import { createOllamaBackend } from '../../../src/main/backends/ollama/index.ts';
import type { OllamaBackendOptions } from '../../../src/main/backends/ollama/index.ts';
import { createPlaces, parseAddress, type PlaceOptions } from '../../../src/main/ollama/index.ts';
import type { Backend, ChatEvent, ChatRequest } from '../../../src/main/backends/interface.ts';
import { Settings } from '../../../src/contract/settings.ts';
import { startReplayOllama } from '../../support/replay-ollama/index.ts';
import type { ReplayOllama, ReplayOptions } from '../../support/replay-ollama/index.ts';

const cleanups: (() => unknown)[] = [];

/** Runs at the end of the test, the last one first. */
export function atEnd(clean: () => unknown): void {
  cleanups.push(clean);
}
export async function cleanUp(): Promise<void> {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
}

export async function replay(options: ReplayOptions = {}): Promise<ReplayOllama> {
  const server = await startReplayOllama(options);
  atEnd(() => server.close());
  return server;
}

/** A backend for one address, with short limits where a test wants them. */
export function ollamaAt(
  address: string,
  timeouts: Partial<Settings['timeouts']> = {},
  options: Partial<Omit<OllamaBackendOptions, 'places'> & PlaceOptions> = {},
): Backend {
  const limits = { ...Settings.parse({}).timeouts, ...timeouts };
  const places = createPlaces({
    address: () => ({ ...parseAddress(address), from: 'settings' }),
    server: null,
    isStartAllowed: () => true,
    connectTimeoutMs: () => limits.connectMs,
    ...options,
  });
  const backend = createOllamaBackend({
    id: 'ollama',
    label: 'Ollama',
    places,
    server: null,
    preferredModel: () => null,
    timeouts: () => limits,
    engine: () => Settings.parse({}).engine,
    board: null,
    ...options,
  });
  atEnd(() => backend.stop?.());
  return backend;
}

export const hello: ChatRequest = { model: 'tiny', messages: [{ role: 'user', content: 'hello' }] };
export const forever = () => new AbortController().signal;

export interface Heard {
  events: ChatEvent[];
  text: string;
  /** What the stream rejected with. */
  error: unknown;
}

/** Reads to the end, whatever it is. */
export async function hear(stream: AsyncIterable<ChatEvent>): Promise<Heard> {
  const heard: Heard = { events: [], text: '', error: null };
  try {
    for await (const event of stream) {
      heard.events.push(event);
      if (event.type === 'text') heard.text += event.text;
    }
  } catch (error) {
    heard.error = error;
  }
  return heard;
}
