// Backends as URLs: `local://`, `ollama://model@host:port`, `llamacpp://file-or-name`, `demo://`.
//
// What follows the scheme is taken as it is written, without percent signs meaning anything: people type file names.
import path from 'node:path';
import { HearthError } from '../errors/index.ts';

export type BackendUrl =
  /** Choose for me. */
  | { scheme: 'local' }
  /** Null takes the model, or the address, of the settings. */
  | { scheme: 'ollama'; model: string | null; host: string | null }
  /** A GGUF file (absolute, or relative to where the caller is) or the name of a model in the models folder. */
  | { scheme: 'llamacpp'; model: string | null }
  | { scheme: 'demo' };

const OLLAMA_MODEL = /^[\w][\w./:-]*$/;
const HOST = /^(?:\[[\da-f:.]+\]|[a-z\d](?:[a-z\d.-]*[a-z\d])?)(?::\d{1,5})?$/i;

/** @throws HearthError `backend_url_invalid` with the reason */
export function parseBackendUrl(text: string): BackendUrl {
  const refuse = (reason: string) => new HearthError('backend_url_invalid', { url: text, reason });
  const [, scheme, rest = ''] = /^([a-z][a-z\d+.-]*):\/\/(.*)$/is.exec(text) ?? [];
  switch (scheme?.toLowerCase()) {
    case undefined:
      throw refuse('it does not start with a scheme like ollama://');
    case 'local':
    case 'demo':
      if (rest !== '') throw refuse(`nothing may follow ${scheme?.toLowerCase()}://`);
      return { scheme: scheme?.toLowerCase() === 'demo' ? 'demo' : 'local' };
    case 'ollama':
      return parseOllama(rest, refuse);
    case 'llamacpp':
      if (/\p{Cc}/u.test(rest)) throw refuse('a file name has no control characters');
      return { scheme: 'llamacpp', model: rest === '' ? null : rest };
    default:
      throw refuse(`${scheme}:// is an unknown scheme`);
  }
}

/** The shortest text that `parseBackendUrl` reads as the same. */
export function printBackendUrl(url: BackendUrl): string {
  if (url.scheme === 'ollama') return `ollama://${url.model ?? ''}${url.host === null ? '' : `@${url.host}`}`;
  if (url.scheme === 'llamacpp') return `llamacpp://${url.model ?? ''}`;
  return `${url.scheme}://`;
}

/**
 * The URL with its model file made absolute, for a process that works in another folder. Anything else, also what is no
 * backend URL at all, comes back as it is: whoever uses it says what is wrong.
 */
export function absoluteBackendUrl(text: string, cwd: string): string {
  const [, file] = /^llamacpp:\/\/(.+)$/is.exec(text) ?? [];
  if (file === undefined || !isModelFile(file)) return text;
  return printBackendUrl({ scheme: 'llamacpp', model: modelFilePath(file, cwd) });
}

/** Whether the model of a `llamacpp://` URL names a file; else it names a model in the models folder. */
export function isModelFile(model: string): boolean {
  return /[/\\]/.test(model) || /\.gguf$/i.test(model);
}

/** Whether a model that is named without a backend can only be a file: Ollama's names have slashes, but not like these. */
export function isModelPath(model: string): boolean {
  return /\.gguf$/i.test(model) || /^(?:[./\\]|[a-z]:[\\/])/i.test(model);
}

/** A model named without a backend, a file made absolute for a process that works in another folder. */
export function absoluteModel(model: string, cwd: string): string {
  return isModelPath(model) ? modelFilePath(model, cwd) : model;
}

/** Where the file lies. `/C:/models/x.gguf` is how a URL holds the path of a Windows drive. */
export function modelFilePath(model: string, cwd: string): string {
  return path.resolve(cwd, model.replace(/^\/(?=[a-z]:[\\/])/i, ''));
}

function parseOllama(rest: string, refuse: (reason: string) => HearthError): BackendUrl {
  const at = rest.lastIndexOf('@');
  const model = at < 0 ? rest : rest.slice(0, at);
  const host = at < 0 ? null : rest.slice(at + 1);
  if (model !== '' && !OLLAMA_MODEL.test(model)) throw refuse(`“${model}” is not the name of a model`);
  if (host !== null && !isHost(host)) throw refuse(`“${host}” is not a host and port`);
  return { scheme: 'ollama', model: model === '' ? null : model, host };
}

function isHost(host: string): boolean {
  const port = Number(/:(\d+)$/.exec(host)?.[1] ?? 1);
  return HOST.test(host) && port > 0 && port <= 65_535;
}
