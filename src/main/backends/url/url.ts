// Backends as URLs: the one place that reads and writes them. The table of schemes is in docs/user-guide.md.
//
// After `ollama://`, `llamacpp://` and `mlx://` the text is taken as it is, without percent signs meaning anything:
// people type names and files. The others are web addresses, and keep their percent signs.
import { isThisComputer } from '../../../contract/hosts.ts';
import { endpointIn, withoutCredentials } from '../../ollama/index.ts';
import { readAuthority, refusal, type Refuse, webAddress } from './url-parts.ts';

export { withoutCredentials };
export { absoluteBackendUrl, absoluteModel, isModelFile, isModelPath, modelFilePath } from './url-files.ts';

export type BackendUrl =
  /** Choose for me. */
  | { scheme: 'local' }
  /** Null takes the model, or the address, of the settings. The host is `host:port`. */
  | { scheme: 'ollama'; model: string | null; host: string | null }
  /** A GGUF file (absolute, or relative to where the caller is) or the name of a model in the models folder. */
  | { scheme: 'llamacpp'; model: string | null }
  /** A model of the Hugging Face Hub, `org/model`; null takes the one of the settings. */
  | { scheme: 'mlx'; model: string | null }
  /** OpenAI-compatible. The base has its path and no slash at the end, for example `http://gpu.lan:8000/v1`. */
  | { scheme: 'http' | 'https'; base: string; host: string; model: string | null }
  /** A service that answers POST {query}, at exactly this http(s) address. */
  | { scheme: 'query+http' | 'query+https'; url: string; host: string }
  | { scheme: 'demo' };

type Scheme = BackendUrl['scheme'];

/** One for each scheme, as the sentences about a wrong URL show it. */
const EXAMPLES: Record<Scheme, string> = {
  local: 'local://',
  ollama: 'ollama://llama3.2:3b@gpu.lan:11434',
  llamacpp: 'llamacpp:///models/tiny.gguf',
  mlx: 'mlx://mlx-community/Llama-3.2-3B-Instruct-4bit',
  http: 'http://127.0.0.1:8000/v1',
  https: 'https://gpu.lan/v1#llama3.2',
  'query+http': 'query+http://127.0.0.1:8000/ask',
  'query+https': 'query+https://gpu.lan/ask',
  demo: 'demo://',
};

const OLLAMA_PORT = 11_434;
const OLLAMA_MODEL = /^\w[\w./:-]*$/;
const MLX_MODEL = /^\w[\w.-]*\/\w[\w.-]*$/;

/**
 * Hosts come out in lower case and with their port; an http(s) URL without a path gets `/v1`, and one that was copied from
 * a request (`…/v1/chat/completions`, `…/api/chat`) means the server that the request went to.
 * @throws HearthError `backend_url_invalid` with the reason, the wrong place and an example of the scheme
 */
export function parseBackendUrl(text: string): BackendUrl {
  const [, written = null, rest = ''] = /^([a-z][a-z\d+.-]*):\/\/(.*)$/is.exec(text) ?? [];
  if (written === null) throw refusal(text, EXAMPLES.ollama)(withoutCredentials(text), 'noScheme');
  const scheme = written.toLowerCase();
  if (!isScheme(scheme)) throw refusal(text, EXAMPLES.ollama)(`${written}://`, 'unknownScheme');
  return parseRest(scheme, rest, refusal(text, EXAMPLES[scheme]));
}

/** The one text of this backend: `parseBackendUrl` reads it as the same. */
export function printBackendUrl(url: BackendUrl): string {
  switch (url.scheme) {
    case 'local':
    case 'demo':
      return `${url.scheme}://`;
    case 'ollama':
      return `ollama://${url.model ?? ''}${url.host === null ? '' : `@${url.host}`}`;
    case 'llamacpp':
    case 'mlx':
      return `${url.scheme}://${url.model ?? ''}`;
    case 'http':
    case 'https':
      return `${url.base}${url.model === null ? '' : `#${url.model}`}`;
    case 'query+http':
    case 'query+https':
      return `query+${url.url}`;
    default:
      return url satisfies never;
  }
}

/** Whether what is asked there stays on this computer. What names no host does. */
export function isLocal(url: BackendUrl): boolean {
  return !('host' in url) || isThisComputer(url.host);
}

/** Whether Ollama could have a model of this name. */
export function isOllamaModel(name: string): boolean {
  return OLLAMA_MODEL.test(name);
}

function isScheme(word: string): word is Scheme {
  return Object.hasOwn(EXAMPLES, word);
}

function parseRest(scheme: Scheme, rest: string, refuse: Refuse): BackendUrl {
  switch (scheme) {
    case 'local':
    case 'demo':
      if (rest !== '') throw refuse(withoutCredentials(rest), 'nothingFollows', { scheme: `${scheme}://` });
      return { scheme };
    case 'ollama':
      return parseOllama(rest, refuse);
    case 'llamacpp':
      if (/\p{Cc}/u.test(rest)) throw refuse(rest, 'controlCharacters');
      return { scheme, model: rest === '' ? null : rest };
    case 'mlx':
      if (rest !== '' && !MLX_MODEL.test(rest)) throw refuse(withoutCredentials(rest), 'mlxModel');
      return { scheme, model: rest === '' ? null : rest };
    case 'http':
    case 'https': {
      const hash = rest.indexOf('#');
      const address = withoutQuery(hash < 0 ? rest : rest.slice(0, hash));
      const { origin, host, path } = webAddress(scheme, address, wary(rest, refuse));
      const written = hash < 0 ? '' : rest.slice(hash + 1);
      if (/\p{Cc}/u.test(written)) throw refuse(written, 'controlCharacters');
      const model = written === '' ? null : written;
      const endpoint = endpointIn(path);
      if (endpoint?.api === 'ollama') {
        // Below another path, over TLS, or with a name that is none of Ollama's, it answers as the others do.
        const isPlain = scheme === 'http' && endpoint.base === '' && (model === null || isOllamaModel(model));
        return isPlain
          ? { scheme: 'ollama', model, host }
          : { scheme, base: `${origin}${endpoint.base}/v1`, host, model };
      }
      return { scheme, base: origin + ((endpoint?.base ?? path).replace(/\/+$/, '') || '/v1'), host, model };
    }
    case 'query+http':
    case 'query+https': {
      const { origin, host, path } = webAddress(scheme === 'query+http' ? 'http' : 'https', rest, wary(rest, refuse));
      return { scheme, url: origin + path, host };
    }
    default:
      return scheme satisfies never;
  }
}

function parseOllama(rest: string, refuse: Refuse): BackendUrl {
  const at = rest.indexOf('@');
  const model = at < 0 ? rest : rest.slice(0, at);
  const after = at < 0 ? null : rest.slice(at + 1).replace(/\/$/, '');
  if (model !== '' && !isOllamaModel(model)) {
    // What stands before an @ may be meant as a name and a password.
    throw refuse(at < 0 ? model : model.replace(/:.*$/s, ':***'), 'ollamaModel');
  }
  const host = after === null ? null : readAuthority('http', after, refuse);
  return {
    scheme: 'ollama',
    model: model === '' ? null : model,
    host: host && `${host.hostname}:${host.port ?? OLLAMA_PORT}`,
  };
}

/** What belongs to one request is left out; behind anything else a ? may begin a key, and is refused. */
function withoutQuery(address: string): string {
  const [, authority = '', path = ''] = /^([^/?]*)([^?]*)\?[^@]*$/s.exec(address) ?? [];
  return endpointIn(path) === null ? address : authority + path;
}

/** A password may hold a slash or a #: then what stands before it is no host, and must not be repeated as one. */
function wary(rest: string, refuse: Refuse): Refuse {
  return (place, reason, values) =>
    rest.includes('@') ? refuse('***@', 'credentials') : refuse(place, reason, values);
}
