// An engine that says it has no memory: told as that, and free at once for a smaller model.
import { afterEach, expect, it } from 'vitest';
import { HearthError } from '../../../src/main/errors/index.ts';
import { madeUpChain } from '../../support/made-up-backends.ts';
import { ask } from './scene.ts';
import { atEnd, cleanUp } from './setup.ts';

afterEach(cleanUp);

const SAID = 'model requires more system memory (12.0 GiB) than is available (5.6 GiB)';

it('does not let the engine rest, and is the answer', async () => {
  const { backends, of } = madeUpChain(['one'], { ifNothingAnswers: 'say' });
  atEnd(() => backends.stop());
  await backends.check();
  of('one').failure = { error: new HearthError('backend_failed', { backend: 'one', reason: SAID }) };
  const { error } = await ask(backends);
  expect(error).toMatchObject({ code: 'memory_short', params: { backend: 'one', reason: SAID } });
  expect(backends.status().backends.find(({ id }) => id === 'one')?.restsUntilMs).toBeNull();
  of('one').failure = null;
  expect(await ask(backends)).toMatchObject({ text: 'from one', error: null });
});
