// Time to the first token: a question through Hearth's main process (stored, queued, asked, streamed) against a bare
// node:http client on the same scripted server, one after the other in turns. The server waits 25 ms before its first
// token, less than any real model: the durable write of the question happens in that time.
import { Agent, request } from 'node:http';
import { quantile, reportRatio } from './support/report.ts';
import { startBench } from './support/bench-services.ts';

const ROUNDS = 200;
const WARM_UP = 20;
const QUESTION = 'first=25 rate=0 tokens=4';
/** Hearth may add this to the median. */
const GOAL_ADDED_MS = 0.4;

const bench = await startBench();
const { chat } = await bench.services.history();
const agent = new Agent({ keepAlive: true });

const bare: number[] = [];
const hearth: number[] = [];
for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
  const bareMs = await bareFirstToken();
  const hearthMs = await hearthFirstToken();
  if (round < WARM_UP) continue;
  bare.push(bareMs);
  hearth.push(hearthMs);
}
agent.destroy();
await bench.stop();

const addedMs = quantile(hearth, 0.5) - quantile(bare, 0.5);
reportRatio('first-token', quantile(hearth, 0.5) / quantile(bare, 0.5), (25 + GOAL_ADDED_MS) / 25, {
  added_ms_p50: addedMs,
  goal_added_ms: GOAL_ADDED_MS,
  bare_ms_p50: quantile(bare, 0.5),
  hearth_ms_p50: quantile(hearth, 0.5),
  bare_ms_p95: quantile(bare, 0.95),
  hearth_ms_p95: quantile(hearth, 0.95),
});

function bareFirstToken(): Promise<number> {
  const body = JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: QUESTION }] });
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    let firstMs = Number.NaN;
    const call = request(
      {
        agent,
        host: '127.0.0.1',
        port: bench.port,
        method: 'POST',
        path: '/api/chat',
        headers: { 'content-type': 'application/json' },
      },
      (response) => {
        response.on('data', (chunk: Buffer) => {
          if (!Number.isNaN(firstMs)) return;
          JSON.parse(chunk.toString().split('\n', 1)[0] ?? '');
          firstMs = performance.now() - startedAt;
        });
        response.on('end', () => resolve(firstMs));
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

async function hearthFirstToken(): Promise<number> {
  const startedAt = performance.now();
  const { answer } = await chat.send({ conversationId: null, text: QUESTION }, 'window');
  let firstMs = Number.NaN;
  for await (const event of chat.attach({ messageId: answer.id, afterSeq: 0 }, AbortSignal.timeout(10_000))) {
    if (event.type === 'delta' && Number.isNaN(firstMs)) firstMs = performance.now() - startedAt;
    if (event.type === 'settled' && event.message.source?.kind !== 'ollama')
      throw new Error('not answered by the scripted server');
  }
  return firstMs;
}
