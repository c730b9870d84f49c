// A scripted Ollama in a process of its own, so that neither side of a bench pays for the server.
// usage: node scripted-server.mjs; prints its port. Each question may carry in its last message:
//   first=<ms before the first token> rate=<tokens a second, 0: at once> tokens=<how many>
import { createServer } from 'node:http';

const MODEL = 'bench:latest';

const server = createServer((request, response) => {
  if (request.method === 'GET' && request.url === '/api/version') return json(response, { version: '0.32.5' });
  if (request.method === 'GET' && request.url === '/api/ps')
    return json(response, { models: [{ name: MODEL, model: MODEL }] });
  if (request.method === 'GET' && request.url === '/api/tags') {
    return json(response, {
      models: [
        {
          name: MODEL,
          model: MODEL,
          modified_at: new Date(0).toISOString(),
          size: 1,
          digest: '',
          details: { family: 'llama' },
        },
      ],
    });
  }
  if (request.url !== '/api/chat') return response.writeHead(200).end('Ollama is running');
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => answer(response, JSON.parse(body).messages.at(-1).content));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));

function answer(response, script) {
  const value = (name, otherwise) => Number(new RegExp(`${name}=(\\d+)`).exec(script)?.[1] ?? otherwise);
  const tokens = value('tokens', 16);
  const rate = value('rate', 0);
  let sent = 0;
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  const startedAt = performance.now() + value('first', 0);
  const step = () => {
    const due = rate === 0 ? tokens : Math.min(tokens, 1 + Math.floor(((performance.now() - startedAt) * rate) / 1000));
    let chunk = '';
    for (; sent < due; sent += 1)
      chunk += line({ message: { role: 'assistant', content: `token${sent} ` }, done: false });
    if (chunk !== '') response.write(chunk);
    if (sent < tokens) return setTimeout(step, 1);
    response.end(
      line({
        message: { role: 'assistant', content: '' },
        done: true,
        done_reason: 'stop',
        eval_count: tokens,
        eval_duration: 1e9,
        prompt_eval_count: 1,
      }),
    );
  };
  setTimeout(step, value('first', 0));
}

const line = (record) => `${JSON.stringify({ model: MODEL, created_at: '2026-01-01T00:00:00Z', ...record })}\n`;
const json = (response, value) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
