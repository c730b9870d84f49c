// The one contract: windows speak it over a MessagePort, the terminal over a local socket.
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { AppStatus, HistoryReport } from './app.ts';
import {
  AddBackendInput,
  BackendsStatus,
  EditBackendInput,
  Family,
  Outlook,
  ProbeInput,
  ProbeResult,
  QueueStatus,
} from './backends.ts';
import { AttachInput, RetryInput, SendInput, SendResult, TurnEvent } from './chat.ts';
import {
  BinListInput,
  BinPage,
  ChatChoice,
  Conversation,
  ConversationChange,
  ConversationPage,
  ConversationSummary,
  KnownSource,
  ListInput,
  Message,
  TITLE_MAX_CHARS,
} from './conversations.ts';
import { AddDownloadInput, Download, DownloadId, DownloadsStatus, ModelName } from './downloads.ts';
import { EngineLog, EngineStatus, InstallStatus, LogBatch, LogInput, ReleaseChoice } from './engine.ts';
import { ErrorInfo } from './errors.ts';
import { AddFactInput, EditFactInput, Fact, FactsStatus } from './facts.ts';
import { BackendId, ConversationId, FactId, MessageId } from './ids.ts';
import { InLine, InOrderInput, InOrderResult, LineRef, LineStatus } from './line.ts';
import {
  ContextRoom,
  ContextRoomInput,
  Catalogue,
  EditModelInput,
  EnsureInput,
  EnsureResult,
  FileReport,
  ImportInput,
  ModelDetails,
  ModelRef,
  ModelsStatus,
} from './models.ts';
import { Settings, SettingsPatch } from './settings.ts';

/** Every failure of ours arrives as this one defined error; its data carries the code and the sentence. */
const procedure = oc.errors({ HEARTH: { data: ErrorInfo } });
const done = z.object({});

export const contract = {
  app: {
    status: procedure.output(AppStatus),
    /** The status now, then at every change. */
    watch: procedure.output(eventIterator(AppStatus)),
    /** Tries to open the history again after `blocked`. */
    retry: procedure.output(done),
    dismissNotice: procedure.input(z.object({ id: z.string() })).output(done),
    openDataFolder: procedure.output(done),
    /** Looks the history file over; takes a moment on a large one. */
    checkHistory: procedure.output(HistoryReport),
  },
  chat: {
    send: procedure.input(SendInput).output(SendResult),
    /** Asks again: a new answer beside the given one. */
    retry: procedure.input(RetryInput).output(z.object({ answer: Message })),
    /** A new answer beside the given one, which was cut, stopped or interrupted: it begins with its text and goes on. */
    goOn: procedure.input(z.object({ messageId: MessageId })).output(z.object({ answer: Message })),
    stop: procedure.input(z.object({ messageId: MessageId })).output(done),
    attach: procedure.input(AttachInput).output(eventIterator(TurnEvent)),
    seen: procedure.input(z.object({ attachmentId: z.uuid(), seq: z.number().int() })).output(done),
  },
  /** The messages that wait in a chat until the answers before them are there. */
  line: {
    /** Asks in a chat that is there; where something comes before it, it waits in line. */
    send: procedure.input(InOrderInput).output(InOrderResult),
    /** The line of a chat now, then at every change. */
    watch: procedure.input(z.object({ id: ConversationId })).output(eventIterator(LineStatus)),
    /** While this is open the message is not asked, nor is any behind it: somebody changes it. */
    hold: procedure.input(LineRef).output(eventIterator(done)),
    edit: procedure.input(LineRef.extend({ text: z.string() })).output(InLine),
    /** Out of the line at once; `undoRemove` brings it back to its place for ten seconds. */
    remove: procedure.input(LineRef).output(done),
    undoRemove: procedure.input(LineRef).output(done),
    /** A line that waits for the person goes on. */
    sendNow: procedure.input(z.object({ id: ConversationId })).output(done),
  },
  conversations: {
    list: procedure.input(ListInput).output(ConversationPage),
    /** Also one that is in the bin, to look into. */
    get: procedure.input(z.object({ id: ConversationId })).output(Conversation),
    rename: procedure
      .input(z.object({ id: ConversationId, title: z.string().trim().min(1).max(TITLE_MAX_CHARS) }))
      .output(ConversationSummary),
    /** Moves to the bin, from where `restore` brings it back for 30 days. */
    delete: procedure.input(z.object({ id: ConversationId })).output(done),
    restore: procedure.input(z.object({ id: ConversationId })).output(ConversationSummary),
    /** Which backend and model the chat asks from now on. */
    choose: procedure.input(z.object({ id: ConversationId, choice: ChatChoice })).output(ConversationSummary),
    /** The path of that version is the one that is shown and carried on from now on, down to what was written last beneath it. */
    showVersion: procedure.input(z.object({ messageId: MessageId })).output(Conversation),
    /** The backends and models that answered here, those used most first. */
    sources: procedure.output(z.array(KnownSource)),
    watch: procedure.output(eventIterator(ConversationChange)),
  },
  /** What was deleted and can still be brought back, by `conversations.restore`. */
  bin: {
    list: procedure.input(BinListInput).output(BinPage),
    /** Deletes one for good. What is not in the bin is not found. */
    delete: procedure.input(z.object({ id: ConversationId })).output(done),
    /** Deletes for good what went to the bin until then; what came since stays. Returns how many. */
    empty: procedure.input(z.object({ deletedUpToMs: z.number() })).output(z.object({ count: z.number().int() })),
  },
  settings: {
    get: procedure.output(Settings),
    set: procedure.input(SettingsPatch).output(Settings),
    watch: procedure.output(eventIterator(Settings)),
  },
  backends: {
    status: procedure.output(BackendsStatus),
    watch: procedure.output(eventIterator(BackendsStatus)),
    /** Looks at every backend again, now. */
    check: procedure.output(BackendsStatus),
    /** What would become of a question of a new chat now. Looks at every backend, and asks nobody. */
    outlook: procedure.output(Outlook),
    /** Looks at an address before it is added; what it finds is in the result, also that nobody answers. */
    probe: procedure.input(ProbeInput).output(ProbeResult),
    add: procedure.input(AddBackendInput).output(BackendsStatus),
    edit: procedure.input(EditBackendInput).output(BackendsStatus),
    /** Takes effect at once; `undoRemove` brings it back, key and all, for ten seconds. */
    remove: procedure.input(z.object({ id: BackendId })).output(BackendsStatus),
    undoRemove: procedure.input(z.object({ id: BackendId })).output(BackendsStatus),
    /** Counts from the next question on. */
    setOn: procedure.input(z.object({ id: BackendId, isOn: z.boolean() })).output(BackendsStatus),
    /** Puts a backend at a place of the list; 0 is the first. */
    move: procedure.input(z.object({ id: BackendId, index: z.number().int().min(0) })).output(BackendsStatus),
    /** Leaves the order to Hearth again. */
    resetOrder: procedure.output(BackendsStatus),
    families: procedure.output(z.array(Family)),
  },
  /** What Hearth remembers about the user. */
  facts: {
    watch: procedure.output(eventIterator(FactsStatus)),
    add: procedure.input(AddFactInput).output(Fact),
    edit: procedure.input(EditFactInput).output(Fact),
    /** Gone from the list at once; `undoRemove` brings it back for ten seconds. */
    remove: procedure.input(z.object({ id: FactId })).output(done),
    undoRemove: procedure.input(z.object({ id: FactId })).output(Fact),
  },
  /** The Ollama that answers. Stopping and killing reach only the one Hearth started. */
  engine: {
    status: procedure.output(EngineStatus),
    watch: procedure.output(eventIterator(EngineStatus)),
    /** Resolves when it answers. Begins counting failures anew. */
    start: procedure.output(EngineStatus),
    /** Asks it to end; from then on only `start` or a question wakes it. */
    stop: procedure.output(EngineStatus),
    restart: procedure.output(EngineStatus),
    /** Ends the whole process tree at once. */
    kill: procedure.output(EngineStatus),
    log: procedure.input(LogInput).output(EngineLog),
    followLog: procedure.input(LogInput).output(eventIterator(LogBatch)),
    openLogFolder: procedure.output(done),
  },
  /** Hearth's own installation of Ollama. */
  install: {
    status: procedure.output(InstallStatus),
    watch: procedure.output(eventIterator(InstallStatus)),
    /** Begins or goes on; returns at once, `watch` tells the rest. Uses the new Ollama when it is in place. */
    start: procedure.input(z.object({ release: ReleaseChoice.default('pinned') })).output(InstallStatus),
    /** Stops the work and keeps what has arrived. */
    pause: procedure.output(InstallStatus),
    /** Stops the work and deletes what has arrived. */
    discard: procedure.output(InstallStatus),
    /** Deletes Hearth's own Ollama; its models stay. */
    remove: procedure.output(InstallStatus),
  },
  models: {
    status: procedure.output(ModelsStatus),
    watch: procedure.output(eventIterator(ModelsStatus)),
    /** Lists them anew, now. */
    refresh: procedure.output(ModelsStatus),
    details: procedure.input(ModelRef).output(ModelDetails),
    /** What more context would take. Rejects for a model that is not of this computer. */
    contextRoom: procedure.input(ContextRoomInput).output(ContextRoom),
    /** Lets the models of its family have so much, as Settings > Backends does. */
    allowContext: procedure.input(ModelRef.extend({ tokens: z.number().int().min(256) })).output(done),
    /** Resolves when it is in memory. */
    load: procedure.input(ModelRef).output(done),
    unload: procedure.input(ModelRef).output(done),
    /**
     * Takes effect after ten seconds, until which `undoRemove` takes it back. A file of the built-in engine is deleted when it
     * lies in Hearth's own folder of models, and only forgotten when it lies elsewhere.
     */
    remove: procedure.input(ModelRef).output(ModelsStatus),
    undoRemove: procedure.input(ModelRef).output(ModelsStatus),
    copy: procedure.input(z.object({ from: ModelName, to: ModelName })).output(done),
    edit: procedure.input(EditModelInput).output(ModelDetails),
    /** Deletes what broken downloads left; what is under way stays. Returns the bytes that were freed. */
    clearLeftovers: procedure.output(z.object({ freedBytes: z.number() })),
    ensure: procedure.input(EnsureInput).output(EnsureResult),
    /** Lets the user choose a GGUF file; null when they chose none. Only the desktop can. */
    pickFile: procedure.output(z.object({ path: z.string().nullable() })),
    /** Lets the user choose a folder; null when they chose none. Only the desktop can. */
    pickFolder: procedure.output(z.object({ path: z.string().nullable() })),
    inspectFile: procedure.input(z.object({ path: z.string().min(1).max(4096) })).output(FileReport),
    /** Begins; `watch` tells how it goes. */
    importFile: procedure.input(ImportInput).output(z.object({ id: z.string() })),
    /** Moves the models of Hearth's own Ollama to another folder; `watch` tells how it goes. */
    moveFolder: procedure.input(z.object({ to: z.string().min(1).max(4096) })).output(z.object({ id: z.string() })),
    /** Stops a work on files and undoes what it did, or dismisses one that failed. */
    cancelWork: procedure.input(z.object({ id: z.string() })).output(done),
  },
  downloads: {
    status: procedure.output(DownloadsStatus),
    watch: procedure.output(eventIterator(DownloadsStatus)),
    /** One that is there already is returned, and goes on if it was paused or failed. */
    add: procedure.input(AddDownloadInput).output(Download),
    pause: procedure.input(z.object({ id: DownloadId })).output(Download),
    resume: procedure.input(z.object({ id: DownloadId })).output(Download),
    /** Ends it and takes it off the list; what has arrived becomes a leftover that Ollama can use again. */
    cancel: procedure.input(z.object({ id: DownloadId })).output(done),
    /** Takes finished ones off the list. */
    clearFinished: procedure.output(done),
  },
  catalogue: {
    get: procedure.output(Catalogue),
    /** Fetches it from the URL of the settings. */
    refresh: procedure.output(Catalogue),
  },
  queue: {
    watch: procedure.output(eventIterator(QueueStatus)),
  },
};
export type Contract = typeof contract;
