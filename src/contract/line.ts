// Messages in line: typed while an answer of their chat is on its way, asked by main one after the other.
import { z } from 'zod';
import { SendResult } from './chat.ts';
import { ErrorInfo } from './errors.ts';
import { ConversationId, LineId } from './ids.ts';

export const InLine = z.object({
  id: LineId,
  conversationId: ConversationId,
  text: z.string(),
  createdAtMs: z.number(),
});
export type InLine = z.infer<typeof InLine>;

export const LineRef = InLine.pick({ id: true, conversationId: true });
export type LineRef = z.infer<typeof LineRef>;

/**
 * What the first in line waits for: the answer before it, somebody who is changing it, or the person, because the answer
 * before it did not come (`failed`), Hearth was closed or the chat deleted meanwhile (`closed`), or it could not be asked
 * (`refused`).
 */
export const LineWait = z.enum(['answer', 'edit', 'failed', 'closed', 'refused']);
export type LineWait = z.infer<typeof LineWait>;

/** The line of one chat. */
export const LineStatus = z.object({
  /** First is next. */
  messages: z.array(InLine),
  waitsFor: LineWait,
  /** Why it was `refused`. */
  problem: ErrorInfo.nullable(),
});
export type LineStatus = z.infer<typeof LineStatus>;

/** A new chat has no line: its first question is sent by `chat.send`. */
export const InOrderInput = z.object({ conversationId: ConversationId, text: z.string() });
export type InOrderInput = z.infer<typeof InOrderInput>;

/** Asked at once, or put in line behind what comes before it. */
export const InOrderResult = z.discriminatedUnion('type', [
  z.object({ type: z.literal('asked'), ...SendResult.shape }),
  z.object({ type: z.literal('inLine'), message: InLine }),
]);
export type InOrderResult = z.infer<typeof InOrderResult>;
