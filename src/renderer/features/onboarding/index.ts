// The door of the first start: the page, and what decides whether it opens by itself.
import { lazy } from 'react';

/** Read when it is first opened: the start does not carry it. */
export const Onboarding = lazy(async () => ({ default: (await import('./onboarding.tsx')).Onboarding }));

export { followFirstStart } from './first-start.ts';
