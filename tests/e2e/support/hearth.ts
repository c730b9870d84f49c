// Starts the real program as a person would, on a data folder and an environment of the test's own.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, test as base, type Page } from '@playwright/test';
import { environment } from './environment.ts';

export const root = path.join(import.meta.dirname, '../../..');

/** What follows Electron's own name on the command line. Root may not use the sandbox's helper. */
const programIn = (folder: string) => [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), folder];

const holdUntilAttached = path.join(import.meta.dirname, 'hold-until-attached.cjs');

export interface Hearth {
  app: ElectronApplication;
  window: Page;
  /** Quits as a person does and waits until the process is gone. */
  quit(): Promise<void>;
  /** SIGKILL; waits until the process is gone. */
  kill(): Promise<void>;
}

interface Fixtures {
  /** Whether somebody has been through the first start: then `home` holds settings that say so. Default true. */
  isSetUp: boolean;
  /** A data folder of this test's own, with nothing else in it. */
  home: string;
  /** Starts the window; may be called again after quit or kill. `switches` are Chromium's; `program` is another build's folder. */
  start: (env?: Record<string, string>, switches?: string[], program?: string) => Promise<Hearth>;
  /** Starts the program beside a running one, and resolves with its exit code. */
  startBeside: (env?: Record<string, string>) => Promise<number>;
  /** Runs `hearth` in a terminal. */
  hearth: (args: string[], options?: TerminalOptions) => Promise<TerminalResult>;
}

interface TerminalOptions {
  env?: Record<string, string>;
  stdin?: string;
}

export interface TerminalResult {
  code: number;
  stdout: string;
  stderr: string;
}

export const test = base.extend<Fixtures>({
  isSetUp: [true, { option: true }],
  home: async ({ isSetUp }, use) => {
    const home = mkdtempSync(path.join(tmpdir(), 'hearth-e2e-'));
    if (isSetUp) writeFileSync(path.join(home, 'settings.json'), JSON.stringify({ onboarding: { isDone: true } }));
    await use(home);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  },
  start: async ({ home }, use) => {
    const running = new Set<ElectronApplication>();
    await use(async (env = {}, switches = [], program = root) => {
      const app = await _electron.launch({
        executablePath: electronPath(),
        args: ['-r', holdUntilAttached, ...switches, ...programIn(program)],
        env: environment(home, env),
        // Playwright would draw every page light, whatever the theme.
        colorScheme: null,
      });
      running.add(app);
      const window = await app.firstWindow();
      return {
        app,
        window,
        async quit() {
          running.delete(app);
          await app.close();
        },
        async kill() {
          running.delete(app);
          const child = app.process();
          const gone = new Promise((resolve) => child.once('exit', resolve));
          child.kill('SIGKILL');
          await gone;
        },
      };
    });
    for (const app of running) await app.close();
  },
  startBeside: async ({ home }, use) => {
    const children = new Set<ChildProcess>();
    await use((env = {}) => {
      const child = spawn(electronPath(), programIn(root), { env: environment(home, env), stdio: 'ignore' });
      children.add(child);
      return new Promise((resolve) => child.on('close', (code) => resolve(code ?? -1)));
    });
    for (const child of children) child.kill('SIGKILL');
  },
  hearth: async ({ home }, use) => {
    await use((args, options = {}) => runTerminal(home, args, options));
  },
});
export { expect } from '@playwright/test';

function electronPath(): string {
  const electron = process.env.HEARTH_ELECTRON;
  if (electron === undefined) throw new Error('HEARTH_ELECTRON is not set; run these through npm test');
  return electron;
}

/** A terminal that hangs is told by name, before the test runs out of time. */
const TERMINAL_LIMIT_MS = 45_000;

function runTerminal(home: string, args: string[], { env = {}, stdin }: TerminalOptions): Promise<TerminalResult> {
  const child = spawn('node', [path.join(root, 'bin/hearth.mjs'), ...args], {
    cwd: root,
    env: environment(home, env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {});
  child.stdin.end(stdin ?? '');
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`hearth ${args.join(' ')} did not end. It said: ${stdout}${stderr}`));
    }, TERMINAL_LIMIT_MS);
    child.on('close', (code) => {
      clearTimeout(limit);
      resolve({ code: code ?? -1, stdout, stderr });
    });
  });
}
