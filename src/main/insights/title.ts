// A name for a conversation, from its first question and answer.
import type { ChatMessage } from '../backends/index.ts';
import { text } from '../words/index.ts';
import { quoted } from './excerpt.ts';
import { withoutThoughts } from './reply.ts';

/** Six are asked for; a few more are still a title, a sentence is not. */
const TITLE_MAX_WORDS = 10;
/** Longer is no title any more. */
const TITLE_MAX_CHARS = 60;
/** More of a line is not looked at: it is no title, and cleaning it would take long. */
const LINE_CHARS = 300;
const QUESTION_CHARS = 2_000;
const ANSWER_CHARS = 1_000;

export const TITLE_MAX_TOKENS = 40;

export function titlePrompt(question: string, answer: string): ChatMessage[] {
  const about = `${quoted('message', question, QUESTION_CHARS)}\n${quoted('answer', answer, ANSWER_CHARS)}`;
  return [
    { role: 'system', content: text('prompts:title.task') },
    { role: 'user', content: `${about}\n\n${text('prompts:title.reminder')}` },
  ];
}

const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
const MARKDOWN = /[*_`~]+|^[#>\-+•\s]+|^\d+[.)]\s+/gu;
const LABEL = /^\s*(?:chat |conversation )?title\s*[:：-]\s*/i;
const QUOTES = /^[\s"'“”„«»‘’「」『』]+|[\s"'“”„«»‘’「」『』]+$/gu;

/** One clean line, or null when the reply is no title. */
export function titleIn(reply: string): string | null {
  const line =
    withoutThoughts(reply)
      .split(/[\r\n]+/)
      .map((one) =>
        one.slice(0, LINE_CHARS).replace(CONTROLS, ' ').replace(MARKDOWN, '').replace(LABEL, '').replace(QUOTES, ''),
      )
      .map((one) =>
        one
          .replace(/(?<!\.)\.$/, '')
          .replace(/\s+/g, ' ')
          .replace(QUOTES, ''),
      )
      .find((one) => /[\p{L}\p{N}]/u.test(one)) ?? '';
  const isTitle = line !== '' && line.length <= TITLE_MAX_CHARS && line.split(' ').length <= TITLE_MAX_WORDS;
  return isTitle && !/[<>{}]/.test(line) ? line : null;
}
