// Is the history sound, and how is Ollama? Asked of the running Hearth, or of services started here.
import type { BackendsStatus, BackendStatus } from '../../contract/backends.ts';
import { toErrorInfo } from '../../main/errors/index.ts';
import { text } from '../../main/words/index.ts';
import { type Connection, engineStatus } from '../connect.ts';
import { type Finding, sizeForPeople } from './finding.ts';

/** @param failure why there is no connection: the history can't be opened */
export async function checkHistoryAndOllama(
  hearth: { connection: Connection } | { failure: unknown },
  version: string,
): Promise<Finding[]> {
  // Without a history there is still something to say about Ollama.
  if ('failure' in hearth)
    return [brokenHistory(toErrorInfo(hearth.failure).message), ollama(await engineStatus(version))];
  const { connection } = hearth;
  const findings = [await history(connection), ollama(await connection.client.backends.status())];
  if (connection.isShared) findings.push({ level: 'note', name: 'Hearth', found: text('cli:doctor.running') });
  return findings;
}

async function history({ client, folder }: Connection): Promise<Finding> {
  const report = await client.app.checkHistory();
  if (report.problems.length > 0) {
    return {
      ...brokenHistory(text('cli:doctor.history.bad', { problems: report.problems.slice(0, 3).join('; ') })),
      todo: text('cli:doctor.history.todo', { path: folder }),
    };
  }
  const found = text('cli:doctor.history.ok', {
    chats: text('cli:doctor.history.chats', { count: report.conversations }),
    messages: text('cli:doctor.history.messages', { count: report.messages }),
    size: sizeForPeople(report.sizeBytes),
    sqlite: report.sqliteVersion,
  });
  return { level: 'good', name: text('cli:doctor.history.name'), found };
}

const brokenHistory = (found: string): Finding => ({
  level: 'broken',
  name: text('cli:doctor.history.name'),
  found,
});

function ollama({ backends }: BackendsStatus): Finding {
  const name = text('cli:doctor.ollama.name');
  const status = backends.find(({ kind }) => kind === 'ollama');
  if (status?.state === 'asleep') return { level: 'good', name, found: text('cli:doctor.ollama.asleep') };
  if (status?.state !== 'ready') return missingOllama(name, status);
  const models = text('cli:doctor.ollama.models', { count: status.models.length });
  const values = { version: status.version ?? '?', host: status.host ?? '?', models };
  if (status.models.length === 0) {
    const todo = text('cli:doctor.ollama.todoModels');
    return { level: 'warning', name, found: text('cli:doctor.ollama.noModels', values), todo };
  }
  return { level: 'good', name, found: text('cli:doctor.ollama.ok', values) };
}

function missingOllama(name: string, status: BackendStatus | undefined): Finding {
  const isMissing = status?.problem?.code === 'ollama_not_installed';
  return {
    level: 'warning',
    name,
    found: status?.problem?.message ?? '?',
    todo: text(isMissing ? 'cli:doctor.ollama.todoMissing' : 'cli:doctor.ollama.todoCheck'),
  };
}
