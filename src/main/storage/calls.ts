// Every storage call as the worker runs it: which rows change together.
import type Database from 'better-sqlite3';
import type { ConversationSummary, InBin } from '../../contract/conversations.ts';
import type { ConversationId, LineId, MessageId } from '../../contract/ids.ts';
import type { InLine } from '../../contract/line.ts';
import { chatNotFound, messageNotFound } from './failure.ts';
import { findProblems } from './migrate.ts';
import type { Calls, MessageRecord, TurnRecord } from './protocol.ts';
import { giveSpaceBack } from './space.ts';
import { conversationSql } from './sql/conversations.ts';
import { downloadSql } from './sql/downloads.ts';
import { emotionSql } from './sql/emotions.ts';
import { factsSql } from './sql/facts.ts';
import { journalSql } from './sql/journal.ts';
import { lineSql } from './sql/line.ts';
import { type MessageHead, messageSql } from './sql/messages.ts';
import { modelUsesSql } from './sql/model-uses.ts';
import { sourceSql } from './sql/sources.ts';
import { turnSql } from './sql/turns.ts';
import { userFactSql } from './sql/user-facts.ts';
import { versionSql } from './sql/versions.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long a deleted conversation can be brought back. */
const BIN_KEEPS_MS = 30 * DAY_MS;

export function createCalls(db: Database.Database, path: string): Calls {
  const conversations = conversationSql(db);
  const messages = messageSql(db);
  const turns = turnSql(db);
  const journal = journalSql(db);
  const downloads = downloadSql(db);
  const sources = sourceSql(db);
  const line = lineSql(db);
  const emotions = emotionSql(db);
  const userFacts = userFactSql(db);
  const versions = versionSql(db);

  /** A conversation that is not in the bin. */
  const liveConversation = (id: ConversationId): ConversationSummary => {
    const found = conversations.get(id);
    if (!found || found.deletedAtMs !== null) throw chatNotFound();
    const { deletedAtMs: _, ...summary } = found;
    return summary;
  };
  const foundConversation = (id: ConversationId): ConversationSummary & { bin?: InBin } => {
    const found = conversations.get(id);
    if (!found) throw chatNotFound();
    const { deletedAtMs, ...summary } = found;
    return deletedAtMs === null ? summary : { ...summary, bin: inBin(deletedAtMs) };
  };
  const purgeUpTo = (deletedUpToMs: number): ConversationId[] => {
    const gone = conversations.purgeUpTo(deletedUpToMs);
    if (gone.length > 0) giveSpaceBack(db);
    return gone;
  };
  const message = (id: MessageId): MessageRecord => {
    const found = messages.get(id);
    if (!found) throw messageNotFound();
    return found;
  };
  const headOf = (id: MessageId): MessageHead => {
    const found = messages.head(id);
    if (!found) throw messageNotFound();
    return found;
  };
  const inLine = (id: LineId): InLine => {
    const found = line.get(id);
    if (!found) throw messageNotFound();
    return found;
  };
  const turnRecord = (conversationId: ConversationId, questionId: MessageId, answerId: MessageId): TurnRecord => ({
    conversation: liveConversation(conversationId),
    question: message(questionId),
    answer: message(answerId),
  });

  const calls: Calls = {
    beginTurn({ newConversation, conversationId, question, answerId, nowMs, client, fromLine }) {
      if (newConversation) conversations.insert({ ...newConversation, choice: newConversation.choice ?? null }, nowMs);
      liveConversation(conversationId);
      // Whoever took it out first has asked it.
      if (fromLine !== undefined && line.drop(fromLine) === undefined) throw messageNotFound();
      if (question.parentId && headOf(question.parentId).conversationId !== conversationId) throw messageNotFound();
      const shared = { conversationId, client, nowMs };
      messages.insert({ ...shared, id: question.id, parentId: question.parentId, role: 'user', state: 'waiting' });
      messages.settle(question.id, 'done', { thinking: '', text: question.text }, nowMs);
      messages.insert({ ...shared, id: answerId, parentId: question.id, role: 'assistant', state: 'waiting' });
      conversations.setActiveLeaf(conversationId, answerId, nowMs);
      return turnRecord(conversationId, question.id, answerId);
    },
    beginAnswer({ answerId, questionId, begins, nowMs, client }) {
      const { conversationId, role } = headOf(questionId);
      if (role !== 'user') throw messageNotFound();
      liveConversation(conversationId);
      messages.insert({
        id: answerId,
        conversationId,
        parentId: questionId,
        role: 'assistant',
        state: 'waiting',
        client,
        nowMs,
      });
      for (const kind of ['thinking', 'text'] as const)
        if (begins && begins[kind] !== '') journal.append({ messageId: answerId, kind, text: begins[kind] });
      conversations.setActiveLeaf(conversationId, answerId, nowMs);
      return turnRecord(conversationId, questionId, answerId);
    },
    markStreaming(messageId, source) {
      if (isSettled(headOf(messageId))) return;
      messages.setState(messageId, 'streaming');
      turns.write(messageId, { source, usage: null, factsUsed: null, error: null });
    },
    appendJournal(entries) {
      for (const entry of entries) {
        if (isSettled(headOf(entry.messageId))) continue;
        if (entry.isAnew) journal.drop(entry.messageId);
        journal.append(entry);
      }
    },
    settle({ messageId, state, text, thinking, source, usage, factsUsed, error, nowMs }) {
      const { conversationId } = headOf(messageId);
      messages.settle(messageId, state, { thinking, text }, nowMs);
      turns.write(messageId, { source, usage, factsUsed: factsUsed ?? null, error });
      if (source) sources.note(conversationId, source);
      journal.drop(messageId);
      conversations.touch(conversationId, nowMs);
      return message(messageId);
    },

    getMessage: message,
    getPath(leafId) {
      const path = messages.path(leafId);
      if (path.length === 0) throw messageNotFound();
      return path;
    },
    getConversation: liveConversation,
    showVersion(messageId) {
      const { conversationId } = headOf(messageId);
      const { activeLeafId } = liveConversation(conversationId);
      if (activeLeafId === null || !versions.isOnPath(messageId, activeLeafId))
        conversations.showLeaf(conversationId, versions.newestLeaf(messageId));
      return liveConversation(conversationId);
    },
    findConversation: foundConversation,
    listConversations: ({ after, limit, source }) =>
      conversations.page(after, limit, source && sources.matching(source)),
    knownSources: () => sources.known(),
    hasEngineAnswered: () => turns.hasEngineAnswered(),
    renameConversation(id, title) {
      liveConversation(id);
      conversations.rename(id, title);
      return liveConversation(id);
    },
    retitleConversation(id, { from, to }) {
      if (liveConversation(id).title !== from) return null;
      conversations.rename(id, to);
      return liveConversation(id);
    },
    chooseConversation(id, choice) {
      liveConversation(id);
      conversations.choose(id, choice);
      return liveConversation(id);
    },
    keepConversationChoice(id, choice) {
      if (liveConversation(id).choice === undefined) conversations.choose(id, choice);
      return liveConversation(id);
    },
    deleteConversation(id, nowMs) {
      if (!conversations.get(id)) throw chatNotFound();
      conversations.moveToBin(id, nowMs);
    },
    restoreConversation(id) {
      conversations.takeFromBin(id);
      return liveConversation(id);
    },
    listBin: ({ after, limit }) => ({
      items: conversations.binPage(after, limit).map(({ deletedAtMs, ...summary }) => ({
        ...summary,
        bin: inBin(deletedAtMs),
      })),
      total: conversations.countBin(),
    }),
    purgeConversation(id) {
      if (!conversations.purge(id)) throw chatNotFound();
      giveSpaceBack(db);
    },
    purgeBin: purgeUpTo,
    purgeExpired: (nowMs) => purgeUpTo(nowMs - BIN_KEEPS_MS - 1).length,

    lineOf: (id) => line.of(id),
    putInLine(message, position) {
      liveConversation(message.conversationId);
      line.insert(message, position);
    },
    editInLine(id, text) {
      line.setText(id, text);
      return inLine(id);
    },
    dropFromLine: (id) => line.drop(id) ?? null,

    setEmotion(messageId, emotion) {
      headOf(messageId);
      emotions.put(messageId, emotion);
    },
    listFacts: () => userFacts.all(),
    putFact: (fact) => userFacts.put(fact),
    dropFact: (id) => userFacts.drop(id),

    listDownloads: () => downloads.all(),
    putDownload: (download) => downloads.put(download),
    dropDownload: (id) => downloads.drop(id),
    modelUses: modelUsesSql(db),

    facts: factsSql(db, path),
    check: () => findProblems(db),
  };

  return {
    ...calls,
    beginTurn: whole(db, calls.beginTurn),
    beginAnswer: whole(db, calls.beginAnswer),
    markStreaming: whole(db, calls.markStreaming),
    appendJournal: withoutWaitingForDisk(db, whole(db, calls.appendJournal)),
    settle: whole(db, calls.settle),
    showVersion: whole(db, calls.showVersion),
  };
}

function inBin(deletedAtMs: number): InBin {
  return { deletedAtMs, goneAtMs: deletedAtMs + BIN_KEEPS_MS };
}

/** All of it happens or nothing. */
function whole<A extends unknown[], R>(db: Database.Database, work: (...args: A) => R): (...args: A) => R {
  const transaction = db.transaction(work);
  return (...args) => transaction.immediate(...args);
}

/** A settled answer is whole: what still arrives for it adds nothing and must not wake it. */
function isSettled({ state }: MessageHead): boolean {
  return state !== 'waiting' && state !== 'streaming';
}

/**
 * The journal survives the death of Hearth at any moment, but not a power failure: some four commits a second for each
 * answer are not worth waking the disk for. The next durable call takes them along.
 */
function withoutWaitingForDisk(db: Database.Database, append: Calls['appendJournal']): Calls['appendJournal'] {
  return (entries) => {
    db.pragma('synchronous = NORMAL');
    try {
      append(entries);
    } finally {
      db.pragma('synchronous = FULL');
    }
  };
}
