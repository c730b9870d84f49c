// Which releases of Ollama there are for this computer: the pinned one, what its archive is called, what it weighs.

export interface Asset {
  /** The archive's name in a release. */
  name: string;
  /** Where the executable lies in it. */
  program: string;
}

export interface PinnedAsset {
  sizeBytes: number;
  /** Null where it is not known for certain: then the release's own list tells it. */
  sha256: string | null;
  /** What the archive holds, about. */
  unpackedBytes: number;
}

export interface PinnedRelease {
  version: string;
  /** By the archive's name. */
  assets: Readonly<Record<string, PinnedAsset>>;
}

/**
 * Sizes and checksums as the release's page names them. Each was found, the same, in two or more independent public places
 * that pin this release: package recipes (a Homebrew tap and a cask, a PKGBUILD, build scripts) and notes of people who
 * downloaded it. For ollama-windows-arm64.zip there was only one, so its checksum is left to the release. The content of
 * ollama-windows-amd64.zip was measured by others (1,929,981,750 bytes); those of the others are estimates, on the large side.
 */
export const PINNED: PinnedRelease = {
  version: '0.34.4',
  assets: {
    'ollama-linux-amd64.tar.zst': {
      sizeBytes: 1_427_703_051,
      sha256: 'c238986e61d40c0cc5f4a9b9e40b9eea104350b77efa34741fc134e105cb9533',
      unpackedBytes: 3_500_000_000,
    },
    'ollama-linux-arm64.tar.zst': {
      sizeBytes: 1_549_684_612,
      sha256: '96f50a1192133028cf4e010d8c333f8af14b1505db6be7b2034c11487e7fd7e6',
      unpackedBytes: 3_800_000_000,
    },
    'ollama-darwin.tgz': {
      sizeBytes: 160_042_307,
      sha256: 'e9c8fddaab5f48f47f2c4ae3d23d0732f5182417125353faeed2188e34a22799',
      unpackedBytes: 500_000_000,
    },
    'ollama-windows-amd64.zip': {
      sizeBytes: 1_461_155_106,
      sha256: '535193f38f3344e5b08f5d1c171c31ce11aa17f0124ff69ae26d8ec7fe06fa62',
      unpackedBytes: 1_929_981_750,
    },
    'ollama-windows-arm64.zip': { sizeBytes: 208_009_666, sha256: null, unpackedBytes: 500_000_000 },
  },
};

/** Where the makers publish. */
export const RELEASES_URL = 'https://github.com/ollama/ollama/releases';

const LINUX_PROGRAM = 'bin/ollama';
const ASSETS: Readonly<Record<string, Asset>> = {
  'linux x64': { name: 'ollama-linux-amd64.tar.zst', program: LINUX_PROGRAM },
  'linux arm64': { name: 'ollama-linux-arm64.tar.zst', program: LINUX_PROGRAM },
  'darwin x64': { name: 'ollama-darwin.tgz', program: 'ollama' },
  'darwin arm64': { name: 'ollama-darwin.tgz', program: 'ollama' },
  'win32 x64': { name: 'ollama-windows-amd64.zip', program: 'ollama.exe' },
  'win32 arm64': { name: 'ollama-windows-arm64.zip', program: 'ollama.exe' },
};

/** The archive for a system and chip (as `process.platform` and `process.arch` name them); null where there is none. */
export function assetFor(platform: string, arch: string): Asset | null {
  return ASSETS[`${platform} ${arch}`] ?? null;
}

/** `0.34.4` or `0.35.0-rc1`: also safe as the name of a folder. */
const VERSION = /^\d{1,4}(?:\.\d{1,4}){1,3}(?:-[a-z0-9]{1,16}(?:\.[a-z0-9]{1,16})?)?$/i;

export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** The version in the address that `BASE/latest` leads to (`…/tag/v0.34.4`); null when it names none. */
export function versionInLocation(location: string): string | null {
  const found = /\/tag\/v([^/?#]+)(?:[?#].*)?$/.exec(location)?.[1];
  return found !== undefined && isVersion(found) ? found : null;
}

/** The sha256 of a file in a `sha256sum.txt` (lines `<sha>  ./name`); null when it is not listed, or not the same twice. */
export function checksumIn(list: string, name: string): string | null {
  const sums = new Set<string>();
  for (const line of list.split('\n')) {
    const [, sum, file] = /^([0-9a-f]{64})\s+\*?(?:\.\/)?(\S+)\s*$/i.exec(line) ?? [];
    if (sum !== undefined && file === name) sums.add(sum.toLowerCase());
  }
  const [only, second] = sums;
  return second === undefined ? (only ?? null) : null;
}
