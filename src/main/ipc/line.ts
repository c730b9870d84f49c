// The procedures about messages in line.
import type { ConversationId } from '../../contract/ids.ts';
import type { Chat } from '../chat/index.ts';
import type { Services } from '../services.ts';
import { asDefinedError, type Implementer, never } from './implementer.ts';
import { watchLatest } from './watch.ts';

export function lineRoutes(os: Implementer, services: Pick<Services, 'history' | 'log'>) {
  const chat = async () => (await services.history()).chat;
  return {
    line: {
      send: os.line.send.handler(async ({ input, context }) => (await chat()).line.send(input, context.client)),
      watch: os.line.watch.handler(async function* ({ input: { id }, signal }) {
        try {
          const { chat, lost } = await services.history();
          const ends = signal === undefined ? lost : AbortSignal.any([signal, lost]);
          const current = () => null;
          for await (const _ of watchLatest({ source: changesOf(chat, id), current, signal: ends }))
            yield await chat.line.status(id);
        } catch (error) {
          throw asDefinedError(error, services.log);
        }
      }),
      hold: os.line.hold.handler(async function* ({ input, signal = never() }) {
        try {
          const letGo = await (await chat()).line.hold(input);
          try {
            yield {};
            if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
          } finally {
            letGo();
          }
        } catch (error) {
          throw asDefinedError(error, services.log);
        }
      }),
      edit: os.line.edit.handler(async ({ input: { text, ...ref } }) => (await chat()).line.edit(ref, text)),
      remove: os.line.remove.handler(async ({ input }) => {
        await (await chat()).line.remove(input);
        return {};
      }),
      undoRemove: os.line.undoRemove.handler(async ({ input }) => {
        await (await chat()).line.undoRemove(input);
        return {};
      }),
      sendNow: os.line.sendNow.handler(async ({ input }) => {
        (await chat()).line.sendNow(input.id);
        return {};
      }),
    },
  };
}

function changesOf({ line }: Pick<Chat, 'line'>, id: ConversationId) {
  return { onChange: (tell: (change: null) => void) => line.onChange((changed) => changed === id && tell(null)) };
}
