export type { JournalEntry, NewTurn, Settlement, Storage, StorageFacts, StoredTurn } from './interface.ts';
export { openStorage, type StorageOptions } from './open-storage.ts';
