// Which backend and model a chat asks: chosen for it alone, kept for all in the settings, the model fetched.
import type { Conversation } from '../../../contract/conversations.ts';
import { asErrorInfo, getClient, i18n, modelTitle } from '../../lib/index.ts';
import { showToast } from '../../ui/index.ts';
import { ensureModel, useModels } from '../models/index.ts';
import { ownChoice } from './choice.ts';
import type { Access, ChatState } from './store-state.ts';

export interface Choosing extends Pick<ChatState, 'choose' | 'keepChoice' | 'fetchModel'> {
  /** Takes over the choice that main tells of, unless a newer one is on its way there. */
  takeChoice: (conversation: Pick<Conversation, 'choice'>) => void;
}

/** A choice is shown at once, and taken back when main refuses it. */
export function createChoosing({ get, set }: Access): Choosing {
  /** Choices that main has not answered yet; until then what it tells is older than what is on screen. */
  let choicesUnderWay = 0;

  function takeChoice({ choice }: Pick<Conversation, 'choice'>): void {
    if (choicesUnderWay === 0) set({ choice: ownChoice(choice) });
  }

  return {
    takeChoice,

    async choose(wanted) {
      const choice = ownChoice(wanted);
      const { conversationId: id, choice: before, viewNumber: asked } = get();
      if (id === null) {
        set({ newChoice: choice });
        return;
      }
      set({ choice, trouble: null });
      choicesUnderWay += 1;
      try {
        const kept = await getClient().conversations.choose({ id, choice: choice ?? { backend: null, model: null } });
        choicesUnderWay -= 1;
        if (asked === get().viewNumber) takeChoice(kept);
      } catch (error) {
        choicesUnderWay -= 1;
        if (asked === get().viewNumber) set({ choice: before, trouble: asErrorInfo(error) });
      }
    },

    async keepChoice({ backend, model }) {
      const isBuiltIn = get().backends?.backends.find(({ id }) => id === backend)?.kind === 'llamacpp';
      const { installed } = useModels.getState().models ?? {};
      // The built-in engine's model has a setting of its own: its file.
      const file = installed?.find((one) => one.engine === 'llamacpp' && one.name === model)?.path ?? null;
      try {
        await getClient().settings.set({
          backend: backend ?? 'auto',
          model: isBuiltIn ? null : model,
          ...(isBuiltIn && file !== null ? { llamacpp: { modelPath: file } } : {}),
        });
        showToast({ text: keptWords(model, get().backends?.backends.find(({ id }) => id === backend)?.label) });
      } catch (error) {
        set({ trouble: asErrorInfo(error) });
      }
    },

    async fetchModel(model) {
      try {
        await ensureModel(model);
      } catch (error) {
        set({ trouble: asErrorInfo(error) });
      }
    },
  };
}

function keptWords(model: string | null, label = ''): string {
  const name = model === null ? label : modelTitle(model);
  return i18n.t('chat:model.kept', { name });
}
