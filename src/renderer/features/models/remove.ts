// Deleting models: at once on screen, with a toast that takes it back as long as main waits with the bytes.
import { Trash2 } from 'lucide-react';
import type { InstalledModel, ModelRef, ModelsStatus } from '../../../contract/models.ts';
import { getClient, i18n, modelTitle } from '../../lib/index.ts';
import { showToast } from '../../ui/index.ts';
import { useModels } from './store.ts';
import { tellFailure } from './tell.ts';

/** Announces the deletion. The toast's undo takes back all that can be, also those announced before. */
export async function removeModel({ name, engine, path }: InstalledModel): Promise<void> {
  const ref = { name, engine };
  try {
    const staysOnDisk = path !== null && !(await isHearthsOwn(path));
    const status = await getClient().models.remove(ref);
    useModels.setState({ models: status });
    const { removing } = status;
    // Of several, some may only be forgotten.
    const isAllDeleted = removing.every((one) => one.engine === 'ollama');
    const text =
      removing.length > 1
        ? i18n.t(isAllDeleted ? 'models:removed.several' : 'models:removed.severalOff', { count: removing.length })
        : i18n.t(staysOnDisk ? 'models:removed.offList' : 'models:removed.one', { model: modelTitle(name) });
    const undo = () => void takeBack(removing.length > 0 ? removing : [ref]);
    showToast({ text, icon: Trash2, action: { label: i18n.t('app:toast.undo'), shortcut: 'Mod+Z', run: undo } });
  } catch (error) {
    tellFailure(error);
  }
}

/** Whether a file lies in Hearth's folder of models. Another one is the user's: Hearth only forgets it. */
async function isHearthsOwn(path: string): Promise<boolean> {
  const { dataFolder } = await getClient().app.status();
  return [`${dataFolder}/models/`, `${dataFolder}\\models\\`].some((folder) => path.startsWith(folder));
}

async function takeBack(refs: ModelRef[]): Promise<void> {
  for (const { name, engine } of refs) {
    try {
      const status = await getClient().models.undoRemove({ name, engine });
      useModels.setState({ models: status });
      if (!isHere(status, { name, engine })) {
        showToast({ text: i18n.t('models:removed.tooLate', { model: modelTitle(name) }), icon: Trash2 });
      }
    } catch (error) {
      // The others may still be saved.
      tellFailure(error);
    }
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
