// Every procedure of the contract, served by calling one service. Input is checked by the contract's schemas.
import type { Services } from '../services.ts';
import { backendRoutes } from './backends.ts';
import { engineRoomRoutes } from './engine-room.ts';
import { factRoutes } from './facts.ts';
import { asDefinedError, type DesktopActions, implementer, never } from './implementer.ts';
import { lineRoutes } from './line.ts';
import { watchEach, watchLatest } from './watch.ts';

/** Builds the router that windows and the local socket share. */
export function createRouter(services: Services, desktop: DesktopActions) {
  const os = implementer(services.log);
  const { app, settings, queue } = services;

  return os.router({
    app: {
      status: os.app.status.handler(() => app.status()),
      watch: os.app.watch.handler(({ signal }) => watchLatest({ source: app, current: () => app.status(), signal })),
      retry: os.app.retry.handler(async () => {
        await services.retry();
        return {};
      }),
      dismissNotice: os.app.dismissNotice.handler(({ input }) => {
        app.dismissNotice(input.id);
        return {};
      }),
      openDataFolder: os.app.openDataFolder.handler(async () => {
        await desktop.openDataFolder();
        return {};
      }),
      checkHistory: os.app.checkHistory.handler(async () => {
        const { storage } = await services.history();
        return { ...(await storage.facts()), problems: await storage.check() };
      }),
    },
    chat: {
      send: os.chat.send.handler(async ({ input, context }) => {
        const { chat } = await services.history();
        return chat.send(input, context.client);
      }),
      retry: os.chat.retry.handler(async ({ input, context }) => {
        const { chat } = await services.history();
        return chat.retry(input.messageId, context.client, input);
      }),
      goOn: os.chat.goOn.handler(async ({ input, context }) => {
        const { chat } = await services.history();
        return chat.goOn(input.messageId, context.client);
      }),
      stop: os.chat.stop.handler(async ({ input }) => {
        const { chat } = await services.history();
        await chat.stop(input.messageId);
        return {};
      }),
      attach: os.chat.attach.handler(async function* ({ input, signal }) {
        try {
          const { chat } = await services.history();
          yield* chat.attach(input, signal ?? never());
        } catch (error) {
          throw asDefinedError(error, services.log);
        }
      }),
      seen: os.chat.seen.handler(async ({ input }) => {
        const { chat } = await services.history();
        chat.seen(input.attachmentId, input.seq);
        return {};
      }),
    },
    conversations: {
      list: os.conversations.list.handler(async ({ input }) => (await services.history()).conversations.list(input)),
      get: os.conversations.get.handler(async ({ input }) => (await services.history()).conversations.get(input.id)),
      rename: os.conversations.rename.handler(async ({ input }) =>
        (await services.history()).conversations.rename(input.id, input.title),
      ),
      delete: os.conversations.delete.handler(async ({ input }) => {
        await (await services.history()).conversations.delete(input.id);
        return {};
      }),
      restore: os.conversations.restore.handler(async ({ input }) =>
        (await services.history()).conversations.restore(input.id),
      ),
      showVersion: os.conversations.showVersion.handler(async ({ input }) =>
        (await services.history()).conversations.showVersion(input.messageId),
      ),
      choose: os.conversations.choose.handler(async ({ input }) =>
        (await services.history()).conversations.choose(input.id, input.choice),
      ),
      sources: os.conversations.sources.handler(async () => (await services.history()).conversations.sources()),
      watch: os.conversations.watch.handler(async function* ({ signal }) {
        try {
          const { conversations, lost } = await services.history();
          // A window asks anew when this ends, and gets the changes of the history that was opened again.
          const ends = signal === undefined ? lost : AbortSignal.any([signal, lost]);
          yield* watchEach({ source: conversations, signal: ends });
        } catch (error) {
          throw asDefinedError(error, services.log);
        }
      }),
    },
    bin: {
      list: os.bin.list.handler(async ({ input }) => (await services.history()).conversations.listBin(input)),
      delete: os.bin.delete.handler(async ({ input }) => {
        await (await services.history()).conversations.purge(input.id);
        return {};
      }),
      empty: os.bin.empty.handler(async ({ input }) => ({
        count: await (await services.history()).conversations.emptyBin(input.deletedUpToMs),
      })),
    },
    ...lineRoutes(os, services),
    settings: {
      get: os.settings.get.handler(() => settings.get()),
      set: os.settings.set.handler(({ input }) => settings.set(input)),
      watch: os.settings.watch.handler(({ signal }) =>
        watchLatest({ source: settings, current: () => settings.get(), signal }),
      ),
    },
    ...backendRoutes(os, services),
    ...engineRoomRoutes(os, services, desktop),
    ...factRoutes(os, services),
    queue: {
      watch: os.queue.watch.handler(({ signal }) =>
        watchLatest({ source: queue, current: () => queue.status(), signal }),
      ),
    },
  });
}
export type Router = ReturnType<typeof createRouter>;
