// SQL of the tone of questions.
import type Database from 'better-sqlite3';
import type { Emotion } from '../../../contract/conversations.ts';
import type { MessageId } from '../../../contract/ids.ts';
import type { EmotionRecord, SourceRecord } from '../protocol.ts';
import { sourceRecordOf } from './turns.ts';

/** The columns to select from `emotions AS e` for `emotionOf`. */
export const EMOTION_COLUMNS =
  'e.label AS emotion_label, e.confidence AS emotion_confidence, e.source AS emotion_source';

/** All null when the message was not judged. */
export interface EmotionRow {
  emotion_label: Emotion['label'] | null;
  emotion_confidence: number | null;
  emotion_source: string | null;
}

export interface EmotionSql {
  put(id: MessageId, emotion: Emotion): void;
}

export function emotionSql(db: Database.Database): EmotionSql {
  const put = db.prepare<[MessageId, Emotion['label'], number, string]>(
    'INSERT OR REPLACE INTO emotions (message_id, label, confidence, source) VALUES (?, ?, ?, ?)',
  );
  return {
    put: (id, { label, confidence, source }) =>
      void put.run(id, label, confidence, JSON.stringify(sourceRecordOf(source))),
  };
}

/** Only this file writes the JSON, so it knows the shape. */
export function emotionOf({ emotion_label, emotion_confidence, emotion_source }: EmotionRow): EmotionRecord | null {
  if (emotion_label === null || emotion_confidence === null || emotion_source === null) return null;
  return {
    label: emotion_label,
    confidence: emotion_confidence,
    source: JSON.parse(emotion_source) as SourceRecord,
  };
}
