// What Hearth remembers about the user, statement by statement, and what it makes of a message's tone.
import { z } from 'zod';
import { ConversationId, FactId, MessageId } from './ids.ts';
import { FACT_MAX_CHARS } from './limits.ts';

export const Fact = z.object({
  id: FactId,
  /** One short statement, for example `Lives in Oslo.` */
  text: z.string(),
  /** One that is off is kept, and no model sees it. */
  isOn: z.boolean(),
  createdAtMs: z.number(),
  /** Where the user said it; null when they wrote the fact themselves, or the chat is gone. */
  source: z.object({ conversationId: ConversationId, messageId: MessageId }).nullable(),
});
export type Fact = z.infer<typeof Fact>;

const FactText = z.string().trim().min(1).max(FACT_MAX_CHARS);
export const AddFactInput = z.object({ text: FactText });
export const EditFactInput = z.object({ id: FactId, text: FactText.optional(), isOn: z.boolean().optional() });
export type EditFactInput = z.infer<typeof EditFactInput>;

export const FactsStatus = z.object({
  /** Newest first. */
  facts: z.array(Fact),
});
export type FactsStatus = z.infer<typeof FactsStatus>;
