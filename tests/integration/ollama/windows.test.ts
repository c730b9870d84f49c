// The way of Windows, as far as another system can show it: no guardian, and `taskkill` for the whole tree.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { untilGone } from '../../support/processes.ts';
import { standInReport } from '../../support/stand-in-ollama/index.ts';
import { type Bench, forever, openBench } from './setup.ts';

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.end());

it('ends the tree with taskkill', async () => {
  const program = await bench.behave({ runner: 'never' });
  const asked = path.join(bench.folder, 'asked');
  const taskkill = path.join(bench.folder, 'taskkill');
  writeFileSync(taskkill, `#!/bin/sh\necho "$*" > '${asked}'\nkill -9 "$2"\n`);
  chmodSync(taskkill, 0o755);
  const server = bench.server({ platform: 'win32', env: { PATH: bench.folder, HEARTH_OLLAMA: program } });
  await server.start(forever());
  const { server: pid } = standInReport(bench.folder);
  expect(server.state()).toMatchObject({ state: 'ready', pid });
  await server.stop();
  await untilGone([pid]);
  expect(readFileSync(asked, 'utf8')).toBe(`/pid ${pid} /T /F\n`);
});

it('ends the server itself when taskkill is not there', async () => {
  const program = await bench.behave({ runner: 'never' });
  const server = bench.server({ platform: 'win32', env: { PATH: bench.folder, HEARTH_OLLAMA: program } });
  await server.start(forever());
  await server.stop();
  await untilGone(bench.pids());
});

it('says why nothing was started', async () => {
  const program = path.join(bench.folder, 'ollama.exe');
  writeFileSync(program, '#!/no/such/interpreter\n', { mode: 0o755 });
  const server = bench.server({ platform: 'win32', env: { PATH: bench.folder, HEARTH_OLLAMA: program } });
  await expect(server.start(forever())).rejects.toThrow(`the system did not start ${program} (ENOENT)`);
  expect(server.state().state).toBe('failed');
});
