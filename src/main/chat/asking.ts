// What a question is asked with: which backends, in which class of the queue, and what their model gets to see.
import type { SendInput } from '../../contract/chat.ts';
import type { ChatChoice, Message } from '../../contract/conversations.ts';
import type { MessageId } from '../../contract/ids.ts';
import type { Backends, ChatMessage } from '../backends/index.ts';
import { HearthError } from '../errors/index.ts';
import type { CardAsking, ContextCard } from '../insights/index.ts';
import type { Storage } from '../storage/index.ts';
import { contextOf, textOf, withCard } from './context.ts';
import { inTurn } from './roles.ts';
import type { TurnContext, TurnStart } from './turn.ts';

export interface AskingOptions {
  storage: Pick<Storage, 'getPath'>;
  backends: Pick<Backends, 'plan'>;
  /** What is known about the user, as far as it goes along with a question. */
  card: (asking: CardAsking) => ContextCard | null;
  /** A message that is being written as it is now; any other as it was given. */
  withLiveText: (message: Message) => Message;
  /** Aborts when nothing is asked any more. */
  signal: AbortSignal;
}

type Purpose = NonNullable<SendInput['purpose']>;
type Wish = Pick<SendInput, 'purpose' | 'backend' | 'model'> & { isRetry?: boolean };

export interface Asked extends Pick<TurnStart, 'choice' | 'jobClass'> {
  purpose: Purpose;
  /** The chat's own choice. */
  own: ChatChoice | undefined;
  /** The chat goes on with who answers, where it has no choice yet. */
  isKept: boolean;
}

export interface Asking {
  /** A wrong URL is the sender's mistake and rejects; with every other reason the question is kept and its answer fails. */
  choose(wish: Wish, own: ChatChoice | undefined): Promise<Asked>;
  /**
   * Reads the path before the new question is written, and before the disk has to work.
   *
   * @param last what follows the path and is not in the history: a new question, or an answer that goes on
   */
  readContext(leafId: MessageId | null, last: ChatMessage | null, asked: Asked): Promise<TurnContext>;
}

export function createAsking({ storage, backends, card, withLiveText, signal }: AskingOptions): Asking {
  return {
    async choose({ purpose = 'chat', backend, model, isRetry }, own) {
      const jobClass = purpose === 'gateway' ? 'gateway' : 'interactive';
      // Who was named when an answer was asked for again stands in for once; what a program names is its own business.
      const isKept = purpose !== 'gateway' && !(isRetry && (backend !== undefined || model !== undefined));
      const asked = { purpose, own, jobClass, isKept } as const;
      try {
        const plan = await backends.plan({ purpose, choice: own, backend, model, isRetry }, signal);
        return { ...asked, choice: { plan } };
      } catch (failure) {
        if (failure instanceof HearthError && failure.code === 'backend_url_invalid') throw failure;
        return { ...asked, choice: { failure } };
      }
    },
    async readContext(leafId, last, { purpose, choice }) {
      // Programs are told nothing about the user, and the demo reads nothing.
      const isTold = purpose !== 'gateway' && 'plan' in choice && choice.plan.candidates[0]?.kind !== 'demo';
      const path = leafId === null ? [] : await storage.getPath(leafId);
      const told = isTold ? card(cardAsking(path, last)) : null;
      const said = [...contextOf(path.map(withLiveText)), ...(last === null ? [] : [last])];
      const messages = inTurn(withCard(told, said));
      return { messages, facts: told?.facts ?? 0 };
    },
  };
}

function cardAsking(path: readonly Message[], last: ChatMessage | null): CardAsking {
  const asked = path.filter(({ role }) => role === 'user').map(textOf);
  const questions = last?.role === 'user' ? [...asked, last.content] : asked;
  return { conversationId: path[0]?.conversationId ?? null, questions };
}
