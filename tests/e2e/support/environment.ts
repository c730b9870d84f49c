// The environment a test starts Hearth in.
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';

/** No Ollama unless the test names one: neither a server nor a program on PATH, nor a backend of the person who runs it. */
export function environment(home: string, env: Record<string, string>): Record<string, string> {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && !/^(OLLAMA_|HEARTH_OLLAMA|USE_OLLAMA|LLM_)/.test(entry[0]),
    ),
  );
  const withoutOllama = (inherited.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => !existsSync(path.join(folder, 'ollama')) && !existsSync(path.join(folder, 'ollama.exe')))
    .join(path.delimiter);
  return { ...inherited, PATH: withoutOllama, HEARTH_HOME: home, OLLAMA_HOST: '127.0.0.1:9', ...env };
}

/** No address named, no program on PATH: as on a computer without Ollama. */
export const NO_OLLAMA = { OLLAMA_HOST: '' };

/** Whether this computer's own Ollama runs on the usual port: then a test can't act as if there were none. */
export function hasOwnOllama(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: 11434, timeout: 1_000 });
    const end = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
