// What the rest of Hearth may do with models: the library of installed ones, downloads, the catalogue.
import type { AddDownloadInput, Download, DownloadId, DownloadsStatus } from '../../contract/downloads.ts';
import type {
  Catalogue,
  ContextRoom,
  ContextRoomInput,
  EditModelInput,
  EnsureInput,
  EnsureResult,
  FileReport,
  ImportInput,
  ModelDetails,
  ModelRef,
  ModelsStatus,
} from '../../contract/models.ts';
import type { ContextPlans } from './library/context-plans.ts';

/** The models on this computer. Every call rejects with a HearthError. */
export interface Library {
  /** What questions to models of an Ollama on this computer ask for. */
  readonly contextPlans: ContextPlans;
  status(): ModelsStatus;
  /** At every change; a few times a second at most. Returns how to stop listening. */
  onChange(listener: (status: ModelsStatus) => void): () => void;
  /** Lists them anew; concurrent calls share one. Never rejects: the status carries the problem. */
  refresh(): Promise<ModelsStatus>;
  details(ref: ModelRef, signal: AbortSignal): Promise<ModelDetails>;
  contextRoom(input: ContextRoomInput, signal: AbortSignal): Promise<ContextRoom>;
  /** Sets it for the family of the model. */
  allowContext(ref: ModelRef, tokens: number, signal: AbortSignal): Promise<void>;
  load(ref: ModelRef, signal: AbortSignal): Promise<void>;
  unload(ref: ModelRef, signal: AbortSignal): Promise<void>;
  remove(ref: ModelRef): Promise<ModelsStatus>;
  undoRemove(ref: ModelRef): Promise<ModelsStatus>;
  copy(from: string, to: string, signal: AbortSignal): Promise<void>;
  edit(input: EditModelInput, signal: AbortSignal): Promise<ModelDetails>;
  clearLeftovers(): Promise<{ freedBytes: number }>;
  inspectFile(path: string, signal: AbortSignal): Promise<FileReport>;
  importFile(input: ImportInput): Promise<{ id: string }>;
  moveFolder(to: string): Promise<{ id: string }>;
  cancelWork(id: string): Promise<void>;
  /** Begins to follow Ollama and the settings. */
  start(): void;
  /** Ends what is under way; deletions that could still be taken back do not happen. Idempotent, bounded. */
  stop(): Promise<void>;
}

/** Models on their way here. Its rows are in the history file: it exists while the history is open. */
export interface Downloads {
  status(): DownloadsStatus;
  /** At every change; progress at most four times a second. Returns how to stop listening. */
  onChange(listener: (status: DownloadsStatus) => void): () => void;
  /** Once for each that is done or failed: for notifications and lists of models. */
  onSettled(listener: (download: Download) => void): () => void;
  /** Rejects with `model_name_invalid`. Durable when it resolves. */
  add(input: AddDownloadInput): Promise<Download>;
  pause(id: DownloadId): Promise<Download>;
  resume(id: DownloadId): Promise<Download>;
  cancel(id: DownloadId): Promise<void>;
  clearFinished(): Promise<void>;
  /** A model is here no more: that it has arrived is no news of it. */
  forget(model: string): Promise<void>;
  /** What waits for its next attempt is tried now: the network may be back, the computer woke up. */
  retryNow(): void;
  /** Ends what runs and keeps the rows: it goes on at the next start. Idempotent, bounded. */
  close(): Promise<void>;
}

export interface CatalogueShelf {
  get(signal: AbortSignal): Promise<Catalogue>;
  /** Rejects with `catalogue_invalid` or `catalogue_unreachable`. */
  refresh(signal: AbortSignal): Promise<Catalogue>;
}

/** Makes sure a model is here: fetches it only when it is missing, or outdated where that was asked. */
export type EnsureModel = (input: EnsureInput, signal: AbortSignal) => Promise<EnsureResult>;
