// The messages of a conversation in the order of roles that strict chat templates take.
import type { ChatMessage } from '../backends/index.ts';

/**
 * The same words, so that the strictest template takes them: at most one system message and that first, then question and
 * answer in turn, a question first, nothing empty. Neighbours of one role become one message with a blank line between them; a
 * question that was asked again counts once. Half a character, which strict readers of JSON refuse, becomes the sign for one. Calls of tools and their results stay where they are, each a message of its own.
 */
export function inTurn(messages: readonly ChatMessage[]): ChatMessage[] {
  const whole = messages.map(wellFormed);
  const system = whole.filter(({ role, content }) => role === 'system' && content.trim() !== '');
  const said = whole.filter((message) => message.role !== 'system' && !isEmpty(message));
  const first = said.findIndex(({ role }) => role === 'user');
  const turns = first < 0 ? [] : said.slice(first);
  return [...(system.length === 0 ? [] : [joined(system)]), ...runsOf(turns).map(joined)];
}

function wellFormed(message: ChatMessage): ChatMessage {
  return message.content.isWellFormed() ? message : { ...message, content: message.content.toWellFormed() };
}

function isEmpty({ role, content, images = [], toolCalls = [] }: ChatMessage): boolean {
  return role !== 'tool' && content.trim() === '' && images.length === 0 && toolCalls.length === 0;
}

type Run = [ChatMessage, ...ChatMessage[]];

/** Neighbours that are one message to a template. */
function runsOf(turns: readonly ChatMessage[]): Run[] {
  const runs: Run[] = [];
  for (const message of turns) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    // What follows a call is its result, or else an answer of its own.
    const isOne = last?.role === message.role && message.role !== 'tool' && (last.toolCalls ?? []).length === 0;
    if (run && isOne) run.push(message);
    else runs.push([message]);
  }
  return runs;
}

function joined(run: readonly ChatMessage[]): ChatMessage {
  const last = run.at(-1)!;
  if (run.length === 1) return last;
  const isAskedAgain = (content: string, at: number) =>
    last.role === 'user' && run.slice(at + 1).some((later) => later.content.trim() === content.trim());
  const contents = run.map(({ content }) => content);
  const kept = contents.filter((content, at) => content.trim() !== '' && !isAskedAgain(content, at));
  const images = run.flatMap((message) => message.images ?? []);
  return { ...last, content: kept.join('\n\n'), ...(images.length === 0 ? {} : { images }) };
}
