// The door of what Hearth remembers: its page in the settings.
import { lazy } from 'react';

/** Read when it is first opened: the start does not carry it. */
export const MemoryPage = lazy(async () => ({ default: (await import('./memory-page.tsx')).MemoryPage }));
