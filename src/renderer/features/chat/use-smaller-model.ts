// An installed model that takes less memory than the one that failed, and fits what is free now.
import { useEffect, useState } from 'react';
import type { InstalledModel, ModelEngine } from '../../../contract/models.ts';
import { getClient, isSameModel } from '../../lib/index.ts';
import { canWrite } from './remedy.ts';

interface Ref {
  name: string;
  engine: ModelEngine;
}
type Found = { backend: ModelEngine; model: string };

/** Each is measured by main; more are not looked at. */
const MOST_LOOKS = 4;

/** @param failed null where no smaller one would help */
export function useSmallerModel(failed: Ref | null, installed: readonly InstalledModel[]): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  const candidates = failed === null ? [] : smallerThan(failed, installed);
  // The list is told anew all the time; what is in it seldom changes.
  const wanted = JSON.stringify(candidates);
  useEffect(() => {
    const life = new AbortController();
    void measure(JSON.parse(wanted) as Ref[]);
    async function measure(refs: Ref[]): Promise<void> {
      const model = await firstThatFits(refs, life.signal);
      if (!life.signal.aborted) setFound(model);
    }
    return () => life.abort();
  }, [wanted]);
  return failed === null ? null : found;
}

/** The largest first. */
export function smallerThan(failed: Ref, installed: readonly InstalledModel[]): Ref[] {
  const isIt = ({ name, engine }: Ref) => engine === failed.engine && isSameModel(name, failed.name);
  const sizeBytes = installed.find(isIt)?.sizeBytes ?? null;
  if (sizeBytes === null) return [];
  return installed
    .filter((one) => !isIt(one) && canWrite(one) && one.sizeBytes !== null && one.sizeBytes < sizeBytes)
    .toSorted((a, b) => (b.sizeBytes ?? 0) - (a.sizeBytes ?? 0))
    .slice(0, MOST_LOOKS)
    .map(({ name, engine }) => ({ name, engine }));
}

/** One that can't be measured is not offered. */
async function firstThatFits(candidates: readonly Ref[], signal: AbortSignal): Promise<Found | null> {
  for (const { name, engine } of candidates) {
    const details = await getClient()
      .models.details({ name, engine }, { signal })
      .catch(() => null);
    if (details?.fit.label === 'fits' || details?.fit.label === 'tight') return { backend: engine, model: name };
  }
  return null;
}
