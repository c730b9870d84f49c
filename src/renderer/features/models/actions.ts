// What can be done with an installed model from its row.
import { RefreshCw } from 'lucide-react';
import type { InstalledModel } from '../../../contract/models.ts';
import type { BackendChoice, SettingsPatch } from '../../../contract/settings.ts';
import { getClient, i18n, modelTitle } from '../../lib/index.ts';
import { showToast } from '../../ui/index.ts';
import { saveSettings } from '../settings/index.ts';
import { ensureModel } from './ensure.ts';
import type { ModelActions } from './installed-row.tsx';
import type { Opened } from './opened.tsx';
import { removeModel } from './remove.ts';
import { tellFailure, tellSentence } from './tell.ts';

export interface ActionsOptions {
  /** Which engine the user chose. */
  backend: BackendChoice;
  onNewChat: () => void;
  onOpen: (what: Opened) => void;
}

export function modelActions({ backend, onNewChat, onOpen }: ActionsOptions): ModelActions {
  return {
    chat: (model) => void chatWith(model, backend, onNewChat),
    remove: (model) => void removeModel(model),
    details: (model) => onOpen({ type: 'details', model: refOf(model), startsEditing: false }),
    edit: (model) => onOpen({ type: 'details', model: refOf(model), startsEditing: true }),
    copy: ({ name }) => onOpen({ type: 'copy', from: name }),
    load: (model) => void getClient().models.load(refOf(model)).catch(tellFailure),
    unload: (model) => void getClient().models.unload(refOf(model)).catch(tellFailure),
    update: ({ name }) => void update(name).catch(tellFailure),
  };
}

async function chatWith(model: InstalledModel, backend: BackendChoice, onNewChat: () => void): Promise<void> {
  const problem = await saveSettings(choiceOf(model, backend));
  if (problem) tellSentence(problem.message);
  else onNewChat();
}

/** What makes a model the one that is asked next; the choice of engine changes only where it would ask another. */
function choiceOf({ engine, name, path }: InstalledModel, backend: BackendChoice): SettingsPatch {
  if (engine === 'llamacpp') return { backend: 'llamacpp', llamacpp: { modelPath: path } };
  return backend === 'auto' || backend === 'ollama' ? { model: name } : { model: name, backend: 'ollama' };
}

/** Fetches a newer one where the registry has it. */
async function update(name: string): Promise<void> {
  const result = await ensureModel(name, { isFresh: true });
  const word = result.type === 'present' ? 'current' : 'started';
  showToast({ text: i18n.t(`models:update.${word}`, { model: modelTitle(name) }), icon: RefreshCw });
}

const refOf = ({ name, engine }: InstalledModel) => ({ name, engine });
