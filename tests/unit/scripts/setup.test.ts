// When the scripts install and build anew, and that two of them do not do it at once.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildStamp, isBuilt } from '../../../scripts/lib/build.mjs';
import {
  areDependenciesCurrent,
  dependenciesStamp,
  npmEnv,
  unlockedBuilds,
} from '../../../scripts/lib/dependencies.mjs';
import { withSetupLock } from '../../../scripts/lib/lock.mjs';
import { projectNode } from '../../../scripts/lib/paths.mjs';
import { scratchFolder } from './support.ts';

describe('packages', () => {
  it('are current only after an install of this very lock file', () => {
    const root = scratchFolder();
    writeFileSync(path.join(root, 'package-lock.json'), '{"lockfileVersion":3}');
    expect(areDependenciesCurrent(root)).toBe(false);

    mkdirSync(path.dirname(projectNode(root)), { recursive: true });
    writeFileSync(projectNode(root), '');
    writeFileSync(path.join(root, 'node_modules/.hearth-installed'), dependenciesStamp(root));
    expect(areDependenciesCurrent(root)).toBe(true);

    writeFileSync(path.join(root, 'package-lock.json'), '{"lockfileVersion":3,"packages":{}}');
    expect(areDependenciesCurrent(root)).toBe(false);
  });

  it('include the builds for this machine that the lock file lacks', () => {
    const lock = {
      packages: {
        'node_modules/tool': {
          optionalDependencies: {
            '@tool/binding-darwin-arm64': '1.0.0',
            '@tool/binding-darwin-x64': '1.0.0',
            '@tool/binding-linux-x64-gnu': '1.0.0',
            '@tool/binding-win32-x64-msvc': '1.0.0',
          },
        },
        'node_modules/@tool/binding-linux-x64-gnu': {},
      },
    };
    expect(unlockedBuilds(lock, 'darwin', 'arm64')).toEqual(['@tool/binding-darwin-arm64@1.0.0']);
    expect(unlockedBuilds(lock, 'win32', 'x64')).toEqual(['@tool/binding-win32-x64-msvc@1.0.0']);
    expect(unlockedBuilds(lock, 'linux', 'x64')).toEqual([]);
  });

  it('are installed without the settings of the npm that runs the script', () => {
    const env = {
      PATH: '/bin',
      npm_lifecycle_event: 'start',
      npm_config_loglevel: 'silent',
      npm_config_registry: 'mirror',
    };
    expect(npmEnv(env)).toEqual({ PATH: '/bin', npm_config_registry: 'mirror' });
  });
});

describe('the build', () => {
  it('is redone when a source changes, appears or goes, not when only its time does', () => {
    const root = scratchFolder();
    mkdirSync(path.join(root, 'src/main'), { recursive: true });
    mkdirSync(path.join(root, 'out'));
    const source = path.join(root, 'src/main/index.ts');
    writeFileSync(source, 'one');
    writeFileSync(path.join(root, 'out/.stamp'), buildStamp(root));
    utimesSync(source, 1, 1);
    expect(isBuilt(root)).toBe(true);

    writeFileSync(source, 'two');
    expect(isBuilt(root)).toBe(false);
    writeFileSync(source, 'one');
    writeFileSync(path.join(root, 'src/main/more.ts'), '');
    expect(isBuilt(root)).toBe(false);
  });

  it('is not there without a stamp', () => {
    expect(isBuilt(scratchFolder())).toBe(false);
  });
});

describe('the setup lock', () => {
  it('lets one in after the other and leaves nothing behind', async () => {
    const file = path.join(scratchFolder(), 'lock');
    const order: string[] = [];
    const enter = (name: string) =>
      withSetupLock(
        async () => {
          order.push(`${name} in`);
          await new Promise(setImmediate);
          order.push(`${name} out`);
        },
        { file },
      );
    await Promise.all([enter('a'), enter('b')]);
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out']);
    expect(existsSync(file)).toBe(false);
  });

  it('is taken over from a process that is gone', async () => {
    const file = path.join(scratchFolder(), 'lock');
    writeFileSync(file, String(spawnSync(process.execPath, ['-e', '']).pid));
    await expect(withSetupLock(async () => readFileSync(file, 'utf8'), { file })).resolves.toBe(String(process.pid));
  });

  it('gives up with a sentence when the holder does not finish', async () => {
    const file = path.join(scratchFolder(), 'lock');
    writeFileSync(file, String(process.ppid));
    await expect(withSetupLock(async () => 1, { file, waitLimitMs: 0 })).rejects.toThrow(/does not finish/);
    expect(existsSync(file)).toBe(true);
  });

  it('is released when the work fails', async () => {
    const file = path.join(scratchFolder(), 'lock');
    const work = withSetupLock(() => Promise.reject(new Error('no network')), { file });
    await expect(work).rejects.toThrow('no network');
    expect(existsSync(file)).toBe(false);
  });
});
