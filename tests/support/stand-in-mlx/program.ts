// The stand-in for `mlx_lm.server`: its arguments, /health and /v1/chat/completions, and what a model's name tells it to do.
//
// `program.ts FOLDER --model MODEL --host HOST --port PORT`; each start is a line in FOLDER/starts.jsonl, each question one
// in FOLDER/questions.jsonl.
import { appendFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { StandInModel } from './index.ts';

const [folder = '.', ...args] = process.argv.slice(2);
const { values } = parseArgs({
  args,
  options: { model: { type: 'string' }, host: { type: 'string' }, port: { type: 'string' } },
});
const model = values.model as StandInModel;
// Whatever happens to a test, it does not stay.
setTimeout(() => process.exit(1), 600_000).unref();
note('starts', { pid: process.pid, ...values });

if (model === 'stand-in/unknown') {
  console.error('Traceback (most recent call last):\n  File "server.py", line 1');
  console.error('RepositoryNotFoundError: 401 Client Error for stand-in/unknown');
  process.exit(1);
}
// Reads its model for ever: it does not listen before that is done.
if (model === 'stand-in/hangs') setInterval(() => {}, 1_000);
else serve();

function serve(): void {
  const server = createServer((request, response) => {
    if (request.url === '/health') {
      response.end('{"status": "ok"}');
      return;
    }
    if (request.url !== '/v1/chat/completions') {
      response.writeHead(404).end('Not Found');
      return;
    }
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      console.error('127.0.0.1 - - [21/Nov/2026 13:00:00] "POST /v1/chat/completions HTTP/1.1" 200 -');
      const question = JSON.parse(body) as { model: string; messages: { content: string }[] };
      note('questions', question);
      if (question.model !== 'default_model') response.writeHead(404).end('{"error":"read a second time"}');
      else answer(response, question.messages.at(-1)?.content ?? '');
    });
  });
  server.on('error', (error: NodeJS.ErrnoException) => {
    const isTaken = error.code === 'EADDRINUSE';
    console.error(isTaken ? 'OSError: [Errno 48] Address already in use' : `OSError: ${error.message}`);
    process.exit(1);
  });
  server.listen(Number(values.port), values.host);
}

function answer(response: ServerResponse, question: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (delta: object, finish: string | null = null) =>
    response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`);
  send({ role: 'assistant', content: `${model} heard ` });
  if (model === 'stand-in/waits') return;
  if (model === 'stand-in/crashes') {
    console.error('libc++abi: terminating due to uncaught exception: Insufficient Memory');
    // Its words are on their way before it dies.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50);
    return;
  }
  send({ content: question });
  send({ content: '' }, 'stop');
  const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
  response.write(`data: ${JSON.stringify({ choices: [], usage })}\n\n`);
  response.end('data: [DONE]\n\n');
}

function note(name: string, what: object): void {
  appendFileSync(path.join(folder, `${name}.jsonl`), `${JSON.stringify(what)}\n`);
}
