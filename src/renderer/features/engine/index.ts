export { EnginePage } from './engine-page.tsx';
export { followEngine, useEngine } from './store.ts';
