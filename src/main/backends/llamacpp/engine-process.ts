// The engine process: a program that plain Node runs, started and spoken to by engine.ts. It ends when its parent does.
import { toFailure } from './engine-failure.ts';
import { loadModel, type LoadedModel } from './loaded-model.ts';
import type { EngineReply, EngineRequest } from './protocol.ts';

type Work = Exclude<EngineRequest, { type: 'abort' }>;

process.title = 'hearth-engine';
// Ctrl+C in a terminal reaches the whole group: the parent decides what it means and ends us.
process.on('SIGINT', () => {});
// The channel closes when the parent stops us and also when it is killed. There is nothing to save, and an orderly exit
// would wait for the native threads.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

let model: LoadedModel | null = null;
let work: Promise<void> = Promise.resolve();
const aborts = new Map<number, AbortController>();

process.on('message', (request: EngineRequest) => {
  if (request.type === 'abort') {
    aborts.get(request.id)?.abort();
    return;
  }
  aborts.set(request.id, new AbortController());
  work = work.then(() => answer(request));
});

async function answer(request: Work): Promise<void> {
  const signal = aborts.get(request.id)?.signal ?? AbortSignal.abort();
  try {
    signal.throwIfAborted();
    await run(request, signal);
  } catch (error) {
    if (signal.aborted) send({ type: 'aborted', id: request.id });
    else send({ type: 'failed', id: request.id, failure: toFailure(error) });
  } finally {
    aborts.delete(request.id);
  }
}

async function run(request: Work, signal: AbortSignal): Promise<void> {
  const { id } = request;
  if (request.type === 'load') {
    // Two models at once may not fit into memory.
    await model?.dispose();
    model = null;
    model = await loadModel(request.model, signal);
    send({ type: 'loaded', id, contextTokens: model.contextTokens, version: model.version });
    return;
  }
  if (model === null) throw new Error('asked before a model was loaded');
  if (request.type === 'embed') {
    send({ type: 'embedded', id, vectors: await model.embed(request.texts, signal) });
    return;
  }
  const result = await model.chat(request.messages, request.options, {
    signal,
    onText: (text) => send({ type: 'text', id, text }),
    onThinking: (text) => send({ type: 'thinking', id, text }),
    onProgress: (progress) => send({ type: 'progress', id, ...progress }),
  });
  send({ type: 'done', id, ...result });
}

function send(reply: EngineReply): void {
  // The channel can close at any moment; `disconnect` ends us then.
  process.send?.(reply, () => {});
}
