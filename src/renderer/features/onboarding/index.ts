// The door of the first start: the page, and what decides whether it opens by itself.
export { followFirstStart } from './first-start.ts';
export { Onboarding } from './onboarding.tsx';
