// What the user typed after `hearth engine`, checked.
import { LOG_LINES_MAX, type ReleaseChoice } from '../contract/engine.ts';
import { text } from '../main/words/index.ts';
import { parseWords, requireNoMore, UsageError, type Words } from './usage.ts';

export type EngineAction =
  | { action: 'start' | 'stop' | 'restart' | 'kill' | 'remove' }
  | { action: 'status'; isJson: boolean }
  | { action: 'logs'; lines: number; isFollowing: boolean }
  | { action: 'install'; release: ReleaseChoice };
export type EngineCommand = { name: 'engine'; what: EngineAction } | { name: 'help'; topic: 'engine' };

const LINES = 100;

/** @throws UsageError */
export function parseEngine(args: string[]): EngineCommand {
  // Every action says its own options: `hearth engine stop --json` means nothing.
  const [action, ...rest] = args;
  const { values, positionals } = parseWords(rest, optionsOf(action));
  if (values.help === true || action === '--help' || action === '-h') return { name: 'help', topic: 'engine' };
  requireNoMore(positionals);
  return { name: 'engine', what: actionFrom(action, values) };
}

function actionFrom(action: string | undefined, values: Words['values']): EngineAction {
  switch (action) {
    case 'start':
    case 'stop':
    case 'restart':
    case 'kill':
    case 'remove':
      return { action };
    case 'status':
      return { action, isJson: values.json === true };
    case 'logs':
      return { action, lines: linesFrom(values.lines), isFollowing: values.follow === true };
    case 'install':
      return { action, release: values.newest === true ? 'newest' : 'pinned' };
    case undefined:
      throw new UsageError(text('cli:usage.noAction'));
    default:
      throw new UsageError(text('cli:usage.unknownAction', { word: action }));
  }
}

function optionsOf(action: string | undefined): Parameters<typeof parseWords>[1] {
  if (action === 'status') return { json: { type: 'boolean' } };
  if (action === 'logs') return { lines: { type: 'string', short: 'n' }, follow: { type: 'boolean', short: 'f' } };
  if (action === 'install') return { newest: { type: 'boolean' } };
  return {};
}

function linesFrom(given: string | boolean | undefined): number {
  if (given === undefined) return LINES;
  const lines = Number(given);
  if (typeof given === 'string' && /^\d+$/.test(given) && lines <= LOG_LINES_MAX) return lines;
  throw new UsageError(text('cli:usage.lines', { word: String(given), limit: LOG_LINES_MAX }));
}
