// `mlx_lm.server` as a child of Hearth: one at a time, for one model, ended with Hearth whatever happens to it.
import type { Log } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import {
  beginChild,
  type ChildEnd,
  endStale,
  howItEnded,
  lastWords,
  type OllamaChild,
  untilItAnswers,
} from '../../ollama/index.ts';
import { text } from '../../words/index.ts';
import { unlessAborted, within } from '../../waits/index.ts';
import { freePort } from './port.ts';

export const MLX_LABEL = 'MLX';

/** Between SIGTERM and SIGKILL: it has nothing to save. */
const GRACE_MS = 2_000;
const LINES_KEPT = 20;
/** How often another port is tried when somebody was quicker. */
const PORT_TRIES = 3;
/** What the end of the process may take to be known after its connections have broken. */
const END_KNOWN_MS = 500;
/** Its note of every request, and the shell's word for a signal: nothing to tell of its end. */
const NOT_ITS_WORDS = [
  /^\d+\.\d+\.\d+\.\d+ - - \[/,
  /^(?:\S+: line \d+: +\d+ )?(?:Killed|Terminated|Aborted|Abort trap|Segmentation fault|Bus error)\b/,
];

export interface MlxServerOptions {
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  /** For the next Hearth, should this one end without ending it. */
  pidPath: string;
  log?: Log | undefined;
  /** A test's own. */
  port?: () => Promise<number>;
}

export interface MlxWish {
  program: string;
  model: string;
  /** From its start to its first answer: it reads the model before it listens, and may fetch it before that. */
  loadMs: number;
}

/** A server that answers. */
export interface MlxRun {
  readonly model: string;
  /** `127.0.0.1:port`. */
  readonly host: string;
  /** Why it left a question open: its end, or `cancelled` when we ended it; null when it lives. Waits half a second. */
  crash(): Promise<HearthError | null>;
}

export interface MlxServer {
  /** The one that starts or answers. */
  current(): { model: string; state: 'starting' | 'ready' } | null;
  /** Of the server itself. */
  pid(): Promise<number | null>;
  /**
   * The server with this model: the one that runs, or a new one in its place. Not to be called before the call before has
   * settled. Rejects with `backend_failed`, `backend_load_timeout` or `cancelled`.
   */
  open(wish: MlxWish, signal: AbortSignal): Promise<MlxRun>;
  /** Ends it; the next `open` starts it again. */
  end(): Promise<void>;
  /** Ends it for good. Idempotent. */
  stop(): Promise<void>;
}

interface Life extends MlxRun {
  program: string;
  port: number;
  child: OllamaChild;
  state: 'starting' | 'ready';
  lines: string[];
  end: ChildEnd | null;
  isEnding: boolean;
}

export function createMlxServer({ env, platform, pidPath, log, port = freePort }: MlxServerOptions): MlxServer {
  const stopping = new AbortController();
  let life: Life | null = null;
  let cleared: Promise<void> | null = null;
  const onFileError = (error: unknown) => log?.warn('A file about MLX could not be used', { error });

  function begin({ program, model }: MlxWish, ofPort: number): Life {
    const lines: string[] = [];
    const child = beginChild({
      program,
      args: ['--model', model, '--host', '127.0.0.1', '--port', String(ofPort)],
      // Without it Python keeps its last words to itself when it is ended.
      env: { ...env, PYTHONUNBUFFERED: '1' },
      graceMs: GRACE_MS,
      platform,
      pidPath,
      onFileError,
      onLines(said) {
        lines.push(...said.filter((line) => !NOT_ITS_WORDS.some((pattern) => pattern.test(line))));
        lines.splice(0, lines.length - LINES_KEPT);
        return Promise.resolve();
      },
    });
    const begun: Life = {
      program,
      model,
      port: ofPort,
      host: `127.0.0.1:${ofPort}`,
      child,
      state: 'starting',
      lines,
      end: null,
      isEnding: false,
      async crash() {
        await within(END_KNOWN_MS, child.ended);
        if (begun.isEnding) return new HearthError('cancelled');
        return begun.end === null ? null : failed(begun, begun.end);
      },
    };
    void follow(begun);
    return (life = begun);
  }

  async function follow(begun: Life): Promise<void> {
    const { child, lines } = begun;
    begun.end = await child.ended;
    if (life === begun) life = null;
    if (!begun.isEnding) log?.warn('mlx_lm.server ended', { how: howItEnded(begun.end), lines });
    // Its note goes with it.
    await child.end();
  }

  async function end(): Promise<void> {
    const ending = life;
    if (ending === null) return;
    ending.isEnding = true;
    await ending.child.end();
    if (life === ending) life = null;
  }

  /** Resolves when it answers, rejects when it ends or takes too long. */
  async function untilReady(begun: Life, { loadMs }: MlxWish, signal: AbortSignal): Promise<void> {
    const asking = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      const late = { backend: MLX_LABEL, model: begun.model, seconds: loadMs / 1000 };
      timer = setTimeout(() => reject(new HearthError('backend_load_timeout', late)), loadMs);
    });
    const tooShort = begun.child.ended.then((ended) => {
      throw failed(begun, ended);
    });
    const answers = untilItAnswers(begun.port, asking.signal, { path: '/health' });
    try {
      await unlessAborted(Promise.race([answers, tooLate, tooShort]), signal);
    } finally {
      clearTimeout(timer);
      asking.abort();
      // Whatever came first, the others have nobody who listens.
      for (const one of [answers, tooShort]) one.catch(() => null);
    }
    begun.state = 'ready';
  }

  async function open(wish: MlxWish, signal: AbortSignal): Promise<MlxRun> {
    if (life?.state === 'ready' && life.model === wish.model && life.program === wish.program) return life;
    await end();
    cleared ??= endStale({ pidPath, platform, env, graceMs: GRACE_MS, onError: onFileError });
    await unlessAborted(cleared, signal);
    for (let tries = 1; ; tries += 1) {
      const begun = begin(wish, await unlessAborted(port(), signal));
      try {
        await untilReady(begun, wish, signal);
        return begun;
      } catch (error) {
        const isTaken = begun.end !== null && begun.lines.some((line) => /address already in use/i.test(line));
        begun.isEnding = true;
        await begun.child.end();
        if (!isTaken || tries >= PORT_TRIES || signal.aborted) throw error;
      }
    }
  }

  return {
    current: () => (life === null ? null : { model: life.model, state: life.state }),
    pid: async () => (await life?.child.pid) ?? null,
    async open(wish, signal) {
      const until = AbortSignal.any([signal, stopping.signal]);
      if (until.aborted) throw new HearthError('cancelled');
      return open(wish, until);
    },
    end,
    async stop() {
      stopping.abort(new HearthError('cancelled'));
      await end();
    },
  };
}

function failed({ lines }: Life, end: ChildEnd): HearthError {
  const how = howItEnded(end);
  const said = lastWords(lines);
  const reason = said === null ? text('mlx:ended_silent', { how }) : text('mlx:ended_saying', { how, said });
  return new HearthError('backend_failed', { backend: MLX_LABEL, reason }, { detail: lines.join('\n') });
}
