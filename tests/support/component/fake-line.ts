// The lines of a fake main: messages wait until the test has the next one asked.
import type { SendInput, SendResult } from '../../../src/contract/chat.ts';
import type { ErrorInfo } from '../../../src/contract/errors.ts';
import type { ConversationId, LineId } from '../../../src/contract/ids.ts';
import type { InLine, InOrderInput, InOrderResult, LineRef, LineStatus, LineWait } from '../../../src/contract/line.ts';
import { NOON_MS } from '../answers.ts';
import { type TestStream, testStream } from './stream.ts';

interface FakeLinesOptions {
  send: (input: SendInput) => Promise<SendResult>;
  isBusy: (id: ConversationId) => boolean;
  /** Told of what is put in line. */
  onPut: (input: SendInput) => void;
}

export function fakeLines({ send, isBusy, onPut }: FakeLinesOptions) {
  let made = 0;
  let messages: InLine[] = [];
  const removed = new Map<LineId, { message: InLine; before: InLine[] }>();
  const pauses = new Map<ConversationId, { waitsFor: LineWait; problem: ErrorInfo | null }>();
  const streams = new Map<ConversationId, TestStream<LineStatus>>();
  const holds = new Map<LineId, TestStream<object>>();
  const calls = { edit: [] as string[], remove: [] as LineId[], undo: [] as LineId[], sendNow: [] as ConversationId[] };
  /** What the next call of that name throws. */
  const next: { send?: Error; edit?: Error; remove?: Error; sendNow?: Error } = {};
  const fail = (name: keyof typeof next) => {
    const error = next[name];
    delete next[name];
    if (error) throw error;
  };
  const status = (id: ConversationId): LineStatus => ({
    messages: messages.filter(({ conversationId }) => conversationId === id),
    ...(pauses.get(id) ?? { waitsFor: 'answer', problem: null }),
  });
  const stream = (id: ConversationId) => {
    const open = streams.get(id) ?? testStream(() => status(id));
    streams.set(id, open);
    return open;
  };
  const tell = (id: ConversationId) => stream(id).say(status(id));
  const hold = (id: LineId) => {
    const open = holds.get(id) ?? testStream<object>(() => ({}));
    holds.set(id, open);
    return open;
  };
  const put = (id: ConversationId, text: string): InLine => {
    made += 1;
    const lineId = `01890000-0000-7000-9000-${String(made).padStart(12, '0')}` as LineId;
    const message = { id: lineId, conversationId: id, text, createdAtMs: NOON_MS };
    messages.push(message);
    tell(id);
    return message;
  };

  const client = {
    async send({ conversationId: id, text }: InOrderInput): Promise<InOrderResult> {
      fail('send');
      if (!isBusy(id) && status(id).messages.length === 0)
        return { type: 'asked', ...(await send({ conversationId: id, text })) };
      onPut({ conversationId: id, text });
      return { type: 'inLine', message: put(id, text) };
    },
    watch: ({ id }: { id: ConversationId }, options: { signal: AbortSignal }) => stream(id).open(options),
    hold: ({ id }: LineRef, options: { signal: AbortSignal }) => hold(id).open(options),
    async edit({ id, conversationId, text }: LineRef & { text: string }) {
      calls.edit.push(text);
      fail('edit');
      messages = messages.map((one) => (one.id === id ? { ...one, text } : one));
      tell(conversationId);
      return messages.find((one) => one.id === id);
    },
    async remove({ id, conversationId }: LineRef) {
      calls.remove.push(id);
      fail('remove');
      const message = messages.find((one) => one.id === id);
      if (message) removed.set(id, { message, before: messages });
      messages = messages.filter((one) => one.id !== id);
      tell(conversationId);
      return {};
    },
    async undoRemove({ id, conversationId }: LineRef) {
      calls.undo.push(id);
      const entry = removed.get(id);
      if (entry) messages = entry.before.filter((one) => one === entry.message || messages.includes(one));
      tell(conversationId);
      return {};
    },
    async sendNow({ id }: { id: ConversationId }) {
      calls.sendNow.push(id);
      fail('sendNow');
      pauses.delete(id);
      tell(id);
      return {};
    },
  };

  const fake = {
    calls,
    next,
    /** Another window, or an earlier Hearth, put it there. */
    put,
    texts: (id: ConversationId) => status(id).messages.map(({ text }) => text),
    isHeld: (id: LineId) => hold(id).listeners() > 0,
    /** The first leaves the line, as when it is asked or taken out elsewhere. */
    take(id: ConversationId): InLine {
      const [first] = status(id).messages;
      if (!first) throw new Error('Nothing is in line.');
      messages = messages.filter((one) => one !== first);
      tell(id);
      return first;
    },
    pause(id: ConversationId, waitsFor: LineWait, problem: ErrorInfo | null = null) {
      pauses.set(id, { waitsFor, problem });
      tell(id);
    },
  };
  return { client, fake };
}
