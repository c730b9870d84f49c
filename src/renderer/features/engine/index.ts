// The door of the engine: its page, how an installation goes, and what main tells of both.
export { EnginePage } from './engine-page.tsx';
export { InstallProgress } from './install-progress.tsx';
export { followEngine, useEngine } from './store.ts';
