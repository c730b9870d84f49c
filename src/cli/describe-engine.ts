// The engine's status in a few lines.
import type { EngineStatus } from '../contract/engine.ts';
import { text } from '../main/words/index.ts';

/** The first line says how it is; the others why, what it does, and what is left to do. */
export function engineLines(status: EngineStatus): string[] {
  const { owner, state, problem, lastLines, activity, needsRestart } = status;
  const values = {
    version: status.version ?? '',
    host: status.host ?? '',
    pid: status.pid ?? '',
    program: status.program ?? '',
  };
  const key = state === 'ready' && owner === 'other' ? 'readyElsewhere' : state;
  return [
    text(`cli:engine.state.${key}`, values).replaceAll(/ +/g, ' '),
    ...(problem === null ? [] : [problem.message]),
    ...lastLines.map((line) => `  ${line}`),
    ...activity.map(({ type, model }) => text(`cli:engine.activity.${type}`, { model })),
    ...(needsRestart ? [text('cli:engine.needsRestart')] : []),
  ];
}
