// The variables of the environment that name backends, each read by itself: its meaning, or why it has none.
import path from 'node:path';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { BackendId } from '../../../contract/ids.ts';
import { errorInfo, toErrorInfo } from '../../errors/index.ts';
import { endpointIn, parseAddress, withoutCredentials } from '../../ollama/index.ts';
import { text as words } from '../../words/index.ts';
import { nameOf } from '../list/names.ts';
import { isLocal, isModelFile, isOllamaModel, modelFilePath, parseBackendUrl, printBackendUrl } from '../url/url.ts';

/** A variable that is set: its value as it may be shown, and what it means or why it means nothing. */
export type Variable<Meaning> = { name: string; value: string } & (
  | { meaning: Meaning; problem: null }
  | { meaning: null; problem: ErrorInfo }
);

/** What a variable names to be asked. */
export interface Target {
  /** Of the built-in backend that is meant; null: a new one at `url`. */
  builtin: BackendId | null;
  model: string | null;
  url: string;
  /** What a list calls it. */
  label: string;
  isLocal: boolean;
}

const LIMIT_MS = { min: 100, max: 3_600_000 };
const UNITS_MS = { ms: 1, s: 1_000, sec: 1_000, m: 60_000, min: 60_000 } as const;

/** Null: it is not set. What is empty is not set either. */
export function readVariable<Meaning>(
  env: NodeJS.ProcessEnv,
  name: string,
  read: (written: string) => Meaning,
): Variable<Meaning> | null {
  const written = (env[name] ?? '').trim().replaceAll(/^["']|["']$/g, '');
  if (written === '') return null;
  try {
    return { name, value: shown(written), meaning: read(written), problem: null };
  } catch (error) {
    const problem = error instanceof Invalid ? errorInfo('environment_invalid', { name, reason: error.message }) : null;
    return { name, value: withoutCredentials(written), meaning: null, problem: problem ?? toErrorInfo(error) };
  }
}

/** @throws HearthError `backend_url_invalid` */
export function readAddress(written: string): string {
  parseAddress(written);
  return written;
}

export function readModel(written: string): string {
  if (!isOllamaModel(written) || written.length > 300) throw new Invalid('model', written);
  return written;
}

export function readSwitch(written: string): boolean {
  if (/^(?:1|true|yes|on)$/i.test(written)) return true;
  if (/^(?:0|false|no|off)$/i.test(written)) return false;
  throw new Invalid('switch', written);
}

/** Milliseconds. Without a unit, a number below 1000 means seconds. */
export function readDuration(written: string): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?) ?(ms|s|sec|m|min)?$/i.exec(written) ?? [];
  if (digits === '') throw new Invalid('duration', written);
  const number = Number(digits);
  const factor = unit === '' ? (number < 1_000 ? 1_000 : 1) : UNITS_MS[unit.toLowerCase() as keyof typeof UNITS_MS];
  const ms = Math.round(number * factor);
  if (ms < LIMIT_MS.min || ms > LIMIT_MS.max) throw new Invalid('durationLimit', written);
  return ms;
}

/**
 * Null: `local://`, which leaves the choice to Hearth.
 * @param cwd relative model files are relative to here
 * @throws HearthError `backend_url_invalid`
 */
export function readTarget(written: string, cwd: string): Target | null {
  const url = parseBackendUrl(withKind(written));
  const target = { url: printBackendUrl(url), isLocal: isLocal(url) };
  switch (url.scheme) {
    case 'local':
      return null;
    case 'demo':
      return { ...target, builtin: 'demo', model: null, label: '' };
    case 'mlx':
      if (url.model === null) return { ...target, builtin: 'mlx', model: null, label: '' };
      return { ...target, builtin: null, model: null, label: url.model };
    case 'llamacpp': {
      if (url.model === null) return { ...target, builtin: 'llamacpp', model: null, label: '' };
      const model = isModelFile(url.model) ? modelFilePath(url.model, cwd) : url.model;
      const absolute = printBackendUrl({ scheme: 'llamacpp', model });
      return { ...target, url: absolute, builtin: null, model: null, label: path.basename(model) };
    }
    case 'ollama':
      if (url.host === null) return { ...target, builtin: 'ollama', model: url.model, label: '' };
      return { ...target, builtin: null, model: null, label: nameOf(url) };
    case 'http':
    case 'https':
    case 'query+http':
    case 'query+https':
      return { ...target, builtin: null, model: null, label: nameOf(url) };
    default:
      return url satisfies never;
  }
}

/**
 * Says of a plain web address what answers there: with a segment `v1`, without a path or with a model behind a #, an
 * OpenAI-compatible server; at Ollama's port, Ollama; at the place of a known API, what has that API; else a query service.
 */
function withKind(written: string): string {
  const [, scheme, host, pathAndModel = ''] = /^(https?):\/\/([^/?#]*)(.*)$/is.exec(written) ?? [];
  if (scheme === undefined || host === undefined) return written;
  const path = pathAndModel.replace(/[?#].*$/s, '');
  if (endpointIn(path) !== null) return written;
  // Only the native interface lies outside of /v1 there.
  if (host.endsWith(':11434') && scheme.toLowerCase() === 'http' && /^(?:\/|\/api(?:\/.*)?)?$/i.test(pathAndModel))
    return `ollama://@${host}`;
  return /\/v1(?:[/#]|$)|#/i.test(pathAndModel) || /^\/*$/.test(pathAndModel) ? written : `query+${written}`;
}

function shown(written: string): string {
  return /@|\?/.test(written) && !/^(?:ollama|llamacpp|mlx):\/\//i.test(written)
    ? withoutCredentials(written)
    : written;
}

/** The reason is a text of `backends:environment`. */
class Invalid extends Error {
  constructor(reason: string, value: string) {
    super(words(`backends:environment.${reason}`, { value: withoutCredentials(value) }));
  }
}
