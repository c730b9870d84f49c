// `hearth doctor`: one line a check, and for everything that is not in order what to do.
import { toErrorInfo } from '../main/errors/index.ts';
import { text } from '../main/words/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { checkDisk } from './checks/disk.ts';
import { checkElectron } from './checks/electron.ts';
import { checkEngine } from './checks/engine.ts';
import { checkFolder } from './checks/folder.ts';
import { checkHistoryAndOllama } from './checks/history-and-ollama.ts';
import type { Finding } from './checks/finding.ts';

export interface DoctorOptions {
  isJson: boolean;
  version: string;
  stdout: NodeJS.WritableStream;
}

/** Runs every check, whatever the ones before found. 1 when something is broken; warnings leave it 0. */
export async function doctor({ isJson, version, stdout }: DoctorOptions): Promise<ExitCode> {
  const findings: Finding[] = [];
  const checks: (() => Finding[] | Promise<Finding[]>)[] = [
    () => [checkVersions(version)],
    checkFolder,
    checkDisk,
    () => checkHistoryAndOllama(version),
    checkEngine,
    checkElectron,
  ];
  for (const check of checks) {
    const found = await outcome(check);
    findings.push(...found);
    if (!isJson) for (const finding of found) stdout.write(`${asLine(finding)}\n`);
  }
  const isBroken = findings.some(({ level }) => level === 'broken');
  if (isJson) stdout.write(`${JSON.stringify({ ok: !isBroken, findings }, null, 2)}\n`);
  else stdout.write(`\n${summary(findings)}\n`);
  return isBroken ? EXIT.failed : EXIT.answered;
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

const SIGNS = { good: '✓', note: '·', warning: '!', broken: '✗' } as const;

function asLine({ level, name, found, todo }: Finding): string {
  const line = `${SIGNS[level]} ${name}: ${found}`;
  return todo === undefined ? line : `${line}\n    ${todo}`;
}

function summary(findings: Finding[]): string {
  if (findings.some(({ level }) => level === 'broken')) return text('cli:doctor.someBroken');
  if (findings.some(({ level }) => level === 'warning')) return text('cli:doctor.someWarnings');
  return text('cli:doctor.allGood');
}

function checkVersions(hearth: string): Finding {
  const values = { hearth, node: process.versions.node, platform: `${process.platform} ${process.arch}` };
  return { level: 'good', name: text('cli:doctor.versions.name'), found: text('cli:doctor.versions.ok', values) };
}
