// A small Hearth to be killed: `parent.ts FOLDER GRACE_MS` starts the server with the stand-in of that folder, then another child,
// prints one line of JSON with both and stays.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { Settings } from '../../../src/contract/settings.ts';
import { createOllamaServer } from '../../../src/main/ollama/index.ts';

const [folder = '.', graceMs] = process.argv.slice(2);
const server = createOllamaServer({
  folder: path.join(folder, 'logs'),
  pidPath: path.join(folder, 'ollama.pid'),
  env: { ...process.env, PATH: folder },
  settings: () => Settings.parse({}).engine,
  ownProgram: () => null,
  limits: { stopGraceMs: Number(graceMs) },
});
const { host } = await server.start(new AbortController().signal);
// Lives longer than Hearth: were the lifeline handed on to it, the server would never notice.
const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 120_000)'], { detached: true, stdio: 'ignore' });
process.stdout.write(`${JSON.stringify({ host, other: other.pid })}\n`);
setTimeout(() => process.exit(1), 120_000);
