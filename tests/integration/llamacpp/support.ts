// A built-in engine with the tiny real model (random weights: its words mean nothing), in folders of its own.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Backend, ChatEvent, ChatRequest } from '../../../src/main/backends/interface.ts';
import { createLlamaEngine, type LlamaEngine } from '../../../src/main/backends/llamacpp/index.ts';
import type { LlamaEngineOptions } from '../../../src/main/backends/llamacpp/llamacpp.ts';
import { openSettings, type SettingsStore } from '../../../src/main/settings/index.ts';

export const TINY_MODEL = resolve('tests/fixtures/tiny.gguf');
export const ENGINE_PATH = resolve('src/main/backends/llamacpp/engine-process.ts');

export interface Bench {
  folder: string;
  modelsFolder: string;
  settings: SettingsStore;
  engine: LlamaEngine;
  end(): Promise<void>;
}

export async function openBench(
  env: NodeJS.ProcessEnv = process.env,
  given: Partial<Pick<LlamaEngineOptions, 'memory' | 'after' | 'enginePath'>> = {},
): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-llama-'));
  const modelsFolder = join(folder, 'models');
  mkdirSync(modelsFolder);
  const settings = await openSettings({ folder });
  // The tests share the machine's cores with everything else.
  await settings.set({ llamacpp: { threads: 1 } });
  const appRoot = resolve('.');
  const engine = createLlamaEngine({ enginePath: ENGINE_PATH, appRoot, settings, modelsFolder, env, ...given });
  return {
    folder,
    modelsFolder,
    settings,
    engine,
    async end() {
      await engine.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function ask(content: string, options: ChatRequest['options'] = {}): ChatRequest {
  return { model: null, messages: [{ role: 'user', content }], options };
}

/** Always choosing the likeliest token, the tiny model goes round in circles until its context is full: about 2,000 tokens. */
export const LONG_ANSWER = ask('What is a mutex?', { temperature: 0 });

export interface Answer {
  events: ChatEvent[];
  text: string;
  done: Extract<ChatEvent, { type: 'done' }> | null;
  isLoaded: boolean;
}

export async function collect(
  backend: Backend,
  request: ChatRequest,
  signal = AbortSignal.timeout(25_000),
): Promise<Answer> {
  const events: ChatEvent[] = [];
  for await (const event of backend.chat(request, signal)) events.push(event);
  return {
    events,
    text: events.map((event) => (event.type === 'text' ? event.text : '')).join(''),
    done: events.find((event) => event.type === 'done') ?? null,
    isLoaded: events.some((event) => event.type === 'loading'),
  };
}

/** A zombie, which nobody has asked about yet, is not alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Asks for a long answer and returns while it is being written. */
export async function beginLongAnswer(
  backend: Backend,
  signal: AbortSignal = AbortSignal.timeout(25_000),
): Promise<AsyncIterator<ChatEvent>> {
  const events = backend.chat(LONG_ANSWER, signal)[Symbol.asyncIterator]();
  for (;;) {
    const { value, done } = await events.next();
    if (done) throw new Error('the long answer was short');
    if (value.type === 'text') return events;
  }
}

export async function drain(events: AsyncIterator<ChatEvent>): Promise<void> {
  for (let isDone = false; !isDone;) isDone = (await events.next()).done === true;
}
