// How much more context a model can be allowed, what it takes, and why it can't.
import type { ContextRoom, ContextRoomInput, Fit } from '../../../contract/models.ts';

export interface RoomQuestion extends Pick<ContextRoomInput, 'setTokens' | 'neededTokens'> {
  /** What the model was made for; null where nobody tells. */
  canTokens: number | null;
  /** What the user has set by now; null for nothing. */
  wishedTokens: number | null;
  fitWith: (tokens: number) => Promise<Fit>;
}

/** Stays for the answer, beside what is needed. */
const ANSWER_TOKENS = 512;
/** The least that a family can be set to. */
const STEP_FROM = 256;

/** The next power of two that does, or all the model can hold; and whether memory has it. */
export async function contextRoom(question: RoomQuestion): Promise<ContextRoom> {
  const { setTokens, neededTokens, canTokens, wishedTokens, fitWith } = question;
  const least = Math.max(setTokens + 1, neededTokens === null ? 0 : neededTokens + ANSWER_TOKENS);
  // Nobody knows whether a model can hold more than it tells: then nothing is promised.
  if (canTokens === null || canTokens < least) return { type: 'model', canTokens };
  let tokens = STEP_FROM;
  while (tokens < least) tokens *= 2;
  tokens = Math.min(tokens, canTokens);
  const [fit, before] = await Promise.all([fitWith(tokens), fitWith(setTokens)]);
  const { needBytes, freeBytes } = fit;
  if (fit.label === 'too_big') return { type: 'memory', tokens, needBytes, freeBytes };
  if (wishedTokens !== null && wishedTokens >= tokens) return { type: 'allowed', tokens: wishedTokens };
  const moreBytes = needBytes === null || before.needBytes === null ? null : needBytes - before.needBytes;
  return { type: 'can', tokens, moreBytes };
}
