// A chat with background work over a real history and a real queue, with scripted engines of several places.
import { uuidv7 } from 'uuidv7';
import { vi } from 'vitest';
import type { BackendStatus } from '../../src/contract/backends.ts';
import type { AnswerSource, BackendKind } from '../../src/contract/conversations.ts';
import type { ConversationId } from '../../src/contract/ids.ts';
import type { SettingsPatch } from '../../src/contract/settings.ts';
import type { BackendPlan } from '../../src/main/backends/index.ts';
import { createChat, createConversations } from '../../src/main/chat/index.ts';
import { HearthError } from '../../src/main/errors/index.ts';
import { openInsights, type InsightsOptions } from '../../src/main/insights/index.ts';
import { createQueue } from '../../src/main/queue/index.ts';
import type { Storage } from '../../src/main/storage/index.ts';
import { memorySettings } from './memory-settings.ts';
import { noUsage, scriptedBackends, type ScriptedRun } from './scripted-backends.ts';

/** Waits until the check passes, patiently: the computer may have much else to do. */
export const waitFor = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 10_000 });

type Candidate = BackendPlan['candidates'][number];

export interface Engine {
  id: string;
  kind: BackendKind;
  label: string;
  host: string | null;
  model: string | null;
  lane: string;
  concurrency?: number;
  canFormat?: boolean;
  state?: BackendStatus['state'];
}

export const local: Engine = {
  id: 'ollama',
  kind: 'ollama',
  label: 'Ollama',
  host: '127.0.0.1:11434',
  model: 'tiny',
  lane: 'ollama:127.0.0.1:11434',
  canFormat: true,
};
export const far: Engine = {
  id: 'far',
  kind: 'openai',
  label: 'Far',
  host: 'models.example',
  model: 'big',
  lane: 'far',
};

export function sourceOf({ kind, label, host, model }: Engine): AnswerSource {
  return { kind, label, host, model, url: `${kind}://${model ?? ''}@${host ?? ''}`, skipped: [] };
}

export function candidateOf(engine: Engine): Candidate {
  const { id, kind, label, lane, concurrency = 1, model } = engine;
  return {
    id,
    kind,
    label,
    lane,
    concurrency,
    abilities: engine.canFormat ? ['format'] : [],
    modelFor: (requested: string | null) => requested ?? model,
    describe: () => ({ url: sourceOf(engine).url, host: engine.host }),
  } as unknown as Candidate;
}

export function planOf(engine: Engine, model: string | null = engine.model): BackendPlan {
  const candidate = candidateOf(engine);
  const { lane, concurrency } = candidate;
  const choice = { candidates: [{ backend: candidate, model }], skipped: [], demo: 'never' as const };
  return {
    purpose: 'chat',
    candidates: [candidate],
    skipped: [],
    model,
    lane,
    concurrency,
    choiceNow: () => Promise.resolve(choice),
  };
}

export function statusOf(engine: Engine): BackendStatus {
  const { id, kind, label, host, model } = engine;
  return {
    id,
    kind,
    label,
    url: sourceOf(engine).url,
    host,
    state: engine.state ?? 'ready',
    isOwned: false,
    version: null,
    latencyMs: null,
    models:
      model === null ? [] : [{ name: model, sizeBytes: null, family: null, parameters: null, quantization: null }],
    problem: null,
    abilities: [],
    standsIn: true,
    restsUntilMs: null,
    lastAnswerAtMs: null,
    origin: 'builtin',
  };
}

/** What an engine says for a whole answer. */
export function answerAs(engine: Engine, run: ScriptedRun, text: string): void {
  run.say(
    { type: 'source', source: sourceOf(engine) },
    { type: 'text', text },
    { type: 'done', reason: 'stop', usage: noUsage },
  );
}

/**
 * @param engines the first one answers where nobody is named
 * @param faults calls of the storage that behave differently
 */
export async function openInsightScene(
  real: Storage,
  given: {
    settings?: SettingsPatch;
    engines?: Engine[];
    faults?: Partial<Storage>;
    options?: Pick<InsightsOptions, 'limitMs' | 'undoMs' | 'strength'>;
  } = {},
) {
  const { engines = [local] } = given;
  const storage: Storage = { ...real, ...given.faults };
  const settings = memorySettings({ onboarding: { isDone: true } });
  await settings.set(given.settings ?? {});
  const scripted = scriptedBackends();
  const wishes: Parameters<typeof scripted.plan>[0][] = [];
  scripted.planWith((wish) => {
    wishes.push(wish);
    const { purpose = 'chat', backend, model } = wish;
    const own = purpose === 'chat' ? null : settings.get().purposes[purpose].backend;
    const id = backend ?? (own === 'auto' ? null : own) ?? engines[0]?.id;
    const engine = engines.find((one) => one.id === id || sourceOf(one).url === id);
    if (!engine) return Promise.reject(new HearthError('no_backend', { reasons: 'None.' }));
    return Promise.resolve(planOf(engine, model ?? engine.model));
  });
  const backends = {
    ...scripted,
    status: () => ({
      backends: engines.map(statusOf),
      chosen: { id: 'ollama', kind: 'ollama' as const, label: 'Ollama', model: null },
      isChecking: false,
      demo: 'ifNobodyIsThere' as const,
      isOrderAutomatic: true,
      environment: [],
      secretsIn: 'file' as const,
    }),
  };
  const queue = createQueue();
  const submitted = vi.spyOn(queue, 'submit');
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const shared = { storage, queue, backends, log, now: Date.now, newId: uuidv7 };
  // Every model is believed unless a test is about that.
  const strength = { isEnough: () => Promise.resolve(true) };
  const insights = await openInsights({ ...shared, settings, strength, ...given.options });
  const chat = createChat({ ...shared, insights });
  const conversations = createConversations({ storage, chat, facts: insights.facts, log });
  const told: string[] = [];
  conversations.onChange((change) => {
    if (change.type === 'changed') told.push(change.conversation.title);
  });

  const run = (index: number): Promise<ScriptedRun> =>
    waitFor(() => {
      const found = scripted.runs[index];
      if (found === undefined) throw new Error(`request ${index} has not reached an engine`);
      return found;
    });

  return {
    chat,
    conversations,
    insights,
    facts: insights.facts,
    settings,
    queue,
    log,
    told,
    wishes,
    runs: scripted.runs,
    run,
    beDeaf: () => scripted.beDeaf(),
    /** The jobs of the background, in the order in which they were begun. */
    jobs: () => submitted.mock.calls.map(([job]) => job).filter(({ client }) => client === 'background'),
    ask: (text: string, more: Partial<Parameters<typeof chat.send>[0]> = {}) =>
      chat.send({ conversationId: null, text, ...more }, 'window'),
    /** A whole turn; the next run is the background's. */
    async turn(
      text: string,
      answer: string,
      { engine = engines[0] ?? local, conversationId = null as ConversationId | null } = {},
    ) {
      const index = scripted.runs.length;
      const sent = await chat.send({ conversationId, text }, 'window');
      answerAs(engine, await run(index), answer);
      await waitFor(async () => {
        const { state } = await real.getMessage(sent.answer.id);
        if (state !== 'done') throw new Error(`it is ${state}`);
      });
      return sent;
    },
    /** What was left out, as the log says it. */
    leftOut: () => log.info.mock.calls.map(([, fields]) => fields as Record<string, unknown>),
    async close() {
      await Promise.all([chat.close(), insights.close()]);
      await queue.stop();
    },
  };
}
export type InsightScene = Awaited<ReturnType<typeof openInsightScene>>;
