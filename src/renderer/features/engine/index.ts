// The door of the engine: its page, how an installation goes, and what main tells of both.
import { lazy } from 'react';

/** Read when it is first opened: the start does not carry it. */
export const EnginePage = lazy(async () => ({ default: (await import('./engine-page.tsx')).EnginePage }));

export { InstallProgress } from './install-progress.tsx';
export { followEngine, useEngine } from './store.ts';
