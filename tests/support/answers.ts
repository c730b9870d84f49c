// Messages and turn events as main sends them, for tests of the windows.
import type { TurnEvent } from '../../src/contract/chat.ts';
import type { AnswerSource, Conversation, Message, MessageState } from '../../src/contract/conversations.ts';
import type { ConversationId, MessageId } from '../../src/contract/ids.ts';

/** 5 Nov 2026, 14:32 local time. */
export const NOON_MS = new Date(2026, 10, 5, 14, 32).getTime();

export const newMessageId = () => crypto.randomUUID() as MessageId;
export const newConversationId = () => crypto.randomUUID() as ConversationId;

export const ollamaSource: AnswerSource = {
  kind: 'ollama',
  url: 'ollama://llama3.2:3b@127.0.0.1:11434',
  label: 'Ollama',
  model: 'llama3.2:3b',
  host: '127.0.0.1:11434',
  skipped: [],
};

export const demoSource: AnswerSource = {
  kind: 'demo',
  url: 'demo://',
  label: 'Demo',
  model: null,
  host: null,
  skipped: [
    {
      kind: 'ollama',
      label: 'Ollama',
      reason: { code: 'ollama_not_installed', message: 'No Ollama was found', params: {} },
    },
  ],
};

/** An answer in the given state, by Ollama unless told otherwise. */
export function answerMessage(state: MessageState = 'waiting', text = '', more: Partial<Message> = {}): Message {
  const isSettled = state !== 'waiting' && state !== 'streaming';
  return {
    id: newMessageId(),
    conversationId: newConversationId(),
    parentId: null,
    role: 'assistant',
    state,
    parts: text === '' ? [] : [{ type: 'text', text }],
    createdAtMs: NOON_MS,
    settledAtMs: isSettled ? NOON_MS : null,
    source: isSettled ? ollamaSource : null,
    usage: null,
    error: null,
    ...more,
  };
}

export function questionMessage(text: string, more: Partial<Message> = {}): Message {
  return { ...answerMessage('done', text, { role: 'user', source: null }), ...more };
}

/** A conversation of these messages, each following the one before. */
export function conversationOf(title: string, messages: Message[]): Conversation {
  const id = newConversationId();
  const linked = messages.map((message, index) => ({
    ...message,
    conversationId: id,
    parentId: messages[index - 1]?.id ?? null,
  }));
  return {
    id,
    title,
    createdAtMs: NOON_MS,
    updatedAtMs: NOON_MS,
    activeLeafId: linked.at(-1)?.id ?? null,
    messages: linked,
  };
}

/** One event a character (a grapheme would do as well): seq 1, 2, 3 and so on. */
export function deltas(text: string, afterSeq = 0): TurnEvent[] {
  return Array.from(text).map((character, index) => ({ type: 'delta', seq: afterSeq + index + 1, text: character }));
}

export function settledAs(message: Message, text: string, seq: number, state: MessageState = 'done'): TurnEvent {
  return {
    type: 'settled',
    seq,
    message: { ...message, state, parts: [{ type: 'text', text }], settledAtMs: NOON_MS },
  };
}

export function textOf(message: Message): string {
  return message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
