export type {
  AnswerText,
  DownloadLayer,
  JournalEntry,
  NewTurn,
  Settlement,
  Storage,
  StoredDownload,
  StoredTurn,
} from './interface.ts';
export { openStorage, type StorageOptions } from './open-storage.ts';
