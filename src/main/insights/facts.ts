// What is remembered about the user: in memory for the next question, on the disk before anybody is told.
import type { Fact, FactsStatus } from '../../contract/facts.ts';
import type { FactId } from '../../contract/ids.ts';
import { UNDO_MS } from '../../contract/limits.ts';
import type { Log } from '../diagnostics/index.ts';
import { HearthError, toErrorInfo } from '../errors/index.ts';
import type { SettingsStore } from '../settings/index.ts';
import type { Storage } from '../storage/index.ts';
import { cardOf } from './card.ts';
import type { Facts } from './interface.ts';
import { sameness } from './statement.ts';

export interface FactsOptions {
  storage: Pick<Storage, 'listFacts' | 'putFact' | 'dropFact'>;
  settings: Pick<SettingsStore, 'get'>;
  log: Pick<Log, 'warn'>;
  /** Milliseconds since 1970. */
  now: () => number;
  /** UUIDv7. */
  newId: () => string;
  /** How long a removed one can be brought back. */
  undoMs?: number;
}

/** Reads the facts first; rejects with a storage error. */
export async function openFacts(options: FactsOptions): Promise<Facts> {
  const { storage, settings, log, now, newId, undoMs = UNDO_MS } = options;
  /** Newest first. */
  let facts = await storage.listFacts();
  /** On the disk still, for as long as they can come back. */
  const removed = new Map<FactId, { fact: Fact; timer: NodeJS.Timeout }>();
  const listeners = new Set<(status: FactsStatus) => void>();
  let last: Promise<unknown> = Promise.resolve();

  const status = (): FactsStatus => ({ facts: [...facts] });

  function hold(changed: readonly Fact[]): void {
    facts = changed.toSorted((a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : -1));
    const current = status();
    for (const listener of listeners) listener(current);
  }

  /** One change after the other: each begins with what the one before has left. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work, work);
    last = mine.catch(() => {});
    return mine;
  }

  function find(id: FactId): Fact {
    const fact = facts.find((one) => one.id === id);
    if (fact === undefined) throw new HearthError('not_found', { what: 'fact' });
    return fact;
  }

  async function keep(text: string, source: Fact['source']): Promise<Fact> {
    const fact: Fact = { id: newId() as FactId, text, isOn: true, createdAtMs: now(), source };
    await storage.putFact(fact);
    hold([fact, ...facts]);
    return fact;
  }

  const known = (text: string): Fact | undefined => facts.find((one) => sameness(one.text) === sameness(text));

  async function forget({ fact, timer }: { fact: Fact; timer: NodeJS.Timeout }): Promise<void> {
    clearTimeout(timer);
    if (!removed.delete(fact.id)) return;
    try {
      await storage.dropFact(fact.id);
    } catch (error) {
      // It is on the disk, so it is shown.
      log.warn('A fact could not be removed', { code: toErrorInfo(error).code });
      hold([fact, ...facts]);
    }
  }

  return {
    status,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add: (text) => inTurn(async () => known(text) ?? keep(text, null)),
    edit: ({ id, text, isOn }) =>
      inTurn(async () => {
        const before = find(id);
        const after = { ...before, text: text ?? before.text, isOn: isOn ?? before.isOn };
        await storage.putFact(after);
        hold(facts.map((one) => (one.id === id ? after : one)));
        return after;
      }),
    remove: (id) =>
      inTurn(async () => {
        const fact = find(id);
        const timer = setTimeout(() => void inTurn(() => forget({ fact, timer })), undoMs);
        removed.set(id, { fact, timer });
        hold(facts.filter((one) => one.id !== id));
      }),
    undoRemove: (id) =>
      inTurn(async () => {
        const entry = removed.get(id);
        if (entry === undefined) return find(id);
        clearTimeout(entry.timer);
        removed.delete(id);
        hold([entry.fact, ...facts]);
        return entry.fact;
      }),
    learn: (texts, source) =>
      inTurn(async () => {
        const learned: Fact[] = [];
        for (const text of texts) {
          // What the user has just removed is not learned again from the same words.
          const wasRemoved = [...removed.values()].some(({ fact }) => sameness(fact.text) === sameness(text));
          if (!wasRemoved && known(text) === undefined) learned.push(await keep(text, source));
        }
        return learned;
      }),
    card: (asking) => (settings.get().facts.areUsed ? cardOf(facts, asking) : null),
    refresh: () =>
      inTurn(async () => {
        const kept = await storage.listFacts();
        const sources = new Map(kept.map(({ id, source }) => [id, source]));
        const renewed = (fact: Fact): Fact => ({ ...fact, source: sources.get(fact.id) ?? null });
        for (const entry of removed.values()) entry.fact = renewed(entry.fact);
        hold(facts.map(renewed));
      }),
    async close() {
      await Promise.all([...removed.values()].map((entry) => inTurn(() => forget(entry))));
    },
  };
}
