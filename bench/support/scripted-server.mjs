// A scripted Ollama in a process of its own, so that neither side of a bench pays for the server.
// usage: node scripted-server.mjs; prints its port. Each question may carry in its last message:
//   first=<ms before the first token> rate=<tokens a second, 0: at once> tokens=<how many> prose (as models write)
import { createServer } from 'node:http';

const MODEL = 'bench:latest';
const ENTRY = {
  name: MODEL,
  model: MODEL,
  modified_at: '2026-01-01T00:00:00Z',
  size: 1,
  digest: '',
  details: { family: 'llama' },
};
const FACTS = {
  '/api/version': { version: '0.32.5' },
  '/api/ps': { models: [ENTRY] },
  '/api/tags': { models: [ENTRY] },
};

/** An answer in pieces of a word each: paragraphs, a list, code, a table. */
const PROSE =
  `A mutex lets **one** thread at a time into a part of a program. Everybody else waits until it is free again, and then one of them goes on.

1. Lock it before you touch what is shared.
2. Keep it for as short a time as you can, and call nothing that may wait.
3. Unlock it in every case, also when something fails.

\`\`\`rust
let mut count = counter.lock().unwrap();
*count += 1;
\`\`\`

| kind | lets in | use it for |
|---|---|---|
| mutex | one | anything that is written |
| rwlock | many readers | what is read far more often |

It is *not* a queue: who waits longest need not be the next. See the notes below for what that means in practice.

`.match(/\S+\s*|\s+/g);

const server = createServer((request, response) => {
  if (request.url === '/api/chat') {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => answer(response, JSON.parse(body).messages.at(-1).content));
  } else {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(FACTS[request.url] ?? {}));
  }
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));

function answer(response, script) {
  const value = (name, otherwise) => Number(new RegExp(`${name}=(\\d+)`).exec(script)?.[1] ?? otherwise);
  const tokens = value('tokens', 16);
  const rate = value('rate', 0);
  const tokenAt = script.includes('prose') ? (at) => PROSE[at % PROSE.length] : (at) => `token${at} `;
  let sent = 0;
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  const startedAt = performance.now() + value('first', 0);
  const step = () => {
    const due = rate === 0 ? tokens : Math.min(tokens, 1 + Math.floor(((performance.now() - startedAt) * rate) / 1000));
    let chunk = '';
    for (; sent < due; sent += 1)
      chunk += line({ message: { role: 'assistant', content: tokenAt(sent) }, done: false });
    if (chunk !== '') response.write(chunk);
    if (sent < tokens) setTimeout(step, 1);
    else
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
