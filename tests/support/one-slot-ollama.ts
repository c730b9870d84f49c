// An Ollama with one slot that reads for as long as a test wants, and reads on when nobody waits any more.
import { forever, type ScriptedServer, sendWhole, startScriptedServer } from './scripted-server.ts';

export interface OneSlotOllama extends ScriptedServer {
  /** The prompt that is read now is read to its end: it is answered, if somebody still waits for it, and the next begins. */
  readOn(): void;
  /** Whether a prompt is read, also for nobody. */
  isReading(): boolean;
  /** From now on it tells nothing of itself. */
  hang(): void;
  /** Models that were asked to leave memory. */
  readonly unloaded: string[];
}

const SECOND_NS = 1_000_000_000;

/**
 * Every chat takes the slot in the order of its arrival and gives it back when it is read, as Ollama 0.24 does; one whose
 * client goes while it waits for the slot is dropped.
 * @param listedAs the name under which its model stands in the list of models in memory
 */
export async function startOneSlotOllama({ listedAs = 'tiny:latest' } = {}): Promise<OneSlotOllama> {
  let slot: Promise<void> = Promise.resolve();
  let finishReading: (() => void) | null = null;
  let isHung = false;
  const unloaded: string[] = [];

  const server = await startScriptedServer(async (call) => {
    const { seen, signal } = call;
    const json = (value: unknown) => sendWhole(call, 200, 'application/json', JSON.stringify(value));
    const entry = { name: listedAs, size: 1, expires_at: '2026-11-20T22:25:47Z', size_vram: 0, details: {} };
    if (isHung) return forever(signal);
    if (seen.path === '/api/version') return json({ version: '0.24.0' });
    if (seen.path === '/api/ps') return json({ models: [entry] });
    if (seen.path === '/api/tags') return json({ models: [{ ...entry, name: 'tiny:latest' }] });
    if (seen.path === '/api/generate') {
      unloaded.push((seen.body as { model: string }).model);
      return json({ done: true, done_reason: 'unload' });
    }
    const before = slot;
    let giveBack = (): void => {};
    slot = new Promise((resolve) => (giveBack = resolve));
    await before;
    if (signal.aborted) return giveBack();
    await new Promise<void>((resolve) => (finishReading = resolve));
    giveBack();
    if (signal.aborted) return;
    const counts = { prompt_eval_count: 1_000, prompt_eval_duration: 20 * SECOND_NS, eval_count: 1 };
    const lines = [{ message: { content: 'read' } }, { message: { content: '' }, done: true, ...counts }];
    sendWhole(call, 200, 'application/x-ndjson', lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  });
  return Object.assign(server, {
    readOn() {
      const finish = finishReading;
      finishReading = null;
      finish?.();
    },
    isReading: () => finishReading !== null,
    hang: () => (isHung = true),
    unloaded,
  });
}
