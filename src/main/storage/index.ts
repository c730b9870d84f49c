export type { JournalEntry, NewTurn, Settlement, Storage, StoredTurn } from './interface.ts';
export { openStorage, type StorageOptions } from './open-storage.ts';
