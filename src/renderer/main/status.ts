// What main says about Hearth itself: phase, problem, notices.
import { create } from 'zustand';
import type { AppStatus } from '../../contract/app.ts';
import { getClient, watch } from '../lib/index.ts';

/** Null until main has told. */
export const useAppStatus = create<{ status: AppStatus | null }>()(() => ({ status: null }));

/** Follows the status until the signal aborts. */
export async function followAppStatus(signal: AbortSignal): Promise<void> {
  useAppStatus.setState({ status: null });
  await watch(
    (options) => getClient().app.watch(undefined, options),
    (status) => useAppStatus.setState({ status }),
    { signal },
  );
}
