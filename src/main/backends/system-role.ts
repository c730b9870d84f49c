// Models whose template takes no system message: how their refusal sounds, and where the message goes instead.
import type { ChatMessage } from './interface.ts';

/**
 * As chat templates word it (`System role not supported`, `Conversation roles must alternate user/assistant/…`, `Only user and
 * assistant roles are supported`), wrapped by llama-server, vLLM, LM Studio, TGI or mlx_lm, and as OpenAI and Google say it.
 */
const REFUSALS = [
  /\bsystem (?:role|message|prompt|instruction)s?\b.{0,40}\b(?:not|never|cannot|can't|isn't|aren't|unsupported)\b/is,
  /(?:\bnot |n't |\bun)support\w*\b.{0,40}\bsystem\b/is,
  /\broles must alternate\b/i,
  /\bonly user\b.{0,40}\broles? (?:are|is) (?:supported|allowed)/is,
  /\b(?:unknown|unexpected|invalid|unsupported) role\b.{0,20}\bsystem\b/is,
  /\bdeveloper instruction is not enabled\b/i,
];

/** Whether these words of a server mean that the model takes no system message. */
export function refusesSystemRole(said: string): boolean {
  return REFUSALS.some((refusal) => refusal.test(said));
}

/** The same messages with what the system says at the head of the first question; without a question, as one. */
export function withSystemInQuestion(messages: readonly ChatMessage[]): ChatMessage[] {
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const others = messages.filter(({ role }) => role !== 'system');
  if (system.length === 0) return others;
  const at = others.findIndex(({ role }) => role === 'user');
  const question: ChatMessage = others[at] ?? { role: 'user', content: '' };
  const content = [...system, question.content].filter((one) => one !== '').join('\n\n');
  return [...others.slice(0, Math.max(at, 0)), { ...question, content }, ...others.slice(at + 1)];
}
