// A Hearth for component tests: the contract's client over plain memory, with the streams in the test's hand.
import { ORPCError } from '@orpc/client';
import type { AppStatus } from '../../../src/contract/app.ts';
import type { BackendsStatus, BackendStatus, QueueStatus } from '../../../src/contract/backends.ts';
import type {
  BinEntry,
  BinListInput,
  ChatChoice,
  Conversation,
  ConversationChange,
  ConversationSummary,
  KnownSource,
  ListInput,
} from '../../../src/contract/conversations.ts';
import type { ErrorCode } from '../../../src/contract/errors.ts';
import type { ConversationId } from '../../../src/contract/ids.ts';
import { Settings, type SettingsPatch } from '../../../src/contract/settings.ts';
import type { HearthClient } from '../../../src/renderer/lib/index.ts';
import { setClient } from '../../../src/renderer/lib/index.ts';
import type { FakeBackends } from './fake-backends.ts';
import { fakeBackends } from './fake-backends.ts';
import type { FakeEngine } from './fake-engine.ts';
import { fakeEngine } from './fake-engine.ts';
import type { FakeFacts } from './fake-facts.ts';
import { fakeFacts } from './fake-facts.ts';
import type { FakeModels } from './fake-models.ts';
import { fakeModels } from './fake-models.ts';
import type { TestStream } from './stream.ts';
import { testStream } from './stream.ts';

export interface FakeHearth {
  client: HearthClient;
  /** What was called, for example `conversations.rename`, with its input. */
  calls: { name: string; input: unknown }[];
  /** Makes the next call of that name fail with this sentence. */
  failNext(name: string, message: string, code?: ErrorCode): void;
  conversations: ConversationSummary[];
  /** Who answered in a conversation; `sources` counts them. */
  answeredBy: Map<ConversationId, Omit<KnownSource, 'conversations'>[]>;
  changes: TestStream<ConversationChange>;
  settings: Settings;
  setStatus(patch: Partial<AppStatus>): void;
  setBackends(status: BackendsStatus): void;
  /** What looks at addresses find, and the families. */
  backends: FakeBackends;
  setQueue(status: QueueStatus): void;
  /** The Ollama, its log and its installation. */
  engine: FakeEngine;
  models: FakeModels;
  facts: FakeFacts;
}

export interface FakeOptions {
  conversations?: ConversationSummary[];
  /** What was deleted before. */
  bin?: BinEntry[];
  /** The messages of a conversation, for those that have any. */
  messages?: Record<string, Conversation['messages']>;
  settings?: SettingsPatch;
  backends?: BackendsStatus;
  status?: Partial<AppStatus>;
}

/** Makes one and puts it in place of the port. */
export function fakeHearth(options: FakeOptions = {}): FakeHearth {
  const calls: FakeHearth['calls'] = [];
  const failures = new Map<string, Error>();
  let status: AppStatus = { ...READY, ...options.status };
  let backends = options.backends ?? OLLAMA_READY;
  let queue: QueueStatus = { lanes: [], chats: [] };
  const bin = new Map<ConversationId, BinEntry>();
  for (const entry of options.bin ?? []) bin.set(entry.id, entry);
  const inBin = (id: ConversationId) => {
    const entry = bin.get(id);
    if (!entry) throw hearthError('This chat is not in the bin.', 'not_found');
    return entry;
  };

  const statuses = testStream(() => status);
  const engines = testStream(() => backends);
  const queues = testStream(() => queue);
  const preferences = testStream(() => fake.settings);
  const changes = testStream<ConversationChange>();

  /** A procedure that notes its call, fails when told to, and else does its work. */
  const call =
    <Input, Output>(name: string, work: (input: Input) => Output) =>
    async (input: Input): Promise<Output> => {
      calls.push({ name, input });
      const failure = failures.get(name);
      failures.delete(name);
      if (failure) throw failure;
      return work(input);
    };
  const find = (id: ConversationId) => {
    const found = fake.conversations.find((one) => one.id === id);
    if (!found) throw hearthError('This chat is not in the history any more.', 'not_found');
    return found;
  };
  const stream =
    <Value>(source: TestStream<Value>) =>
    (_: unknown, at?: { signal?: AbortSignal }) =>
      source.open(at);

  const engine = fakeEngine(call);
  const models = fakeModels(call);
  const facts = fakeFacts(call);
  const list = fakeBackends(call, {
    get: () => backends,
    set: (next) => fake.setBackends(next),
    settings: () => fake.settings,
    setSettings: (next) => {
      fake.settings = next;
      preferences.say(next);
    },
  });

  const client = {
    ...engine.client,
    ...models.client,
    ...facts.client,
    app: {
      status: call('app.status', () => status),
      watch: stream(statuses),
      retry: call('app.retry', () => ({})),
      dismissNotice: call('app.dismissNotice', ({ id }: { id: string }) => {
        fake.setStatus({ notices: status.notices.filter((notice) => notice.id !== id) });
        return {};
      }),
      openDataFolder: call('app.openDataFolder', () => ({})),
    },
    chat: {
      send: call('chat.send', () => {
        throw hearthError('This fake answers no questions.');
      }),
      retry: call('chat.retry', () => ({})),
      stop: call('chat.stop', () => ({})),
      attach: stream(testStream<never>()),
      seen: call('chat.seen', () => ({})),
    },
    line: { watch: stream(testStream<never>()) },
    conversations: {
      list: call('conversations.list', ({ limit = 200, after, source }: Partial<ListInput>) => {
        const isMeant = ({ id }: ConversationSummary) =>
          !source || (fake.answeredBy.get(id) ?? []).some((one) => isFrom(one, source));
        const rest = fake.conversations
          .filter((one) => isMeant(one) && (!after || isBehind(one, after)))
          .toSorted((a, b) => (isBehind(a, b) ? 1 : -1));
        return { items: rest.slice(0, limit), hasMore: rest.length > limit };
      }),
      choose: call('conversations.choose', ({ id, choice }: { id: ConversationId; choice: ChatChoice }) => {
        const chosen = { ...find(id), choice };
        fake.conversations = fake.conversations.map((one) => (one.id === id ? chosen : one));
        changes.say({ type: 'changed', conversation: chosen });
        return chosen;
      }),
      sources: call('conversations.sources', () => countedSources(fake)),
      get: call('conversations.get', ({ id }: { id: ConversationId }) => ({
        ...(bin.get(id) ?? find(id)),
        messages: options.messages?.[id] ?? [],
      })),
      rename: call('conversations.rename', ({ id, title }: { id: ConversationId; title: string }) => {
        const renamed = { ...find(id), title };
        fake.conversations = fake.conversations.map((one) => (one.id === id ? renamed : one));
        changes.say({ type: 'changed', conversation: renamed });
        return renamed;
      }),
      delete: call('conversations.delete', ({ id }: { id: ConversationId }) => {
        const deletedAtMs = Date.now();
        bin.set(id, { ...find(id), bin: { deletedAtMs, goneAtMs: deletedAtMs + BIN_KEEPS_MS } });
        fake.conversations = fake.conversations.filter((one) => one.id !== id);
        changes.say({ type: 'deleted', id });
        return {};
      }),
      restore: call('conversations.restore', ({ id }: { id: ConversationId }) => {
        const { bin: _, ...restored } = inBin(id);
        bin.delete(id);
        fake.conversations.push(restored);
        changes.say({ type: 'changed', conversation: restored });
        return restored;
      }),
      watch: stream(changes),
    },
    bin: {
      list: call('bin.list', ({ limit = 200, after }: Partial<BinListInput>) => {
        const all = [...bin.values()].toSorted(
          (a, b) => b.bin.deletedAtMs - a.bin.deletedAtMs || (a.id < b.id ? 1 : -1),
        );
        const rest = after
          ? all.filter(({ id, bin: { deletedAtMs: atMs } }) =>
              atMs === after.deletedAtMs ? id < after.id : atMs < after.deletedAtMs,
            )
          : all;
        return { items: rest.slice(0, limit), hasMore: rest.length > limit, total: all.length };
      }),
      delete: call('bin.delete', ({ id }: { id: ConversationId }) => {
        bin.delete(inBin(id).id);
        changes.say({ type: 'gone', ids: [id] });
        return {};
      }),
      empty: call('bin.empty', ({ deletedUpToMs }: { deletedUpToMs: number }) => {
        const ids = [...bin.values()].filter((one) => one.bin.deletedAtMs <= deletedUpToMs).map(({ id }) => id);
        for (const id of ids) bin.delete(id);
        changes.say({ type: 'gone', ids });
        return { count: ids.length };
      }),
    },
    settings: {
      get: call('settings.get', () => fake.settings),
      set: call('settings.set', (patch: SettingsPatch) => {
        fake.settings = merged(fake.settings, patch);
        preferences.say(fake.settings);
        return fake.settings;
      }),
      watch: stream(preferences),
    },
    backends: {
      ...list.client.backends,
      status: call('backends.status', () => backends),
      watch: stream(engines),
      check: call('backends.check', () => backends),
    },
    queue: { watch: stream(queues) },
  };

  const fake: FakeHearth = {
    client: client as unknown as HearthClient,
    calls,
    failNext: (name, message, code) => void failures.set(name, hearthError(message, code)),
    conversations: [...(options.conversations ?? [])],
    answeredBy: new Map(),
    changes,
    settings: merged(DEFAULTS, options.settings ?? {}),
    setStatus(patch) {
      status = { ...status, ...patch };
      statuses.say(status);
    },
    setBackends(next) {
      backends = next;
      engines.say(next);
    },
    setQueue(next) {
      queue = next;
      queues.say(next);
    },
    backends: list.fake,
    engine: engine.fake,
    models: models.fake,
    facts: facts.fake,
  };
  setClient(fake.client);
  return fake;
}

type Place = Pick<ConversationSummary, 'updatedAtMs' | 'id'>;

/** Whether it comes after the other in the list, newest first. */
function isBehind(one: Place, other: Place): boolean {
  return one.updatedAtMs < other.updatedAtMs || (one.updatedAtMs === other.updatedAtMs && one.id < other.id);
}

function isFrom(one: Omit<KnownSource, 'conversations'>, source: NonNullable<ListInput['source']>): boolean {
  return (['kind', 'label', 'host', 'model'] as const).every(
    (key) => source[key] === undefined || source[key] === one[key],
  );
}

function countedSources({ answeredBy }: FakeHearth): KnownSource[] {
  const counted = new Map<string, KnownSource>();
  for (const sources of answeredBy.values()) {
    for (const one of sources) {
      const key = JSON.stringify(one);
      counted.set(key, { ...one, conversations: (counted.get(key)?.conversations ?? 0) + 1 });
    }
  }
  return [...counted.values()].toSorted((a, b) => b.conversations - a.conversations);
}

/** A failure as it arrives from main. */
export function hearthError(message: string, code: ErrorCode = 'internal'): Error {
  return new ORPCError('HEARTH', { defined: true, data: { code, message, params: {} } });
}

const BIN_KEEPS_MS = 30 * 86_400_000;

let made = 0;

/** A conversation of that title, last used so many days before `nowMs`. */
export function chat(title: string, daysAgo = 0, nowMs = Date.now()): ConversationSummary {
  made += 1;
  const id = `01890000-0000-7000-8000-${String(made).padStart(12, '0')}` as ConversationId;
  // One that was made earlier is older by a second, so that the order is plain.
  const updatedAtMs = nowMs - daysAgo * 86_400_000 - made * 1_000;
  return { id, title, createdAtMs: updatedAtMs, updatedAtMs, activeLeafId: null };
}

const READY: AppStatus = {
  phase: 'ready',
  problem: null,
  notices: [],
  version: '0.1.0',
  platform: 'linux',
  dataFolder: '/home/user/.local/share/hearth',
};

export const OLLAMA: BackendStatus = {
  id: 'ollama',
  kind: 'ollama',
  label: 'Ollama',
  url: 'ollama://127.0.0.1:11434',
  host: '127.0.0.1:11434',
  state: 'ready',
  isOwned: true,
  version: '0.12.6',
  latencyMs: 12,
  models: ['llama3.2:3b', 'qwen2.5:7b'].map((name) => ({
    name,
    sizeBytes: 2_019_393_189,
    family: null,
    parameters: null,
    quantization: null,
  })),
  problem: null,
  abilities: [],
  standsIn: true,
  restsUntilMs: null,
  lastAnswerAtMs: null,
  origin: 'builtin',
};
export const BUILT_IN: BackendStatus = {
  ...OLLAMA,
  id: 'llamacpp',
  kind: 'llamacpp',
  label: 'Built-in engine',
  url: 'llamacpp://',
  host: null,
  state: 'asleep',
  isOwned: false,
  version: null,
  latencyMs: null,
  models: OLLAMA.models.slice(0, 1),
};
export const DEMO: BackendStatus = {
  ...BUILT_IN,
  id: 'demo',
  kind: 'demo',
  label: 'Demo',
  url: 'demo://',
  state: 'ready',
  models: [],
};

export const OLLAMA_READY: BackendsStatus = {
  backends: [OLLAMA, BUILT_IN, DEMO],
  chosen: { id: 'ollama', kind: 'ollama', label: 'Ollama', model: 'llama3.2:3b' },
  isChecking: false,
  demo: 'ifNobodyIsThere',
  isOrderAutomatic: true,
  environment: [],
  secretsIn: 'system',
};

const DEFAULTS: Settings = Settings.parse({ onboarding: { isDone: true } });

/** Groups one level deep, as main does. */
function merged(settings: Settings, patch: SettingsPatch): Settings {
  const next: Record<string, unknown> = { ...settings };
  for (const [key, value] of Object.entries(patch)) {
    const before = next[key];
    next[key] = isGroup(before) && isGroup(value) ? { ...before, ...value } : value;
  }
  return next as Settings;
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
