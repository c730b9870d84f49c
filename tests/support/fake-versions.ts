// The versions of answers that a fake main keeps beside the path of a conversation.
import type { Message } from '../../src/contract/conversations.ts';
import type { MessageId } from '../../src/contract/ids.ts';

/** Versions of answers, each with what followed it when it was shown last. */
export function createBeside() {
  const all = new Map<MessageId, Message[]>();
  const tails = new Map<MessageId, Message[]>();
  const of = (id: MessageId) => all.get(id) ?? [];
  return {
    of,
    add(before: Message, message: Message) {
      const versions = [...(all.get(before.id) ?? [before]), message];
      for (const { id } of versions) all.set(id, versions);
    },
    update(message: Message) {
      const versions = of(message.id).map((each) => (each.id === message.id ? message : each));
      for (const { id } of versions) all.set(id, versions);
    },
    keep(path: readonly Message[]) {
      for (const [index, { id }] of path.entries()) tails.set(id, path.slice(index + 1));
    },
    path: (id: MessageId) => [...of(id).filter((each) => each.id === id), ...(tails.get(id) ?? [])],
    told(this: void, message: Message): Message {
      const versions = of(message.id).map(({ id, state }) => ({ id, state }));
      return versions.length > 1 ? { ...message, versions } : message;
    },
  };
}
