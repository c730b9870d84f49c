// The tone of a message, as one word and how sure that is.
import { z } from 'zod';
import { Emotion } from '../../contract/conversations.ts';
import type { ChatMessage } from '../backends/index.ts';
import { text } from '../words/index.ts';
import { quoted } from './excerpt.ts';
import { jsonIn } from './reply.ts';

const MESSAGE_CHARS = 2_000;
const LABELS = Emotion.shape.label.options;

export const TONE_MAX_TOKENS = 60;

export const TONE_FORMAT = {
  type: 'object',
  properties: {
    label: { type: 'string', enum: [...LABELS] },
    confidence: { type: 'number', minimum: 0, maximum: 1 },
  },
  required: ['label', 'confidence'],
};

export function tonePrompt(message: string): ChatMessage[] {
  return [
    { role: 'system', content: text('prompts:emotion.task', { labels: LABELS.join(', ') }) },
    { role: 'user', content: quoted('message', message, MESSAGE_CHARS) },
  ];
}

const Tone = z.object({
  label: z
    .string()
    .transform((label) => label.trim().toLowerCase())
    .pipe(Emotion.shape.label),
  // Some models write numbers in quotes.
  confidence: z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\s*[01](\.\d+)?\s*$/)
        .transform(Number),
    ])
    .pipe(Emotion.shape.confidence),
});

/** Null when the reply names no tone, or does not say how sure it is. */
export function toneIn(reply: string): Pick<Emotion, 'label' | 'confidence'> | null {
  const tone = Tone.safeParse(jsonIn(reply));
  return tone.success ? tone.data : null;
}
