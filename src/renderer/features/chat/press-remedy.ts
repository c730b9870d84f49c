// What a remedy's button does. Most of them ask again; some lead to a page, and one has to be waited for.
import type { MessageId } from '../../../contract/ids.ts';
import { getClient, openOnboarding, openSettings } from '../../lib/index.ts';
import { useSettings, withLimits } from '../settings/index.ts';
import { textOf } from './message-text.ts';
import type { Remedy } from './remedy.ts';
import { useChatStore } from './store.ts';
import { currentChoice } from './store-state.ts';

/** `done`: it has worked, and asking again is what comes next. Everything else speaks for itself. */
export type Pressed = 'done' | 'gone';

/** Rejects with main's error. */
export async function pressRemedy(remedy: Exclude<Remedy, { type: 'fetch' }>, id: MessageId): Promise<Pressed> {
  const client = getClient();
  switch (remedy.type) {
    case 'again':
      return askAgain(id, { way: remedy.type });
    case 'goOn':
      chat().focusComposer();
      await chat().goOn(id);
      return 'gone';
    case 'smallerModel':
    case 'otherModel':
      return askModel(id, remedy);
    case 'askNext':
      return askAgain(id, { way: remedy.type, backend: remedy.backend });
    case 'makeRoom':
      await Promise.all(remedy.models.map((name) => client.models.unload({ name, engine: 'ollama' })));
      return askAgain(id, { way: remedy.type });
    case 'moreContext':
      await client.models.allowContext({ name: remedy.model, engine: remedy.engine, tokens: remedy.tokens });
      return askAgain(id, { way: remedy.type });
    case 'moreTime':
      await raiseLimit(remedy);
      return askAgain(id, { way: remedy.type });
    case 'switchOn':
      await client.backends.setOn({ id: remedy.backend, isOn: true });
      return askAgain(id, { way: remedy.type });
    case 'start':
      await client.engine.start();
      return 'done';
    case 'reword':
      chat().giveBack(chat().conversationId, questionOf(id));
      return toComposer();
    case 'newChat': {
      const question = questionOf(id);
      chat().startNew();
      chat().giveBack(null, question);
      return toComposer();
    }
    case 'key':
      return lead(() => openSettings('backends', { edit: { id: remedy.backend, start: 'key' } }));
    case 'address':
      return lead(() => openSettings('backends', { edit: { id: remedy.backend, start: 'top' } }));
    case 'getModel':
      return lead(() => openSettings('models'));
    case 'setUp':
      return lead(openOnboarding);
    case 'seeEngine':
      return lead(() => openSettings('engine'));
    case 'backends':
      return lead(() => openSettings('backends'));
    case 'dataFolder':
      await client.app.openDataFolder();
      return 'gone';
    default:
      return remedy satisfies never;
  }
}

const chat = () => useChatStore.getState();

type How = NonNullable<Parameters<ReturnType<typeof chat>['askAgain']>[1]>;

/** The button goes with the card; then one is back at the composer, not nowhere. */
async function askAgain(id: MessageId, how: How): Promise<Pressed> {
  chat().focusComposer();
  await chat().askAgain(id, how);
  return 'gone';
}

/** The chat keeps it: its next question would fail as this one did. */
async function askModel(id: MessageId, { type, backend, model }: Remedy & { model: string; backend: string }) {
  await chat().choose({ backend, model });
  // Refused, the reason stands above the composer.
  if (currentChoice(chat())?.model !== model) return 'gone';
  return askAgain(id, { way: type });
}

async function raiseLimit({ backend, limit, toMs }: Extract<Remedy, { type: 'moreTime' }>): Promise<void> {
  const limits = useSettings.getState().settings?.backends.limits ?? {};
  const own = { ...limits[backend], [limit]: toMs };
  await getClient().settings.set({ backends: { limits: withLimits(limits, backend, own) } });
}

function questionOf(id: MessageId): string {
  const { messages } = chat();
  const parentId = messages[id]?.parentId;
  const question = parentId ? messages[parentId] : undefined;
  return question ? textOf(question) : '';
}

function toComposer(): Pressed {
  chat().focusComposer();
  return 'gone';
}

function lead(open: () => void): Pressed {
  open();
  return 'gone';
}
