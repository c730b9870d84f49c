// Engines that say exactly what a test tells them to, token by token.
import type { BackendStatus } from '../../src/contract/backends.ts';
import type { AnswerSource, AnswerUsage } from '../../src/contract/conversations.ts';
import type { BackendPlan, Backends, ChatMessage, RunEvent } from '../../src/main/backends/index.ts';

export const scriptedSource: AnswerSource = {
  kind: 'ollama',
  url: 'ollama://tiny@127.0.0.1:11434',
  label: 'Ollama',
  model: 'tiny',
  host: '127.0.0.1:11434',
  skipped: [],
};

export const noUsage: AnswerUsage = {
  promptTokens: null,
  answerTokens: null,
  loadMs: null,
  firstTokenMs: null,
  answerMs: null,
  totalMs: null,
};

/** One question as it reached the engine, and the engine's hand. */
export interface ScriptedRun {
  messages: ChatMessage[];
  /** All of the request. */
  request: Parameters<Backends['run']>[1];
  plan: BackendPlan;
  signal: AbortSignal;
  say(...events: RunEvent[]): void;
  /** The usual whole answer: source, the tokens, done. */
  answer(...tokens: string[]): void;
  fail(error: unknown): void;
  /** The stream ends without another word. */
  cut(): void;
}

export interface ScriptedBackends extends Backends {
  readonly runs: ScriptedRun[];
  /** What `plan` does from now on. */
  planWith(plan: Backends['plan']): void;
  /** What `status` tells of the backends there are. */
  known: BackendStatus[];
  /** From now on engines go on after their signal has aborted. */
  beDeaf(): void;
}

export const scriptedPlan: BackendPlan = {
  candidates: [],
  skipped: [],
  purpose: 'chat',
  model: 'tiny',
  lane: 'ollama:127.0.0.1:11434',
  concurrency: 1,
  choiceNow: () => Promise.resolve({ candidates: [], skipped: [], demo: 'never' }),
};

export function scriptedBackends(planned: BackendPlan = scriptedPlan): ScriptedBackends {
  const runs: ScriptedRun[] = [];
  let plan: Backends['plan'] = () => Promise.resolve(planned);
  let isDeaf = false;
  const unused = () => {
    throw new Error('not scripted');
  };
  return {
    runs,
    planWith(newPlan) {
      plan = newPlan;
    },
    beDeaf() {
      isDeaf = true;
    },
    plan: (wish, signal) => plan(wish, signal),
    run(plan, request, signal) {
      const { messages } = request;
      const steps: (RunEvent | { type: 'fail'; error: unknown } | { type: 'cut' })[] = [];
      let wake = () => {};
      const push = (...more: typeof steps) => {
        steps.push(...more);
        wake();
      };
      const say = (...events: RunEvent[]) => push(...events);
      runs.push({
        messages,
        request,
        plan,
        signal,
        say,
        answer: (...tokens) =>
          say({ type: 'source', source: scriptedSource }, ...tokens.map((text) => ({ type: 'text' as const, text })), {
            type: 'done',
            reason: 'stop',
            usage: noUsage,
          }),
        fail: (error) => push({ type: 'fail', error }),
        cut: () => push({ type: 'cut' }),
      });
      signal.addEventListener('abort', () => wake());
      return (async function* () {
        for (;;) {
          if (!isDeaf) signal.throwIfAborted();
          const step = steps.shift();
          if (step === undefined) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          } else if (step.type === 'fail') throw step.error;
          else if (step.type === 'cut') return;
          else yield step;
        }
      })();
    },
    outlook: unused,
    known: [],
    status() {
      return {
        backends: this.known,
        chosen: { id: 'ollama', kind: 'ollama', label: 'Ollama', model: null },
        isChecking: false,
        demo: 'ifNobodyIsThere',
        isOrderAutomatic: true,
        environment: [],
        secretsIn: 'system',
      };
    },
    setWatched: () => {},
    check: unused,
    lookAgain: unused,
    onChange: unused,
    start: unused,
    stop: () => Promise.resolve(),
  };
}
