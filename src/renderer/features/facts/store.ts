// The facts as main tells them, and what is done with one: on screen at once, then in main.
import { create } from 'zustand';
import type { Fact } from '../../../contract/facts.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { FactId } from '../../../contract/ids.ts';
import { asErrorInfo, getClient, watch } from '../../lib/index.ts';

interface Facts {
  /** Newest first; null until main has told. */
  facts: readonly Fact[] | null;
  /** Why nothing was told yet. */
  problem: ErrorInfo | null;
}

const EMPTY: Facts = { facts: null, problem: null };

export const useFacts = create<Facts>()(() => EMPTY);

/** Follows the facts until the signal aborts. */
export async function followFacts(signal: AbortSignal): Promise<void> {
  useFacts.setState(EMPTY);
  await watch(
    (options) => getClient().facts.watch(undefined, options),
    ({ facts }) => useFacts.setState({ facts, problem: null }),
    {
      signal,
      onError: (error) => {
        if (useFacts.getState().facts === null) useFacts.setState({ problem: asErrorInfo(error) });
      },
    },
  );
}

/** Rejects with main's error, as all below. */
export async function addFact(text: string): Promise<void> {
  put(await getClient().facts.add({ text }));
}

export async function editFact(id: FactId, patch: { text?: string; isOn?: boolean }): Promise<void> {
  const before = find(id);
  if (!before) return;
  put({ ...before, ...patch });
  try {
    put(await getClient().facts.edit({ id, ...patch }));
  } catch (error) {
    put(before);
    throw error;
  }
}

export async function removeFact(id: FactId): Promise<void> {
  const before = find(id);
  useFacts.setState(({ facts }) => ({ facts: facts && facts.filter((one) => one.id !== id) }));
  try {
    await getClient().facts.remove({ id });
  } catch (error) {
    if (before) put(before);
    throw error;
  }
}

export async function restoreFact(id: FactId): Promise<void> {
  put(await getClient().facts.undoRemove({ id }));
}

function find(id: FactId): Fact | undefined {
  return useFacts.getState().facts?.find((one) => one.id === id);
}

function put(fact: Fact): void {
  useFacts.setState(({ facts }) => {
    const others = (facts ?? []).filter((one) => one.id !== fact.id);
    return { facts: [...others, fact].toSorted((a, b) => b.createdAtMs - a.createdAtMs) };
  });
}
