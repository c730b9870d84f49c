// The procedures of the engine room: the Ollama that answers, its installation, models, downloads, the catalogue.
import type { Services } from '../services.ts';
import { asDefinedError, type DesktopActions, type Implementer, never } from './implementer.ts';
import { watchLatest } from './watch.ts';

export function engineRoomRoutes(os: Implementer, services: Services, desktop: DesktopActions) {
  const { engine, installer, library, catalogue } = services;
  return {
    engine: {
      status: os.engine.status.handler(() => engine.status()),
      watch: os.engine.watch.handler(({ signal }) =>
        watchLatest({ source: engine, current: () => engine.status(), signal }),
      ),
      start: os.engine.start.handler(({ signal }) => engine.start(signal ?? never())),
      stop: os.engine.stop.handler(() => engine.stop()),
      restart: os.engine.restart.handler(({ signal }) => engine.restart(signal ?? never())),
      kill: os.engine.kill.handler(() => engine.kill()),
      log: os.engine.log.handler(({ input }) => engine.log(input.lines)),
      followLog: os.engine.followLog.handler(async function* ({ input, signal }) {
        try {
          yield* engine.followLog(input.lines, signal ?? never());
        } catch (error) {
          throw asDefinedError(error, services.log);
        }
      }),
      openLogFolder: os.engine.openLogFolder.handler(async () => {
        await desktop.showFile(engine.status().logPath);
        return {};
      }),
    },
    install: {
      status: os.install.status.handler(() => installer.status()),
      watch: os.install.watch.handler(({ signal }) =>
        watchLatest({ source: installer, current: () => installer.status(), signal }),
      ),
      start: os.install.start.handler(({ input }) => installer.start(input.release)),
      pause: os.install.pause.handler(() => installer.pause()),
      discard: os.install.discard.handler(() => installer.discard()),
      remove: os.install.remove.handler(() => installer.remove()),
    },
    models: {
      status: os.models.status.handler(() => library.status()),
      watch: os.models.watch.handler(({ signal }) =>
        watchLatest({ source: library, current: () => library.status(), signal }),
      ),
      refresh: os.models.refresh.handler(() => library.refresh()),
      details: os.models.details.handler(({ input, signal }) => library.details(input, signal ?? never())),
      contextRoom: os.models.contextRoom.handler(({ input, signal }) => library.contextRoom(input, signal ?? never())),
      allowContext: os.models.allowContext.handler(async ({ input, signal }) => {
        await library.allowContext(input, input.tokens, signal ?? never());
        return {};
      }),
      load: os.models.load.handler(async ({ input, signal }) => {
        await library.load(input, signal ?? never());
        return {};
      }),
      unload: os.models.unload.handler(async ({ input, signal }) => {
        await library.unload(input, signal ?? never());
        return {};
      }),
      remove: os.models.remove.handler(({ input }) => library.remove(input)),
      undoRemove: os.models.undoRemove.handler(({ input }) => library.undoRemove(input)),
      copy: os.models.copy.handler(async ({ input, signal }) => {
        await library.copy(input.from, input.to, signal ?? never());
        return {};
      }),
      edit: os.models.edit.handler(({ input, signal }) => library.edit(input, signal ?? never())),
      clearLeftovers: os.models.clearLeftovers.handler(() => library.clearLeftovers()),
      ensure: os.models.ensure.handler(async ({ input, signal }) => {
        const { ensureModel } = await services.history();
        return ensureModel(input, signal ?? never());
      }),
      pickFile: os.models.pickFile.handler(async () => ({ path: await desktop.pickFile() })),
      pickFolder: os.models.pickFolder.handler(async () => ({ path: await desktop.pickFolder() })),
      inspectFile: os.models.inspectFile.handler(({ input, signal }) =>
        library.inspectFile(input.path, signal ?? never()),
      ),
      importFile: os.models.importFile.handler(({ input }) => library.importFile(input)),
      moveFolder: os.models.moveFolder.handler(({ input }) => library.moveFolder(input.to)),
      cancelWork: os.models.cancelWork.handler(async ({ input }) => {
        await library.cancelWork(input.id);
        return {};
      }),
    },
    downloads: {
      status: os.downloads.status.handler(async () => (await services.history()).downloads.status()),
      watch: os.downloads.watch.handler(async function* ({ signal }) {
        try {
          const { downloads, lost } = await services.history();
          const ends = signal === undefined ? lost : AbortSignal.any([signal, lost]);
          yield* watchLatest({ source: downloads, current: () => downloads.status(), signal: ends });
        } catch (error) {
          throw asDefinedError(error, services.log);
        }
      }),
      add: os.downloads.add.handler(async ({ input }) => (await services.history()).downloads.add(input)),
      pause: os.downloads.pause.handler(async ({ input }) => (await services.history()).downloads.pause(input.id)),
      resume: os.downloads.resume.handler(async ({ input }) => (await services.history()).downloads.resume(input.id)),
      cancel: os.downloads.cancel.handler(async ({ input }) => {
        await (await services.history()).downloads.cancel(input.id);
        return {};
      }),
      clearFinished: os.downloads.clearFinished.handler(async () => {
        await (await services.history()).downloads.clearFinished();
        return {};
      }),
    },
    catalogue: {
      get: os.catalogue.get.handler(({ signal }) => catalogue.get(signal ?? never())),
      refresh: os.catalogue.refresh.handler(({ signal }) => catalogue.refresh(signal ?? never())),
    },
  };
}
