// Runs in the engine process: one answer after the other from a model in memory.
import type { ChatHistoryItem, Llama, LlamaContextSequence, LlamaGrammar } from 'node-llama-cpp';
import type { WrapperFor } from './chat-wrapper.ts';
import { createFitting } from './conversation.ts';
import type { Library } from './library.ts';
import type { AnswerOptions, EngineMessage, EngineReply } from './protocol.ts';
import { type Progress, watchProgress } from './progress.ts';
import { grammarSchema } from './schema.ts';

type Reply<Type> = Omit<Extract<EngineReply, { type: Type }>, 'type' | 'id'>;
export type Done = Reply<'done'>;

export interface ChatListener {
  signal: AbortSignal;
  onText(text: string): void;
  onThinking(text: string): void;
  onProgress: (progress: Progress) => void;
}

/** Rejects with a KnownFailure, or with the signal's reason. */
export type Answer = (messages: EngineMessage[], options: AnswerOptions, listener: ChatListener) => Promise<Done>;

/** What llama.cpp's own programs use; the library's default would be greedy and repeat itself. */
const SAMPLING = { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05 };

/** What was read for one answer stays in memory for the next: only where the conversation goes on differently is it read anew. */
export function createAnswers(given: {
  library: Library;
  llama: Llama;
  sequence: LlamaContextSequence;
  wrapperFor: WrapperFor;
}): Answer {
  const { library, llama, sequence, wrapperFor } = given;
  const { contextSize: contextTokens, model } = sequence;
  const fit = createFitting();

  return async (messages, options, listener) => {
    const chatWrapper = wrapperFor(options);
    const tokensOf = (history: ChatHistoryItem[]) =>
      chatWrapper.generateContextState({ chatHistory: history }).contextText.tokenize(model.tokenizer);
    const { promptTokens, leftOutMessages, ...fitted } = fit(messages, {
      contextTokens,
      modelMaximum: model.trainContextSize,
      countText: (text) => model.tokenize(text).length,
      countPrompt: (kept) => tokensOf(kept.map(toHistoryItem)).length,
    });
    const history = fitted.messages.map(toHistoryItem);
    const grammar = await grammarFor(llama, options.format);
    const before = sequence.tokenMeter.getState();
    // Never beyond the context: the library would silently drop the start of the conversation to go on.
    const roomTokens = Math.max(1, contextTokens - promptTokens - 1);
    const maxTokens = Math.min(options.maxTokens ?? roomTokens, roomTokens);
    let firstAtMs: number | null = null;
    const stopProgress = watchProgress({ sequence, promptTokens, onProgress: listener.onProgress });
    const chat = new library.LlamaChat({ contextSequence: sequence, chatWrapper });
    try {
      const { metadata } = await chat.generateResponse(history, {
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
        maxTokens,
        signal: listener.signal,
        onResponseChunk: (chunk) => {
          firstAtMs ??= performance.now();
          if (chunk.text === '') return;
          if (chunk.type === 'segment' && chunk.segmentType === 'thought') listener.onThinking(chunk.text);
          else listener.onText(chunk.text);
        },
      });
      const { usedInputTokens, usedOutputTokens } = sequence.tokenMeter.diff(before);
      return {
        reason: metadata.stopReason !== 'maxTokens' ? 'stop' : maxTokens === options.maxTokens ? 'length' : 'context',
        contextTokens,
        promptTokens,
        readTokens: usedInputTokens,
        answerTokens: usedOutputTokens,
        answerMs: firstAtMs === null ? 0 : performance.now() - firstAtMs,
        leftOutMessages,
      };
    } finally {
      stopProgress();
      chat.dispose();
    }
  };
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
