// Runs in the engine process: a conversation in the words of the model's own chat template, as its makers publish it.
import type { EngineMessage } from './protocol.ts';

export interface ChatTemplate {
  /**
   * The prompt, up to where the answer begins. What the template refuses is written as it takes it: messages of one role
   * as one, the system's words before the first question. Throws what the template says when it takes neither.
   */
  prompt(messages: readonly EngineMessage[], options: PromptOptions): string;
  /** What ends an answer, for example `<|im_end|>`; empty where no mark does. */
  readonly turnEnd: string;
}

interface PromptOptions {
  /** False asks a template that knows the word not to let the model think. */
  think?: boolean | undefined;
}

interface TemplateTexts {
  template: string;
  bos: string | null;
  eos: string | null;
  /** The tokenizer of the model puts its first token before every text. */
  beginsWithBos: boolean;
}

/** `<|im_end|>`, `</s>`, `[/INST]`: no words that an answer may hold. */
const MARK = /^(?:<[^<>\s]+>|\[\/?[A-Z_]+\])/;
/** Found nowhere else in a prompt. */
const ANSWER = 'a3f9c1d7e5';

/** Rejects when the template can't be read, or refuses a plain conversation. */
export async function createTemplate({ template, bos, eos, beginsWithBos }: TemplateTexts): Promise<ChatTemplate> {
  // Loaded late, as the library is: that one is missing is to be told in words.
  const { Template } = await import('@huggingface/jinja');
  const compiled = new Template(template);

  function render(messages: readonly EngineMessage[], more: Record<string, unknown>): string {
    return compiled.render({ messages, bos_token: bos ?? '', eos_token: eos ?? '', ...more });
  }

  function prompt(messages: readonly EngineMessage[], { think }: PromptOptions): string {
    const more = { add_generation_prompt: true, ...(think === undefined ? {} : { enable_thinking: think }) };
    const text = firstThatWorks(formsOf(messages), (form) => {
      const rendered = render(form, more);
      // Some templates leave out what they have no place for, without a word.
      if (form.some(({ content }) => !rendered.includes(content.trim()))) throw new Error('a message was left out');
      return rendered;
    });
    // As llama.cpp does it: once, whether the template writes it or leaves it to the tokenizer.
    return beginsWithBos && bos !== null && !text.startsWith(bos) ? bos + text : text;
  }

  const question: EngineMessage[] = [{ role: 'user', content: 'a' }];
  prompt(question, {});
  const answered = render([...question, { role: 'assistant', content: ANSWER }], {});
  const after = answered.slice(answered.lastIndexOf(ANSWER) + ANSWER.length).trim();
  return { prompt, turnEnd: answered.includes(ANSWER) ? (MARK.exec(after)?.[0] ?? '') : '' };
}

/** The conversation as it is, then in the forms that stricter templates take. */
function formsOf(messages: readonly EngineMessage[]): (readonly EngineMessage[])[] {
  const joined = joinedByRole(messages);
  return [
    messages,
    joined,
    joinedByRole(joined.map((one) => (one.role === 'system' ? { ...one, role: 'user' } : one))),
  ];
}

function joinedByRole(messages: readonly EngineMessage[]): EngineMessage[] {
  const joined: EngineMessage[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (last?.role === message.role)
      joined[joined.length - 1] = { ...last, content: `${last.content}\n\n${message.content}` };
    else joined.push(message);
  }
  return joined;
}

/** Throws what the last one failed with. */
function firstThatWorks<Form, Result>(forms: readonly Form[], attempt: (form: Form) => Result): Result {
  let failure: unknown = new Error('nothing was tried');
  for (const form of forms) {
    try {
      return attempt(form);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
