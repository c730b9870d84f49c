// Taking a GGUF file into use for the built-in engine, to its end.
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { FileReport } from '../../../contract/models.ts';
import { getClient } from '../../lib/index.ts';
import { useModels } from '../models/index.ts';
import { saveSettings } from '../settings/index.ts';

/**
 * Registers the file where it lies and lets the built-in engine answer with it. Rejects with main's error.
 *
 * @returns null, or what went wrong on the way
 */
export async function takeFile({ path, suggestedName }: FileReport): Promise<ErrorInfo | null> {
  const { models } = getClient();
  const { id } = await models.importFile({ path, engine: 'llamacpp', name: suggestedName });
  const problem = await endOf(id);
  if (problem) {
    // It is told here; nobody has to dismiss it a second time.
    await models.cancelWork({ id });
    return problem;
  }
  return saveSettings({ backend: 'llamacpp', llamacpp: { modelPath: path } });
}

/** Resolves when a work on files is over, with why it failed. */
async function endOf(id: string): Promise<ErrorInfo | null> {
  for (;;) {
    const change = nextChange();
    try {
      const { work } = await getClient().models.status();
      const mine = work.find((one) => one.id === id);
      if (!mine || mine.problem) return mine?.problem ?? null;
      await change.happened;
    } finally {
      change.stop();
    }
  }
}

/** The next news of the models. */
function nextChange(): { happened: Promise<void>; stop: () => void } {
  let stop = (): void => undefined;
  const happened = new Promise<void>((resolve) => {
    stop = useModels.subscribe(() => resolve());
  });
  return { happened, stop };
}
