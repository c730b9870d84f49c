// An answer's source and speed in one line, as standard error shows them.
import type { AnswerSource, AnswerUsage } from '../contract/conversations.ts';
import { text } from '../main/words/index.ts';

/** For example `Ollama · llama3.2:3b · 127.0.0.1:11434`, or `Demo reply: No Ollama was found`. */
export function describeSource(source: AnswerSource): string {
  const reasons = source.skipped.map(({ reason }) => reason.message);
  if (source.kind === 'demo') {
    return reasons.length === 0
      ? text('cli:source.demo')
      : text('cli:source.demoBecause', { reason: reasons[0] ?? '' });
  }
  const line = [source.label, source.model, source.host].filter((part) => part !== null).join(' · ');
  return reasons.length === 0 ? line : text('cli:source.instead', { line, reason: reasons.join(' ') });
}

/** For example ` · 41 tokens/s · 7.8 s`; empty when nothing is known. */
export function describeSpeed(usage: AnswerUsage | null): string {
  if (usage === null) return '';
  const parts: string[] = [];
  if (usage.answerTokens !== null && usage.answerMs !== null && usage.answerMs > 0) {
    parts.push(text('cli:source.speed', { rate: Math.round((usage.answerTokens / usage.answerMs) * 1000) }));
  }
  if (usage.totalMs !== null) parts.push(text('cli:source.seconds', { seconds: (usage.totalMs / 1000).toFixed(1) }));
  return parts.map((part) => ` · ${part}`).join('');
}
