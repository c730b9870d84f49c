// Which Electron is run, and what is said when there is none.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fuse, setFuses } from '../../../scripts/electron-runtime/fuses.mjs';
import { runtimeEnv } from '../../../scripts/electron-runtime/index.mjs';
import {
  hasFailedLately,
  installedElectron,
  programIn,
  rememberFailure,
} from '../../../scripts/electron-runtime/installed.mjs';
import { once } from '../../../scripts/electron-runtime/once.mjs';
import { hasScreen } from '../../../scripts/lib/screen.mjs';
import { installSentence, missingFromLdd } from '../../../scripts/lib/system.mjs';
import { repository, scratchFolder } from './support.ts';

const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

describe('the Electron named in the environment', () => {
  it('is taken, with the database addon for an old one', () => {
    const dist = electronIn(scratchFolder(), '33.2.1');
    const { stdout, stderr } = ensureElectron({
      ELECTRON_OVERRIDE_DIST_PATH: dist,
      HEARTH_SQLITE_BINDING: programIn(dist),
    });
    expect(JSON.parse(stdout)).toMatchObject({
      dist,
      version: '33.2.1',
      sqliteBinding: programIn(dist),
      isFallback: false,
    });
    expect(stderr).toContain('using Electron 33.2.1 (named by ELECTRON_OVERRIDE_DIST_PATH)');
  });

  it('needs no addon from 36 on', () => {
    const dist = electronIn(scratchFolder(), 'v36.0.0');
    const { stdout } = ensureElectron({ ELECTRON_OVERRIDE_DIST_PATH: dist });
    expect(JSON.parse(stdout)).toMatchObject({ version: '36.0.0', sqliteBinding: null });
  });

  it('is an error with a sentence when it is not there, never silently another one', () => {
    const { status, stderr } = ensureElectron({ ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' });
    expect(status).toBe(1);
    expect(stderr).toContain('ELECTRON_OVERRIDE_DIST_PATH names /nowhere');
  });

  it('reaches other tools by their variables', () => {
    const electron = {
      dist: '/e',
      executable: '/e/electron',
      version: '45.0.0',
      sqliteBinding: null,
      isFallback: false,
    };
    expect(runtimeEnv(electron)).toEqual({
      ELECTRON_OVERRIDE_DIST_PATH: '/e',
      ELECTRON_EXEC_PATH: '/e/electron',
      HEARTH_ELECTRON: '/e/electron',
    });
  });
});

describe("the package's own Electron", () => {
  it('counts only when complete and of the version of the package', () => {
    const root = scratchFolder();
    const folder = path.join(root, 'node_modules/electron');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{"version":"45.4.1"}');
    expect(installedElectron(root)).toBeUndefined();

    electronIn(path.join(folder, 'dist'), '44.0.0');
    expect(installedElectron(root)).toBeUndefined();
    electronIn(path.join(folder, 'dist'), '45.4.1');
    expect(installedElectron(root)).toEqual({ dist: path.join(folder, 'dist'), version: '45.4.1' });
  });

  it('is downloaded again a day after a failure, or at once from another mirror', () => {
    const cache = scratchFolder();
    process.env.XDG_CACHE_HOME = cache;
    try {
      const atMs = 1_000_000_000;
      expect(hasFailedLately(atMs, {})).toBe(false);
      rememberFailure(atMs, {});
      expect(hasFailedLately(atMs + 60_000, {})).toBe(true);
      expect(hasFailedLately(atMs + 25 * 3_600_000, {})).toBe(false);
      expect(hasFailedLately(atMs + 60_000, { ELECTRON_MIRROR: 'elsewhere' })).toBe(false);
    } finally {
      delete process.env.XDG_CACHE_HOME;
    }
  });
});

describe('the build from the registry', () => {
  it('gets its fuses set, and nothing else in the program changes', () => {
    const file = path.join(scratchFolder(), 'program');
    writeFileSync(file, `before ${SENTINEL}\u0001\u000810110011 after`, 'latin1');
    setFuses(file, { [fuse.loadBrowserSnapshot]: 'off', [fuse.allowInspectArguments]: 'on' });
    expect(readFileSync(file, 'latin1')).toBe(`before ${SENTINEL}\u0001\u000810110001 after`);
    setFuses(file, { [fuse.allowInspectArguments]: 'off' });
    expect(readFileSync(file, 'latin1')).toBe(`before ${SENTINEL}\u0001\u000810100001 after`);
  });

  it('is refused without the expected fuses', () => {
    const file = path.join(scratchFolder(), 'program');
    writeFileSync(file, 'nothing');
    expect(() => setFuses(file, {})).toThrow(/no fuses/);
    writeFileSync(file, `${SENTINEL}\u0002\u000810110011`, 'latin1');
    expect(() => setFuses(file, {})).toThrow(/version 2/);
    writeFileSync(file, `${SENTINEL}\u0001\u000310110011`, 'latin1');
    expect(() => setFuses(file, { [fuse.loadBrowserSnapshot]: 'off' })).toThrow(/no fuse at 6/);
  });

  it('appears only when it is whole', async () => {
    const target = path.join(scratchFolder(), 'runtime');
    const fail = once(target, async (work) => {
      writeFileSync(path.join(work, 'half'), '');
      throw new Error('cut off');
    });
    await expect(fail).rejects.toThrow('cut off');
    await once(target, async (work) => electronIn(path.join(work, 'made'), '1.0.0'));
    expect(readFileSync(path.join(target, 'version'), 'utf8')).toBe('1.0.0');
    await once(target, () => Promise.reject(new Error('is there already')));
  });
});

describe('the system', () => {
  it('is asked for the libraries that the loader misses', () => {
    const words =
      '\tlinux-vdso.so.1 (0x7f)\n\tlibgbm.so.1 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x7e)\n\tlibgbm.so.1 => not found\n';
    expect(missingFromLdd(words)).toEqual(['libgbm.so.1']);
  });

  it('gets the exact command printed where we may not install', () => {
    expect(installSentence(['xvfb', 'xauth'], 'Xvfb', 'debian')).toContain(
      'sudo apt-get install -y --no-install-recommends xvfb xauth',
    );
    expect(installSentence(['xvfb'], 'Xvfb', 'other')).not.toContain('apt-get');
  });

  it('has a screen by either variable on Linux, always elsewhere', () => {
    expect(hasScreen({}, 'linux')).toBe(false);
    expect(hasScreen({ DISPLAY: ':0' }, 'linux')).toBe(true);
    expect(hasScreen({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
    expect(hasScreen({}, 'darwin')).toBe(true);
  });
});

function electronIn(dist: string, version: string): string {
  mkdirSync(path.dirname(programIn(dist)), { recursive: true });
  writeFileSync(programIn(dist), '');
  chmodSync(programIn(dist), 0o755);
  writeFileSync(path.join(dist, 'version'), version);
  return dist;
}

function ensureElectron(env: NodeJS.ProcessEnv) {
  const lib = (name: string) => JSON.stringify(path.join(repository, 'scripts', name));
  const script = `import { ensureElectron } from ${lib('electron-runtime/index.mjs')}; import { main } from ${lib('lib/terminal.mjs')};
    await main(async () => console.log(JSON.stringify(await ensureElectron())));`;
  const { HEARTH_SQLITE_BINDING: _, ...rest } = process.env;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...rest, ...env },
    encoding: 'utf8',
  });
}
