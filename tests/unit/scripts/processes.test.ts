// Children of the scripts: their ends are told truly, and nothing outlives its run.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { run } from '../../../scripts/lib/processes.mjs';
import { endStrays, RUN_MARK } from '../../../scripts/lib/strays.mjs';
import { isAlive } from '../../support/processes.ts';
import { repository, scratchFolder } from './support.ts';

const node = process.execPath;
/** Starts a grandchild that would live for ever, and writes its number. */
const WITH_GRANDCHILD = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
  require('node:fs').writeFileSync(process.argv[1], String(child.pid));
  setInterval(() => {}, 1e6);
`;

describe('run', () => {
  it('collects output and exit code', async () => {
    const result = await run(node, ['-e', 'console.log("out"); console.error("err"); process.exit(7)']);
    expect(result).toEqual({ code: 7, stdout: 'out\n', stderr: 'err\n' });
  });

  it('says 127 for a program that is not there', async () => {
    const result = await run('hearth-no-such-program', []);
    expect(result.code).toBe(127);
    expect(result.stderr).toContain('hearth-no-such-program');
  });

  it.skipIf(process.platform === 'win32')('says 128 + n for a signal', async () => {
    expect((await run(node, ['-e', 'process.kill(process.pid, "SIGKILL")'])).code).toBe(137);
  });

  it.skipIf(process.platform === 'win32')(
    'ends a program and its children at the time limit and on abort',
    async () => {
      const file = path.join(scratchFolder(), 'pid');
      const aborted = new AbortController();
      const running = run(node, ['-e', WITH_GRANDCHILD, file], { signal: aborted.signal });
      const pid = await numberIn(file);
      aborted.abort();
      expect((await running).code).toBe(143);
      await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
      expect((await run(node, ['-e', 'setInterval(() => {}, 1e6)'], { timeoutMs: 1 })).code).toBe(143);
    },
  );

  it.skipIf(process.platform === 'win32')('ends them when the script itself is ended', async () => {
    const file = path.join(scratchFolder(), 'pid');
    const script = `import { run } from ${JSON.stringify(path.join(repository, 'scripts/lib/processes.mjs'))};
      await run(process.execPath, ['-e', ${JSON.stringify(WITH_GRANDCHILD)}, ${JSON.stringify(file)}]);`;
    const parent = spawn(node, ['--input-type=module', '-e', script]);
    const pid = await numberIn(file);
    parent.kill('SIGTERM');
    await once(parent, 'close');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
  });
});

describe.runIf(process.platform === 'linux')('processes left behind', () => {
  it('are found by their mark, killed and told', async () => {
    const mark = `test-${process.pid}`;
    const stray = spawn(node, ['-e', 'setInterval(() => {}, 1e6)', 'the-stray'], { env: { [RUN_MARK]: mark } });
    const ended = once(stray, 'close');
    await once(stray, 'spawn');
    await vi.waitFor(() => expect(readFileSync(`/proc/${stray.pid}/environ`, 'utf8')).toContain(mark));
    expect(await endStrays(mark, 0)).toEqual([expect.stringMatching(new RegExp(`^${stray.pid} .*the-stray$`))]);
    await ended;
    expect(await endStrays(mark, 0)).toEqual([]);
  });
});

describe('npm start', () => {
  it.runIf(process.platform === 'linux')('offers ways without a screen, and starts nothing', () => {
    const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' };
    const { status, stderr } = spawnSync(node, [path.join(repository, 'scripts/start.mjs')], { env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('xvfb-run -a npm start');
    expect(stderr).toContain('npx hearth doctor');
    expect(stderr).not.toContain('installing');
  });
});

describe('npm test', () => {
  it('refuses a part that does not exist and names those that do', () => {
    const { status, stderr } = spawnSync(node, [path.join(repository, 'scripts/test.mjs'), 'smoke'], {
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toContain('check, unit, integration, component, e2e');
  });
});

function numberIn(file: string): Promise<number> {
  return vi.waitFor(
    () => {
      expect(existsSync(file)).toBe(true);
      const text = readFileSync(file, 'utf8');
      expect(text).toMatch(/^\d+$/);
      return Number(text);
    },
    { timeout: 10_000 },
  );
}
