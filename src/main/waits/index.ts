export { answerLimitMs } from './answer-limit.ts';
export { unlessAborted } from './unless-aborted.ts';
export { within } from './within.ts';
