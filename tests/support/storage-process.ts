// A program that opens a history and does what it is told on standard input, one JSON line each: made to be killed.
import { createInterface } from 'node:readline';
import type { AnswerSource } from '../../src/contract/conversations.ts';
import type { InLine } from '../../src/contract/line.ts';
import type { Fact } from '../../src/contract/facts.ts';
import type { MessageId } from '../../src/contract/ids.ts';
import {
  openStorage,
  type NewTurn,
  type Settlement,
  type Storage,
  type StoredDownload,
} from '../../src/main/storage/index.ts';
import { toErrorInfo } from '../../src/main/errors/index.ts';

export type Command =
  | { do: 'begin'; turn: NewTurn; textChars?: number }
  /** Appends `[1]`, `[2]`, ... and reports each number when it is kept, until the process dies. */
  | { do: 'journal-forever'; messageId: MessageId }
  | { do: 'journal'; messageId: MessageId; text: string }
  | { do: 'settle'; settlement: Settlement }
  | { do: 'stream'; messageId: MessageId; source: AnswerSource }
  | { do: 'again'; answer: Parameters<Storage['beginAnswer']>[0] }
  | { do: 'show'; messageId: MessageId }
  | { do: 'wait'; message: InLine }
  | { do: 'fact'; fact: Fact }
  | { do: 'download'; download: StoredDownload };
export type Report = { ok: string | number } | { code: string; message: string; detail?: string };

const report = (line: Report): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const folder = process.argv[2] ?? '';
const workerUrl = new URL('../../src/main/storage/worker.ts', import.meta.url);

try {
  const storage = await openStorage({ folder, workerUrl });
  report({ ok: 'open' });
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      await run(JSON.parse(line) as Command);
    } catch (error) {
      report(toErrorInfo(error));
    }
  }
  await storage.close();

  async function run(command: Command): Promise<void> {
    switch (command.do) {
      case 'begin': {
        const text = command.textChars === undefined ? command.turn.question.text : 'x'.repeat(command.textChars);
        await storage.beginTurn({ ...command.turn, question: { ...command.turn.question, text } });
        return report({ ok: 'begun' });
      }
      case 'journal-forever':
        for (let number = 1; ; number += 1) {
          await storage.appendJournal([{ messageId: command.messageId, kind: 'text', text: `[${number}]` }]);
          report({ ok: number });
        }
      case 'journal':
        await storage.appendJournal([{ messageId: command.messageId, kind: 'text', text: command.text }]);
        return report({ ok: 'kept' });
      case 'settle':
        await storage.settle(command.settlement);
        return report({ ok: 'settled' });
      case 'stream':
        await storage.markStreaming(command.messageId, command.source);
        return report({ ok: 'streaming' });
      case 'again':
        await storage.beginAnswer(command.answer);
        return report({ ok: 'begun' });
      case 'show':
        await storage.showVersion(command.messageId);
        return report({ ok: 'shown' });
      case 'wait':
        await storage.putInLine(command.message);
        return report({ ok: 'waits' });
      case 'fact':
        await storage.putFact(command.fact);
        return report({ ok: 'put' });
      case 'download':
        await storage.putDownload(command.download);
        return report({ ok: 'put' });
    }
  }
} catch (error) {
  report(toErrorInfo(error));
}
