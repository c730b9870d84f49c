// `hearth doctor`: first whether a question would be answered now, then one line a check, and for everything that is not in
// order what to do.
import { toErrorInfo } from '../main/errors/index.ts';
import { text } from '../main/words/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { checkDisk } from './checks/disk.ts';
import { checkElectron } from './checks/electron.ts';
import { checkEngine } from './checks/engine.ts';
import { checkFolder } from './checks/folder.ts';
import { checkHistoryAndOllama } from './checks/history-and-ollama.ts';
import { brokenQuestion, checkQuestion, type QuestionReport } from './checks/question.ts';
import type { Finding } from './checks/finding.ts';
import type { Connection } from './connect.ts';
import { withoutControl } from './output.ts';

export interface DoctorOptions {
  isJson: boolean;
  version: string;
  /** To the running Hearth, or to services of this process; rejects where the history can't be opened. */
  connect: () => Promise<Connection>;
  stdout: NodeJS.WritableStream;
}

const SIGNS = { good: '✓', note: '·', warning: '!', broken: '✗' } as const;
const INDENT = '\n    ';

type Hearth = { connection: Connection } | { failure: unknown };

/**
 * Runs every check, whatever the ones before found. 1 when something is broken or a question would fail, 3 when it would get
 * a demo reply; warnings leave it 0.
 */
export async function doctor(options: DoctorOptions): Promise<ExitCode> {
  const hearth: Hearth = await options.connect().then(
    (connection) => ({ connection }),
    (failure: unknown) => ({ failure }),
  );
  try {
    return await examine(hearth, options);
  } finally {
    if ('connection' in hearth) await hearth.connection.close();
  }
}

async function examine(hearth: Hearth, { isJson, version, stdout }: DoctorOptions): Promise<ExitCode> {
  const tell = (line: string) => void (isJson || stdout.write(`${withoutControl(line)}\n`));
  const question = 'connection' in hearth ? await checkQuestion(hearth.connection.client) : broken(hearth.failure);
  tell(`${SIGNS[question.level]} ${question.lines.join(INDENT)}\n`);

  const findings: Finding[] = [];
  const checks: (() => Finding[] | Promise<Finding[]>)[] = [
    () => [checkVersions(version)],
    checkFolder,
    checkDisk,
    () => checkHistoryAndOllama(hearth, version),
    checkEngine,
    checkElectron,
  ];
  for (const check of checks) {
    const found = await outcome(check);
    findings.push(...found);
    for (const finding of found) tell(asLine(finding));
  }
  const ok = !findings.some(({ level }) => level === 'broken');
  if (isJson) stdout.write(`${JSON.stringify({ ok, question: question.report, findings }, null, 2)}\n`);
  tell(`\n${summary([question.level, ...findings.map(({ level }) => level)])}`);
  return codeOf(question.report, ok);
}

const broken = (failure: unknown) => brokenQuestion(toErrorInfo(failure));

function codeOf({ answer }: QuestionReport, ok: boolean): ExitCode {
  if (!ok || answer === 'none') return EXIT.failed;
  return answer === 'demo' ? EXIT.demo : EXIT.answered;
}

/** A check that fails itself is a finding too. */
async function outcome(check: () => Finding[] | Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    const { message, detail } = toErrorInfo(error);
    const found = detail === undefined ? message : `${message} (${detail})`;
    return [{ level: 'broken', name: 'Hearth', found }];
  }
}

function asLine({ level, name, found, todo }: Finding): string {
  const line = `${SIGNS[level]} ${name}: ${found}`;
  return todo === undefined ? line : `${line}${INDENT}${todo}`;
}

function summary(levels: readonly Finding['level'][]): string {
  if (levels.includes('broken')) return text('cli:doctor.someBroken');
  if (levels.includes('warning')) return text('cli:doctor.someWarnings');
  return text('cli:doctor.allGood');
}

function checkVersions(hearth: string): Finding {
  const values = { hearth, node: process.versions.node, platform: `${process.platform} ${process.arch}` };
  return { level: 'good', name: text('cli:doctor.versions.name'), found: text('cli:doctor.versions.ok', values) };
}
