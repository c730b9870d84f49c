// Runs in the engine process: how the library puts a conversation into tokens, in the words of the model's own template.
import type { ChatHistoryItem, ChatWrapper, LlamaModel } from 'node-llama-cpp';
import type { Library } from './library.ts';
import type { EngineMessage } from './protocol.ts';
import { type ChatTemplate, createTemplate } from './template.ts';

/** Makes the wrapper of one answer. */
export type WrapperFor = (options: { think?: boolean | undefined }) => ChatWrapper;

type Segments = NonNullable<ChatWrapper['settings']['segments']>;

/** Around what belongs to a message and must not become a special token. No text that people exchange holds these. */
const HIDDEN = /\uFDD0(\d+)\uFDD1/;
/** The marks of a thought that prompts end with, where the template itself begins it. */
const THOUGHTS: readonly (readonly [open: string, close: string])[] = [
  ['<think>', '</think>'],
  ['<thought>', '</thought>'],
  ['[THINK]', '[/THINK]'],
];

/**
 * The model's own template; the library's wrapper where the file has none or one that can't be read, and for models whose
 * thoughts stand in channels, which no template describes (gpt-oss, Gemma 4).
 */
export async function chatWrapperFor(library: Library, model: LlamaModel): Promise<WrapperFor> {
  const resolved = library.resolveChatWrapper(model);
  const template = hasChannels(library, resolved) ? null : await templateOf(model);
  if (template === null) {
    const wrapper = withOneBos(library, model, resolved);
    return () => wrapper;
  }
  const segments = thoughtsOf(library, model);
  return ({ think }) => templateWrapper({ library, model, template, segments, think });
}

function hasChannels(library: Library, wrapper: ChatWrapper): boolean {
  return wrapper instanceof library.HarmonyChatWrapper || wrapper instanceof library.Gemma4ChatWrapper;
}

async function templateOf(model: LlamaModel): Promise<ChatTemplate | null> {
  const template = model.fileInfo.metadata.tokenizer.chat_template;
  if (template === undefined || template.trim() === '') return null;
  const { bosString: bos, eosString: eos, shouldPrependBosToken: beginsWithBos } = model.tokens;
  try {
    return await createTemplate({ template, bos, eos, beginsWithBos });
  } catch (error) {
    // Kept by the parent and told when the process crashes.
    console.error(`the chat template of the model can't be used: ${String(error)}`);
    return null;
  }
}

/** How the library would find the thoughts of this model. */
function thoughtsOf(library: Library, model: LlamaModel): Segments {
  const template = model.fileInfo.metadata.tokenizer.chat_template ?? '';
  try {
    const { settings } = new library.JinjaTemplateChatWrapper({ template, tokenizer: model.tokenizer });
    return settings.segments ?? {};
  } catch (error) {
    console.error(`the marks of thoughts are unknown: ${String(error)}`);
    return {};
  }
}

/** The library puts the first token of a text before every conversation, also where the model's tokenizer does not. */
function withOneBos(library: Library, model: LlamaModel, wrapper: ChatWrapper): ChatWrapper {
  if (model.tokens.shouldPrependBosToken) return wrapper;
  const generate = wrapper.generateContextState.bind(wrapper);
  wrapper.generateContextState = (options) => {
    const state = generate(options);
    const [first, ...rest] = state.contextText.values;
    const isBos = first instanceof library.SpecialToken && first.value === 'BOS';
    return isBos ? { ...state, contextText: library.LlamaText(rest) } : state;
  };
  return wrapper;
}

function templateWrapper(given: {
  library: Library;
  model: LlamaModel;
  template: ChatTemplate;
  segments: Segments;
  think: boolean | undefined;
}): ChatWrapper {
  const { library, model, template, segments, think } = given;
  const { LlamaText, SpecialToken, SpecialTokensText } = library;

  /** Everything in one piece, as llama.cpp's own programs read a prompt; only what is hidden stays apart. */
  function toText(prompt: string, hidden: readonly string[]): (string | InstanceType<typeof SpecialTokensText>)[] {
    return prompt
      .split(HIDDEN)
      .map((part, index) => (index % 2 === 0 ? new SpecialTokensText(part) : (hidden[Number(part)] ?? '')));
  }

  const turnEnd =
    template.turnEnd === '' ? [] : [LlamaText(new SpecialTokensText(template.turnEnd)), LlamaText(template.turnEnd)];

  const shortest = template.prompt([{ role: 'user', content: 'a' }], { think }).trimEnd();
  const opened = THOUGHTS.find(([open]) => shortest.endsWith(open));

  class OwnTemplateWrapper extends library.ChatWrapper {
    override wrapperName = 'OwnTemplate';
    override settings = { ...library.ChatWrapper.defaultSettings, segments: segmentsFor(segments, opened) };

    override generateContextState({ chatHistory }: { chatHistory: readonly ChatHistoryItem[] }) {
      const last = chatHistory.at(-1);
      const hidden: string[] = [];
      const before = last?.type === 'model' ? chatHistory.slice(0, -1) : chatHistory;
      const messages = before.map((item) => hide(toMessage(library, item), model, hidden));
      const prompt = template.prompt(messages, { think });
      const begun = last?.type === 'model' ? last.response : [];
      // An answer that is to go on has its thought behind it.
      const isBehind = opened !== undefined && typeof begun[0] === 'string' && begun[0] !== '';
      return {
        contextText: LlamaText([
          ...toText(prompt, hidden),
          ...(isBehind ? [new SpecialTokensText(`${opened[1]}\n\n`)] : []),
          this.generateModelResponseText(begun),
        ]),
        stopGenerationTriggers: [LlamaText(new SpecialToken('EOS')), ...turnEnd],
      };
    }
  }
  return new OwnTemplateWrapper();

  /** Where the prompt has begun the thought, only its end is still to come; else the model begins it, or not. */
  function segmentsFor(known: Segments, opened: (typeof THOUGHTS)[number] | undefined): Segments {
    const { thought } = known;
    if (opened !== undefined) {
      const suffix = thought?.suffix ?? new LlamaText(new SpecialTokensText(opened[1]));
      return { ...known, thought: { prefix: { type: 'openedOnStart' }, suffix } };
    }
    if (thought === undefined) return known;
    const { prefix } = thought;
    const isText = typeof prefix === 'string' || LlamaText.isLlamaText(prefix);
    if (isText) return { ...known, thought: { ...thought, openOnResponseStart: false } };
    const { thought: _begunByThePrompt, ...others } = known;
    return others;
  }
}

function toMessage(library: Library, item: ChatHistoryItem): EngineMessage {
  switch (item.type) {
    case 'system':
      return { role: 'system', content: library.LlamaText.fromJSON(item.text).toString() };
    case 'user':
      return { role: 'user', content: item.text };
    case 'model':
      return { role: 'assistant', content: item.response.filter((part) => typeof part === 'string').join('') };
    default:
      return item satisfies never;
  }
}

/** The message with what would be read as a special token taken out: somebody may ask what `<|im_end|>` means. */
function hide(message: EngineMessage, model: LlamaModel, hidden: string[]): EngineMessage {
  const special = new Set(
    model
      .tokenize(message.content, true)
      .filter((token) => model.getTokenAttributes(token).control)
      .map((token) => model.detokenize([token], true)),
  );
  let { content } = message;
  for (const text of special) {
    if (text === '') continue;
    content = content.replaceAll(text, `\uFDD0${hidden.length}\uFDD1`);
    hidden.push(text);
  }
  return { ...message, content };
}
