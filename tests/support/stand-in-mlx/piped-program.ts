// `piped-program.ts FOLDER TO_PORT --model MODEL --host HOST --port PORT`: hands every connection on, as its bytes are.
import { appendFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';

const [folder = '.', toPort = '0', ...args] = process.argv.slice(2);
const { values } = parseArgs({
  args,
  options: { model: { type: 'string' }, host: { type: 'string' }, port: { type: 'string' } },
});
// Whatever happens to a test, it does not stay.
setTimeout(() => process.exit(1), 600_000).unref();
appendFileSync(path.join(folder, 'starts.jsonl'), `${JSON.stringify({ pid: process.pid, ...values })}\n`);

if (values.model === 'stand-in/unknown') {
  console.error('RepositoryNotFoundError: 401 Client Error for stand-in/unknown');
  process.exit(1);
}
// Reads its model for ever: it does not listen before that is done.
if (values.model === 'stand-in/hangs') setInterval(() => {}, 1_000);
else
  net
    .createServer({ noDelay: true }, (client) => {
      const server = net.connect({ port: Number(toPort), host: '127.0.0.1', noDelay: true });
      for (const [one, other] of [
        [client, server],
        [server, client],
      ] as const) {
        one.pipe(other);
        one.on('error', () => undefined);
        // What has come is handed on before the end is.
        one.on('close', () => other.destroySoon());
      }
    })
    .listen(Number(values.port), values.host);
