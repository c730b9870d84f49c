// Looking at an address while it is typed: a moment after the last key, and never longer than it stands there.
import { useEffect, useState } from 'react';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { ProbeInput, ProbeResult } from '../../../contract/backends.ts';
import { asErrorInfo, getClient } from '../../lib/index.ts';

/** After the last key. */
export const PROBE_AFTER_MS = 500;

export type Probe =
  | { state: 'none' }
  | { state: 'looking' }
  | { state: 'found'; result: ProbeResult }
  /** Not even an address, or main could not look. */
  | { state: 'failed'; problem: ErrorInfo };

/** What is at this address; nothing while it is empty. What was found counts until it changes. */
export function useProbe(url: string, key: string): Probe {
  const wanted = JSON.stringify([url, key]);
  const [found, setFound] = useState<{ of: string; probe: Probe } | null>(null);
  useEffect(() => {
    if (url === '') return undefined;
    const life = new AbortController();
    const look = async () => {
      setFound({ of: wanted, probe: { state: 'looking' } });
      const input: ProbeInput = { url, ...(key === '' ? {} : { key }) };
      try {
        const result = await getClient().backends.probe(input, { signal: life.signal });
        if (!life.signal.aborted) setFound({ of: wanted, probe: { state: 'found', result } });
      } catch (error) {
        if (!life.signal.aborted) setFound({ of: wanted, probe: { state: 'failed', problem: asErrorInfo(error) } });
      }
    };
    const timer = setTimeout(() => void look(), PROBE_AFTER_MS);
    return () => {
      clearTimeout(timer);
      life.abort();
    };
  }, [url, key, wanted]);
  return found && found.of === wanted && url !== '' ? found.probe : { state: 'none' };
}
