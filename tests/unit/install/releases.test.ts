// Names, versions and checksums of releases, as far as they can be told without a network.
import { describe, expect, it } from 'vitest';
import {
  assetFor,
  checksumIn,
  isVersion,
  PINNED,
  versionInLocation,
} from '../../../src/main/ollama/install/releases.ts';

describe('the archive', () => {
  it.each([
    ['linux', 'x64', 'ollama-linux-amd64.tar.zst', 'bin/ollama'],
    ['linux', 'arm64', 'ollama-linux-arm64.tar.zst', 'bin/ollama'],
    ['darwin', 'x64', 'ollama-darwin.tgz', 'ollama'],
    ['darwin', 'arm64', 'ollama-darwin.tgz', 'ollama'],
    ['win32', 'x64', 'ollama-windows-amd64.zip', 'ollama.exe'],
    ['win32', 'arm64', 'ollama-windows-arm64.zip', 'ollama.exe'],
  ])('for %s on %s is %s', (platform, arch, name, program) => {
    expect(assetFor(platform, arch)).toEqual({ name, program });
    const pinned = PINNED.assets[name];
    expect(pinned?.sizeBytes).toBeGreaterThan(100_000_000);
    expect(pinned?.unpackedBytes).toBeGreaterThan(pinned?.sizeBytes ?? Infinity);
    expect(pinned?.sha256 ?? '0'.repeat(64)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['linux', 'ia32'],
    ['freebsd', 'x64'],
    ['linux', 'riscv64'],
  ])('for %s on %s there is none', (platform, arch) => expect(assetFor(platform, arch)).toBeNull());

  it('that is pinned is of a version', () => expect(isVersion(PINNED.version)).toBe(true));
});

describe('a version', () => {
  it.each([
    ['https://github.com/ollama/ollama/releases/tag/v0.34.4', '0.34.4'],
    ['/releases/tag/v1.0.0-rc2', '1.0.0-rc2'],
    ['/releases/tag/v1.2?x=1', '1.2'],
    ['/releases/tag/v../../etc', null],
    ['/releases/tag/v1.0.0/../..', null],
    ['/releases/tag/v1.0.0%2f..', null],
    ['/releases/latest', null],
    ['', null],
  ])('in %j is %j', (location, version) => expect(versionInLocation(location)).toBe(version));
});

describe('sha256sum.txt', () => {
  const a = 'a'.repeat(64);
  const b = 'b'.repeat(64);
  it.each([
    ['as the makers write it', `${b}  ./other.zip\n${a}  ./ollama.tgz\n`, a],
    ['with Windows line ends', `${a}  ./ollama.tgz\r\n`, a],
    ['of a binary', `${a} *ollama.tgz`, a],
    ['in capitals', `${a.toUpperCase()}  ollama.tgz`, a],
    ['named twice the same', `${a}  ./ollama.tgz\n${a}  ollama.tgz\n`, a],
    ['named twice otherwise', `${a}  ./ollama.tgz\n${b}  ./ollama.tgz\n`, null],
    ['of a name that only ends so', `${a}  ./not-ollama.tgz\n`, null],
    ['of a file in a folder', `${a}  ./old/ollama.tgz\n`, null],
    ['too short', `${a.slice(1)}  ./ollama.tgz\n`, null],
    ['of nothing', '', null],
    ['that is a page', '<html>ollama.tgz</html>', null],
  ])('%s', (_, list, sum) => expect(checksumIn(list, 'ollama.tgz')).toBe(sum));
});
