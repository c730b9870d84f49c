// What the fake Hearth remembers about its user.
import type { EditFactInput, Fact, FactsStatus } from '../../../src/contract/facts.ts';
import type { ConversationId, FactId, MessageId } from '../../../src/contract/ids.ts';
import type { TestStream } from './stream.ts';
import { testStream } from './stream.ts';

export interface FakeFacts {
  /** Newest first. */
  facts: Fact[];
  changes: TestStream<FactsStatus>;
  set(facts: Fact[]): void;
}

/** Names a procedure, so that its calls are noted and can be made to fail. */
type Call = <Input, Output>(name: string, work: (input: Input) => Output) => (input: Input) => Promise<Output>;

export function fakeFacts(call: Call) {
  const bin = new Map<FactId, Fact>();
  const fake: FakeFacts = {
    facts: [],
    changes: testStream(() => ({ facts: fake.facts })),
    set(facts) {
      fake.facts = facts.toSorted((a, b) => b.createdAtMs - a.createdAtMs);
      fake.changes.say({ facts: fake.facts });
    },
  };
  const others = (id: FactId) => fake.facts.filter((one) => one.id !== id);
  const find = (id: FactId) => {
    const found = fake.facts.find((one) => one.id === id) ?? bin.get(id);
    if (!found) throw new Error(`no fact ${id}`);
    return found;
  };
  const client = {
    facts: {
      watch: (_: unknown, at?: { signal?: AbortSignal }) => fake.changes.open(at),
      add: call('facts.add', ({ text }: { text: string }) => {
        const added = fact(text, { source: null, createdAtMs: Date.now() });
        fake.set([...fake.facts, added]);
        return added;
      }),
      edit: call('facts.edit', ({ id, ...patch }: EditFactInput) => {
        const edited = { ...find(id), ...(patch as Partial<Fact>) };
        fake.set([...others(id), edited]);
        return edited;
      }),
      remove: call('facts.remove', ({ id }: { id: FactId }) => {
        bin.set(id, find(id));
        fake.set(others(id));
        return {};
      }),
      undoRemove: call('facts.undoRemove', ({ id }: { id: FactId }) => {
        const restored = find(id);
        fake.set([...others(id), restored]);
        return restored;
      }),
    },
  };
  return { fake, client };
}

/** Something the user said in a chat on 5 Nov 2026. */
export function fact(text: string, patch: Partial<Fact> = {}): Fact {
  return {
    id: crypto.randomUUID() as FactId,
    text,
    isOn: true,
    createdAtMs: new Date(2026, 10, 5, 14, 32).getTime(),
    source: {
      conversationId: crypto.randomUUID() as ConversationId,
      messageId: crypto.randomUUID() as MessageId,
    },
    ...patch,
  };
}
