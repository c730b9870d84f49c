// The one contract: windows speak it over a MessagePort, the terminal over a local socket.
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { AppStatus, HistoryReport } from './app.ts';
import { BackendsStatus, QueueStatus } from './backends.ts';
import { AttachInput, SendInput, SendResult, TurnEvent } from './chat.ts';
import {
  Conversation,
  ConversationChange,
  ConversationPage,
  ConversationSummary,
  ListInput,
  Message,
  TITLE_MAX_CHARS,
} from './conversations.ts';
import { ErrorInfo } from './errors.ts';
import { ConversationId, MessageId } from './ids.ts';
import { Settings, SettingsPatch } from './settings.ts';

/** Every failure of ours arrives as this one defined error; its data carries the code and the sentence. */
const procedure = oc.errors({ HEARTH: { data: ErrorInfo } });
const done = z.object({});

export const contract = {
  app: {
    status: procedure.output(AppStatus),
    /** The status now, then at every change. */
    watch: procedure.output(eventIterator(AppStatus)),
    /** Tries to open the history again after `blocked`. */
    retry: procedure.output(done),
    dismissNotice: procedure.input(z.object({ id: z.string() })).output(done),
    openDataFolder: procedure.output(done),
    /** Looks the history file over; takes a moment on a large one. */
    checkHistory: procedure.output(HistoryReport),
  },
  chat: {
    send: procedure.input(SendInput).output(SendResult),
    /** Asks again: a new answer beside the given one. */
    retry: procedure.input(z.object({ messageId: MessageId })).output(z.object({ answer: Message })),
    stop: procedure.input(z.object({ messageId: MessageId })).output(done),
    attach: procedure.input(AttachInput).output(eventIterator(TurnEvent)),
    seen: procedure.input(z.object({ attachmentId: z.uuid(), seq: z.number().int() })).output(done),
  },
  conversations: {
    list: procedure.input(ListInput).output(ConversationPage),
    get: procedure.input(z.object({ id: ConversationId })).output(Conversation),
    rename: procedure
      .input(z.object({ id: ConversationId, title: z.string().trim().min(1).max(TITLE_MAX_CHARS) }))
      .output(ConversationSummary),
    /** Moves to the bin, from where `restore` brings it back for 30 days. */
    delete: procedure.input(z.object({ id: ConversationId })).output(done),
    restore: procedure.input(z.object({ id: ConversationId })).output(ConversationSummary),
    watch: procedure.output(eventIterator(ConversationChange)),
  },
  settings: {
    get: procedure.output(Settings),
    set: procedure.input(SettingsPatch).output(Settings),
    watch: procedure.output(eventIterator(Settings)),
  },
  backends: {
    status: procedure.output(BackendsStatus),
    watch: procedure.output(eventIterator(BackendsStatus)),
    /** Looks at every backend again, now. */
    check: procedure.output(BackendsStatus),
  },
  queue: {
    watch: procedure.output(eventIterator(QueueStatus)),
  },
};
export type Contract = typeof contract;
