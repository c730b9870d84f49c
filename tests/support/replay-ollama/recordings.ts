// The recorded exchanges of tests/fixtures/ollama, and which of them answers a request.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Behaviour, ReplayModel } from './behaviour.ts';

export interface Line {
  /** Since the request, as recorded. */
  ms: number;
  text: string;
}

export interface Recording {
  name: string;
  request: { method: string; path: string; headers: Record<string, string>; body: unknown; raw: string | null };
  response: { status: number; headers: Record<string, string>; headers_ms: number; lines: Line[]; end: string };
}

export interface IncomingCall {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  /** The parsed JSON body; undefined when there is none or it is no JSON. */
  body: unknown;
  raw: string;
}

const folder = fileURLToPath(new URL('../../fixtures/ollama/', import.meta.url));
const cache = new Map<string, Recording>();

/** @param name a file name without `.json`; throws when there is none */
export function recording(name: string): Recording {
  let found = cache.get(name);
  if (!found) {
    found = JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8')) as Recording;
    cache.set(name, found);
  }
  return found;
}

/** All recorded HTTP exchanges, without those of the executable itself. */
export function allRecordings(): Recording[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json') && !file.startsWith('serve-'))
    .map((file) => recording(file.slice(0, -'.json'.length)));
}

/** The models as /api/tags lists them. */
export function tagEntries(models: ReplayModel[] | null): Record<string, unknown>[] {
  if (models === null) {
    const recorded = JSON.parse(recording('tags').response.lines[0]?.text ?? '{}') as { models: [] };
    return recorded.models;
  }
  return models.map((model) => ({
    name: model.name,
    model: model.name,
    modified_at: model.modifiedAt ?? '2026-11-20T22:20:44.077973274Z',
    size: model.sizeBytes ?? 465_695,
    digest: model.digest ?? '8fd0c7561e2829c0e572c3e2dedafaa6e3c7a2087d41b634e7b3e73518877f73',
    details: {
      parent_model: '',
      format: 'gguf',
      family: model.family ?? 'llama',
      families: [model.family ?? 'llama'],
      parameter_size: model.parameters ?? '116K',
      quantization_level: model.quantization ?? 'F32',
    },
    ...(model.capabilities ? { capabilities: model.capabilities } : {}),
    ...(model.remoteHost ? { remote_host: model.remoteHost, remote_model: model.name } : {}),
  }));
}

/** `tiny` and `tiny:latest` name the same model. */
export function hasModel(models: ReplayModel[] | null, name: string): boolean {
  return tagEntries(models).some((entry) => entry.name === name || entry.name === `${name}:latest`);
}

/** Which recording answers the call; the body decides between those of one path. */
export function chooseRecording(call: IncomingCall, behaviour: Behaviour): Recording {
  const { method, path } = call;
  const origin = call.headers.origin;
  if (
    origin === 'null' ||
    (typeof origin === 'string' && /^https?:\/\/(?!localhost|127\.0\.0\.1|0\.0\.0\.0)/.test(origin))
  )
    return recording('bad-origin');
  const known = allRecordings().filter((one) => one.request.path === path);
  if (path === '/' && (method === 'GET' || method === 'HEAD')) return recording('root-head');
  if (known.length === 0) return recording('unknown-path');
  // /api/chat is recorded with GET too, as the wrong method.
  const isRight = known.some((one) => one.request.method === method && one.name !== 'wrong-method');
  if (!isRight && !(method === 'HEAD' && (path === '/api/version' || path === '/api/tags')))
    return recording('wrong-method');
  if (call.raw !== '' && call.body === undefined) return recording('chat-bad-json');
  const body = (call.body ?? {}) as Record<string, unknown>;
  const model = typeof body.model === 'string' ? body.model : '';
  const isMissing = !hasModel(behaviour.models, model);
  switch (path) {
    case '/api/chat':
      return isMissing ? recording('chat-missing-model') : chatRecording(body, behaviour);
    case '/api/show':
      return recording(isMissing ? 'show-missing' : 'show');
    case '/api/copy':
      return recording(hasModel(behaviour.models, String(body.source)) ? 'copy' : 'copy-missing');
    case '/api/delete':
      return recording(isMissing ? 'delete-missing' : 'delete');
    case '/api/pull':
      return pullRecording(body, model);
    case '/api/tags':
      return recording(behaviour.models?.length === 0 ? 'tags-empty' : 'tags');
    case '/v1/chat/completions':
      if (isMissing) return recording('v1-chat-missing-model');
      return recording(body.stream === true ? 'v1-chat-stream' : 'v1-chat');
    default:
      return known[0] ?? recording('root-head');
  }
}

function chatRecording(body: Record<string, unknown>, behaviour: Behaviour): Recording {
  const options = (body.options ?? {}) as Record<string, unknown>;
  if (Object.values(options).some((value) => typeof value === 'string')) return recording('chat-option-wrong-type');
  if (Array.isArray(body.messages) && body.messages.length === 0)
    return recording(body.keep_alive === 0 ? 'unload' : 'chat-load');
  if (body.think !== undefined && body.think !== false && !can(body, behaviour, 'thinking'))
    return recording('chat-think-unsupported');
  if (body.tools !== undefined && !can(body, behaviour, 'tools')) return recording('chat-tools-unsupported');
  if (behaviour.recording !== null) return recording(behaviour.recording);
  const isOfSchema = typeof body.format === 'object' && body.format !== null;
  if (isOfSchema && behaviour.answer === null) return recording('chat-format-schema');
  if (body.logprobs === true) return recording('chat-logprobs');
  return recording(body.stream === false ? 'chat-nostream' : 'chat-stream');
}

function can(body: Record<string, unknown>, behaviour: Behaviour, capability: string): boolean {
  const model = behaviour.models?.find((one) => one.name === body.model || one.name === `${String(body.model)}:latest`);
  return model?.capabilities?.includes(capability) ?? false;
}

function pullRecording(body: Record<string, unknown>, model: string): Recording {
  if (!/^[\w./:-]+$/.test(model)) return recording('pull-bad-name');
  if (model.endsWith(':nope'))
    return recording(body.stream === false ? 'pull-unknown-tag-nostream' : 'pull-unknown-tag');
  return recording('pull-resumed');
}
