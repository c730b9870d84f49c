// Deleting models: at once on screen, with a toast that takes it back as long as main waits with the bytes.
import { Trash2 } from 'lucide-react';
import type { InstalledModel, ModelRef, ModelsStatus } from '../../../contract/models.ts';
import { UNDO_MS } from '../../../contract/limits.ts';
import { getClient, i18n, modelTitle } from '../../lib/index.ts';
import { offerUndo, showToast } from '../../ui/index.ts';
import { useModels } from './store.ts';
import { tellFailure } from './tell.ts';

/** Announces the deletion, with a way back. */
export async function removeModel({ name, engine, path }: InstalledModel): Promise<void> {
  const ref = { name, engine };
  try {
    const staysOnDisk = path !== null && !(await isHearthsOwn(path));
    const status = await getClient().models.remove(ref);
    useModels.setState({ models: status });
    const model = modelTitle(name);
    offerUndo({
      key: `model:${engine}:${name}`,
      text: i18n.t(staysOnDisk ? 'models:removed.offList' : 'models:removed.one', { model }),
      several: (count) => i18n.t(staysOnDisk ? 'models:removed.severalOff' : 'models:removed.several', { count }),
      lastsMs: UNDO_MS,
      undo: () => void takeBack(ref),
    });
  } catch (error) {
    tellFailure(error);
  }
}

/** Whether a file lies in Hearth's folder of models. Another one is the user's: Hearth only forgets it. */
async function isHearthsOwn(path: string): Promise<boolean> {
  const { dataFolder } = await getClient().app.status();
  return [`${dataFolder}/models/`, `${dataFolder}\\models\\`].some((folder) => path.startsWith(folder));
}

async function takeBack(ref: ModelRef): Promise<void> {
  try {
    const status = await getClient().models.undoRemove(ref);
    useModels.setState({ models: status });
    if (!isHere(status, ref)) {
      showToast({ text: i18n.t('models:removed.tooLate', { model: modelTitle(ref.name) }), icon: Trash2 });
    }
  } catch (error) {
    tellFailure(error);
  }
}

function isHere(status: ModelsStatus, ref: ModelRef): boolean {
  return (status.installed ?? []).some((one) => isSame(one, ref)) && !isLeaving(status, ref);
}

/** Whether a model is to be deleted: it is off the list, though its bytes may still be there. */
export function isLeaving({ removing }: ModelsStatus, ref: ModelRef): boolean {
  return removing.some((one) => isSame(one, ref));
}

function isSame(a: ModelRef, b: ModelRef): boolean {
  return a.name === b.name && a.engine === b.engine;
}
