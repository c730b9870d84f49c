// The history as the rest of Hearth calls it: every call goes to the worker, every error comes back with its sentence.
import { errorInfo, type HearthError } from '../errors/index.ts';
import type { AnswerSource, Message } from '../../contract/conversations.ts';
import type { ErrorInfo } from '../../contract/errors.ts';
import type { Storage, StoredDownload, StoredTurn } from './interface.ts';
import type { DownloadRecord, ErrorRecord, MessageRecord, SourceRecord, TurnRecord } from './protocol.ts';
import { startWorker } from './worker-link.ts';

export interface StorageOptions {
  /** Holds `history.sqlite`, its backups and its lock; made (for this user only) when it is not there. */
  folder: string;
  /** The built worker, or `worker.ts` itself where Node runs TypeScript. */
  workerUrl: URL;
  /** A build of better-sqlite3 for runtimes that its own binaries do not fit (see binding.ts). */
  nativeBinding?: string | undefined;
  /** Called once when the worker ends without being asked to. From then on every call is rejected. */
  onFatal?: ((error: HearthError) => void) | undefined;
  /** How long another program's lock on the file is waited for. Default 5 s. */
  busyTimeoutMs?: number | undefined;
  /** Another folder of migrations than the one beside the worker: for tests. */
  migrationsUrl?: URL | undefined;
}

/**
 * Opens the history: takes the lock, migrates, and settles what an earlier Hearth left unfinished.
 * @throws HearthError `storage_in_use`, `storage_locked`, `storage_read_only`, `storage_newer`, `storage_corrupt`,
 *   `storage_disk_full`, `storage_driver` or `storage_failed`; then nothing is held, and trying again is right
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { call, close } = await startWorker(
    options.workerUrl,
    {
      folder: options.folder,
      nativeBinding: options.nativeBinding ?? null,
      migrationsUrl: options.migrationsUrl?.href ?? null,
      busyTimeoutMs: options.busyTimeoutMs ?? 5_000,
      nowMs: Date.now(),
    },
    options.onFatal ?? (() => {}),
  );
  return {
    beginTurn: async (turn) => turnFrom(await call('beginTurn', turn)),
    beginAnswer: async (answer) => turnFrom(await call('beginAnswer', answer)),
    markStreaming: (messageId, source) => call('markStreaming', messageId, source),
    appendJournal: (entries) => call('appendJournal', entries),
    settle: async (settlement) => messageFrom(await call('settle', settlement)),
    getMessage: async (id) => messageFrom(await call('getMessage', id)),
    getPath: async (leafId) => (await call('getPath', leafId)).map(messageFrom),
    getConversation: (id) => call('getConversation', id),
    showVersion: (messageId) => call('showVersion', messageId),
    findConversation: (id) => call('findConversation', id),
    listConversations: (page) => call('listConversations', page),
    knownSources: () => call('knownSources'),
    hasEngineAnswered: () => call('hasEngineAnswered'),
    renameConversation: (id, title) => call('renameConversation', id, title),
    retitleConversation: (id, title) => call('retitleConversation', id, title),
    chooseConversation: (id, choice) => call('chooseConversation', id, choice),
    keepConversationChoice: (id, choice) => call('keepConversationChoice', id, choice),
    deleteConversation: (id, nowMs) => call('deleteConversation', id, nowMs),
    restoreConversation: (id) => call('restoreConversation', id),
    listBin: (page) => call('listBin', page),
    purgeConversation: (id) => call('purgeConversation', id),
    purgeBin: (deletedUpToMs) => call('purgeBin', deletedUpToMs),
    purgeExpired: (nowMs) => call('purgeExpired', nowMs),
    lineOf: (id) => call('lineOf', id),
    putInLine: (message, position) => call('putInLine', message, position),
    editInLine: (id, text) => call('editInLine', id, text),
    dropFromLine: (id) => call('dropFromLine', id),
    setEmotion: (messageId, emotion) => call('setEmotion', messageId, emotion),
    listFacts: () => call('listFacts'),
    putFact: (fact) => call('putFact', fact),
    dropFact: (id) => call('dropFact', id),
    listDownloads: async () => (await call('listDownloads')).map(downloadFrom),
    putDownload: (download) => call('putDownload', download),
    dropDownload: (id) => call('dropDownload', id),
    modelUses: () => call('modelUses'),
    facts: () => call('facts'),
    check: () => call('check'),
    close,
  };
}

function turnFrom({ conversation, question, answer }: TurnRecord): StoredTurn {
  return { conversation, question: messageFrom(question), answer: messageFrom(answer) };
}

function messageFrom({ emotion, ...record }: MessageRecord): Message {
  return {
    ...record,
    source: record.source && sourceFrom(record.source),
    error: record.error && errorFrom(record.error),
    ...(emotion && { emotion: { ...emotion, source: sourceFrom(emotion.source) } }),
  };
}

function sourceFrom(record: SourceRecord): AnswerSource {
  return { ...record, skipped: record.skipped.map((skipped) => ({ ...skipped, reason: errorFrom(skipped.reason) })) };
}

function downloadFrom(record: DownloadRecord): StoredDownload {
  return { ...record, problem: record.problem && errorFrom(record.problem) };
}

function errorFrom({ code, params, detail }: ErrorRecord): ErrorInfo {
  return errorInfo(code, params, detail);
}
