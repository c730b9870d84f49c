// Runs in the engine process: one model in memory, and answers from it, with node-llama-cpp.
import { existsSync } from 'node:fs';
import type { ChatHistoryItem, Llama, LlamaChatSession, LlamaContext, LlamaGrammar, LlamaModel } from 'node-llama-cpp';
import { KnownFailure } from './engine-failure.ts';
import { type LlamaRuntime, nameLoadError, startLibrary } from './library.ts';
import type { AnswerOptions, EngineMessage, EngineReply, ModelLoad } from './protocol.ts';
import { grammarSchema } from './schema.ts';

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
  /** Of node-llama-cpp and the llama.cpp in it, and what it computes on. */
  readonly version: string;
  chat(messages: EngineMessage[], options: AnswerOptions, listener: ChatListener): Promise<Omit<Done, 'type' | 'id'>>;
  /** One vector a text, in their order. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<number[][]>;
  dispose(): Promise<void>;
}

/** What llama.cpp's own programs use; the library's default would be greedy and repeat itself. */
const SAMPLING = { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05 };
const PROGRESS_EVERY_MS = 500;
/** Room that stays for the answer when a conversation is longer than the context. */
const ANSWER_RESERVE_TOKENS = 512;
/** No tokenizer makes longer tokens on average: longer texts are refused without the seconds it takes to count them. */
const CHARS_PER_TOKEN_MAX = 32;

/** Longer texts have no use for a vector, and their buffers take memory beside the model's. */
const EMBED_MAX_TOKENS = 2_048;

/** Rejects with a KnownFailure, or with the signal's reason. */
export async function loadModel(load: ModelLoad, signal: AbortSignal): Promise<LoadedModel> {
  const runtime = await startLibrary(load.gpu);
  const { library, llama } = runtime;
  if (!existsSync(load.path)) throw new KnownFailure('model_file_missing', 'the file is gone');
  const { model, context } = await open(runtime, load, signal);
  const session = new library.LlamaChatSession({ contextSequence: context.getSequence() });
  const release = llama.llamaCppRelease.release;
  return {
    contextTokens: context.contextSize,
    version: `node-llama-cpp ${await library.getModuleVersion()}, llama.cpp ${release}, ${llama.gpu || 'cpu'}`,
    chat: (messages, options, listener) =>
      chat({ llama, model, session, contextTokens: context.contextSize }, messages, options, listener),
    embed: (texts, embedSignal) => embed(model, texts, { threads: load.threads, signal: embedSignal }),
    dispose: () => model.dispose(),
  };
}

/** A card that has no room for the model, or fails with it, is no reason to fail: the processor takes it. */
async function open(runtime: LlamaRuntime, load: ModelLoad, signal: AbortSignal): Promise<Opened> {
  try {
    return await openOnce(runtime, load, signal);
  } catch (error) {
    signal.throwIfAborted();
    const named = nameLoadError(runtime.library, error);
    if (runtime.llama.gpu === false || load.gpuLayers === 0) throw named;
    console.error(`the model could not be loaded with the graphics card: ${named.failure.detail}`);
    return openOnce(runtime, { ...load, gpuLayers: 0 }, signal).catch((again: unknown) => {
      signal.throwIfAborted();
      throw nameLoadError(runtime.library, again);
    });
  }
}

interface Opened {
  model: LlamaModel;
  context: LlamaContext;
}

async function openOnce({ llama }: LlamaRuntime, load: ModelLoad, signal: AbortSignal): Promise<Opened> {
  const { path, threads, contextMaxTokens, gpuLayers } = load;
  const layers = gpuLayers === null ? 'auto' : gpuLayers === 0 ? 0 : { max: gpuLayers };
  const model = await llama.loadModel({ modelPath: path, gpuLayers: layers, loadSignal: signal });
  try {
    const contextSize = { max: contextMaxTokens };
    return { model, context: await model.createContext({ threads, contextSize, createSignal: signal }) };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

async function embed(
  model: LlamaModel,
  texts: readonly string[],
  { threads, signal }: { threads: number; signal: AbortSignal },
): Promise<number[][]> {
  const context = await model.createEmbeddingContext({
    threads,
    contextSize: { max: EMBED_MAX_TOKENS },
    createSignal: signal,
  });
  try {
    const vectors: number[][] = [];
    for (const text of texts) {
      signal.throwIfAborted();
      if (context.calculateInputLength(text) > Math.min(EMBED_MAX_TOKENS, model.trainContextSize))
        throw new KnownFailure('backend_failed', `a text is longer than the ${EMBED_MAX_TOKENS} tokens that fit`);
      vectors.push([...(await context.getEmbeddingFor(text)).vector]);
    }
    return vectors;
  } finally {
    await context.dispose();
  }
}

interface Loaded {
  llama: Llama;
  model: LlamaModel;
  session: LlamaChatSession;
  contextTokens: number;
}

async function chat(
  loaded: Loaded,
  messages: EngineMessage[],
  options: AnswerOptions,
  listener: ChatListener,
): Promise<Omit<Done, 'type' | 'id'>> {
  const { session, contextTokens } = loaded;
  const { history, question, promptTokens, leftOutMessages } = fit(loaded, messages);
  const before = session.sequence.tokenMeter.getState();
  const grammar = await grammarFor(loaded.llama, options.format);
  let firstAtMs: number | null = null;
  const stopProgress = watchProgress(session, () => listener.onProgress());
  try {
    session.setChatHistory(history);
    const { stopReason } = await session.promptWithMeta(question, {
      temperature: options.temperature ?? SAMPLING.temperature,
      topK: options.topK ?? SAMPLING.topK,
      topP: options.topP ?? SAMPLING.topP,
      minP: options.minP ?? SAMPLING.minP,
      ...repeatPenalty(options.repeatPenalty),
      ...(options.stop === undefined ? {} : { customStopTriggers: [...options.stop] }),
      ...(grammar === null ? {} : { grammar }),
      ...(options.think === false ? { budgets: { thoughtTokens: 0 } } : {}),
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

/** 1 is none; without a wish the library's own (1.1 over the last 64 tokens). */
function repeatPenalty(penalty: number | undefined): { repeatPenalty?: false | { penalty: number } } {
  if (penalty === undefined) return {};
  return { repeatPenalty: penalty === 1 ? false : { penalty } };
}

/** What keeps the answer to the format. Rejects with a KnownFailure when a grammar can't follow the schema. */
async function grammarFor(llama: Llama, format: AnswerOptions['format']): Promise<LlamaGrammar | null> {
  if (format === undefined) return null;
  // A schema without a word allows anything.
  if (format === 'json' || Object.keys(format).length === 0) return llama.getGrammarFor('json');
  const schema = grammarSchema(format) as Parameters<Llama['createGrammarForJsonSchema']>[0];
  return llama.createGrammarForJsonSchema(schema);
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
