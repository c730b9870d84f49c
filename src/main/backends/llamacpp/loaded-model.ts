// Runs in the engine process: one model in memory, and answers from it, with node-llama-cpp.
import { existsSync } from 'node:fs';
import type * as library from 'node-llama-cpp';
import type { ChatHistoryItem, LlamaChatSession, LlamaModel, Llama } from 'node-llama-cpp';
import { KnownFailure } from './engine-failure.ts';
import type { EngineMessage, EngineReply, ModelLoad, SamplingOptions } from './protocol.ts';

type Library = typeof library;
type Done = Extract<EngineReply, { type: 'done' }>;

export interface ChatListener {
  signal: AbortSignal;
  onText(text: string): void;
  onThinking(text: string): void;
  /** At most twice a second, while tokens are worked on. */
  onProgress(): void;
}

export interface LoadedModel {
  readonly contextTokens: number;
  /** Of node-llama-cpp and the llama.cpp in it. */
  readonly version: string;
  chat(messages: EngineMessage[], options: SamplingOptions, listener: ChatListener): Promise<Omit<Done, 'type' | 'id'>>;
  dispose(): Promise<void>;
}

/** What llama.cpp's own programs use; the library's default would be greedy and repeat itself. */
const SAMPLING = { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05 };
const PROGRESS_EVERY_MS = 500;
/** Room that stays for the answer when a conversation is longer than the context. */
const ANSWER_RESERVE_TOKENS = 512;
/** No tokenizer makes longer tokens on average: longer texts are refused without the seconds it takes to count them. */
const CHARS_PER_TOKEN_MAX = 32;

let engine: Promise<{ library: Library; llama: Llama }> | null = null;

/** Rejects with a KnownFailure, or with the signal's reason. */
export async function loadModel(load: ModelLoad, signal: AbortSignal): Promise<LoadedModel> {
  engine ??= startLibrary().catch((error: unknown) => {
    engine = null;
    throw error;
  });
  const { library, llama } = await engine;
  if (!existsSync(load.path)) throw new KnownFailure('model_file_missing', 'the file is gone');
  const model = await llama.loadModel({ modelPath: load.path, loadSignal: signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw nameLoadError(library, error);
  });
  try {
    const context = await model.createContext({
      threads: load.threads,
      contextSize: { max: load.contextMaxTokens },
      createSignal: signal,
    });
    const sequence = context.getSequence();
    const session = new library.LlamaChatSession({ contextSequence: sequence });
    const release = llama.llamaCppRelease.release;
    return {
      contextTokens: context.contextSize,
      version: `node-llama-cpp ${await library.getModuleVersion()}, llama.cpp ${release}`,
      chat: (messages, options, listener) =>
        chat({ model, session, contextTokens: context.contextSize }, messages, options, listener),
      dispose: () => model.dispose(),
    };
  } catch (error) {
    await model.dispose();
    signal.throwIfAborted();
    throw nameLoadError(library, error);
  }
}

async function startLibrary(): Promise<{ library: Library; llama: Llama }> {
  let library: Library;
  try {
    // Loaded late: it takes most of a second, and its absence is to be told in words.
    library = await import('node-llama-cpp');
  } catch (error) {
    throw new KnownFailure('engine_unavailable', 'its library (node-llama-cpp) is not installed.', error);
  }
  try {
    const llama = await library.getLlama({
      build: 'never',
      gpu: false,
      progressLogs: false,
      // Standard error is kept by the parent and told when the process crashes.
      logger: (level, message) => console.error(`${level}: ${message.trim()}`),
    });
    return { library, llama };
  } catch (error) {
    const system = `${process.platform} ${process.arch}`;
    throw new KnownFailure(
      'engine_unavailable',
      `it has no program for this system (${system}) or it can't be run.`,
      error,
    );
  }
}

function nameLoadError(library: Library, error: unknown): KnownFailure {
  if (error instanceof KnownFailure) return error;
  if (error instanceof library.InsufficientMemoryError) {
    return new KnownFailure('backend_failed', 'there is not enough free memory for this model', error);
  }
  return new KnownFailure('model_file_invalid', 'the engine could not load it', error);
}

interface Loaded {
  model: LlamaModel;
  session: LlamaChatSession;
  contextTokens: number;
}

async function chat(
  loaded: Loaded,
  messages: EngineMessage[],
  options: SamplingOptions,
  listener: ChatListener,
): Promise<Omit<Done, 'type' | 'id'>> {
  const { session, contextTokens } = loaded;
  const { history, question, promptTokens, leftOutMessages } = fit(loaded, messages);
  const before = session.sequence.tokenMeter.getState();
  let firstAtMs: number | null = null;
  const stopProgress = watchProgress(session, () => listener.onProgress());
  try {
    session.setChatHistory(history);
    const { stopReason } = await session.promptWithMeta(question, {
      ...SAMPLING,
      temperature: options.temperature ?? SAMPLING.temperature,
      // The library's own seed is the time in seconds: the same for two answers in a row.
      seed: options.seed ?? Math.floor(Math.random() * 2 ** 31),
      // Never beyond the context: the library would silently drop the start of the conversation to go on.
      maxTokens: Math.max(1, Math.min(options.maxTokens ?? contextTokens, contextTokens - promptTokens - 1)),
      signal: listener.signal,
      onResponseChunk: (chunk) => {
        firstAtMs ??= performance.now();
        if (chunk.text === '') return;
        if (chunk.type === 'segment' && chunk.segmentType === 'thought') listener.onThinking(chunk.text);
        else listener.onText(chunk.text);
      },
    });
    return {
      reason: stopReason === 'maxTokens' ? 'length' : 'stop',
      promptTokens,
      answerTokens: session.sequence.tokenMeter.diff(before).usedOutputTokens,
      answerMs: firstAtMs === null ? 0 : performance.now() - firstAtMs,
      leftOutMessages,
    };
  } finally {
    stopProgress();
  }
}

/** Reading a long question takes a slow computer minutes, batch by batch: the parent hears that it goes on. */
function watchProgress(session: LlamaChatSession, onProgress: () => void): () => void {
  const meter = session.sequence.tokenMeter;
  const worked = () => meter.usedInputTokens + meter.usedOutputTokens;
  let last = worked();
  const timer = setInterval(() => {
    if (worked() === last) return;
    last = worked();
    onProgress();
  }, PROGRESS_EVERY_MS);
  return () => clearInterval(timer);
}

interface Fitted {
  history: ChatHistoryItem[];
  question: string;
  promptTokens: number;
  leftOutMessages: number;
}

/** The question and as much of what came before as fits: the system prompt and the newest messages, oldest out first. */
function fit(loaded: Loaded, messages: EngineMessage[]): Fitted {
  const { model, contextTokens } = loaded;
  const last = messages.at(-1);
  if (last?.role !== 'user') throw new KnownFailure('backend_failed', 'the conversation does not end with a question');
  const budgetTokens = contextTokens - Math.min(ANSWER_RESERVE_TOKENS, Math.floor(contextTokens / 4));
  const tooLong = () =>
    new KnownFailure('backend_failed', `the question is longer than the ${contextTokens} tokens this model can hold`);

  const system = messages.filter((message) => message.role === 'system');
  const others = messages.slice(0, -1).filter((message) => message.role !== 'system');
  const estimate = (message: EngineMessage) =>
    message.content.length > contextTokens * CHARS_PER_TOKEN_MAX ? Infinity : model.tokenize(message.content).length;

  let leftTokens = budgetTokens - [...system, last].reduce((sum, message) => sum + estimate(message), 0);
  if (leftTokens < 0) throw tooLong();
  let first = others.length;
  while (first > 0) {
    leftTokens -= estimate(others[first - 1]!);
    if (leftTokens < 0) break;
    first -= 1;
  }
  // The template's own tokens come on top.
  for (; ; first += 1) {
    // A conversation starts with a question, not with the answer to one that is gone.
    while (others[first]?.role === 'assistant' && first > 0) first += 1;
    const history = [...system, ...others.slice(first)].map(toHistoryItem);
    const promptTokens = countPrompt(loaded, history, last.content);
    if (promptTokens <= budgetTokens) return { history, question: last.content, promptTokens, leftOutMessages: first };
    if (first >= others.length) throw tooLong();
  }
}

function countPrompt({ model, session }: Loaded, history: ChatHistoryItem[], question: string): number {
  const { contextText } = session.chatWrapper.generateContextState({
    chatHistory: [...history, { type: 'user', text: question }, { type: 'model', response: [''] }],
  });
  return contextText.tokenize(model.tokenizer, 'trimLeadingSpace').length;
}

function toHistoryItem({ role, content }: EngineMessage): ChatHistoryItem {
  switch (role) {
    case 'system':
      return { type: 'system', text: content };
    case 'user':
      return { type: 'user', text: content };
    case 'assistant':
      return { type: 'model', response: [content] };
    default:
      return role satisfies never;
  }
}
