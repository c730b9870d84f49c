// An engine process that reads for longer than a limit, telling so; a question with “hang” stops it in the middle.
import type { EngineReply, EngineRequest } from '../../src/main/backends/llamacpp/protocol.ts';

const STEP_MS = 50;
const STEPS = 20;

process.on('disconnect', () => process.exit());
process.on('message', (request: EngineRequest) => {
  const { id, type } = request;
  if (type === 'load') send({ type: 'loaded', id, contextTokens: 4_096, version: 'slow' });
  if (type !== 'chat') return;
  const doesHang = request.messages.some(({ content }) => content.includes('hang'));
  let step = 0;
  const timer = setInterval(() => {
    step += 1;
    const readTokens = step * 100;
    send({ type: 'progress', id, keptTokens: 0, readTokens, promptTokens: STEPS * 100 });
    if (doesHang && step === STEPS / 2) process.kill(process.pid, 'SIGSTOP');
    if (step < STEPS) return;
    clearInterval(timer);
    send({ type: 'text', id, text: 'read' });
    const counts = { contextTokens: 4_096, promptTokens: readTokens, readTokens, answerTokens: 1 };
    send({ type: 'done', id, reason: 'stop', ...counts, answerMs: 0, leftOutMessages: 0 });
  }, STEP_MS);
});

function send(reply: EngineReply): void {
  process.send?.(reply);
}
