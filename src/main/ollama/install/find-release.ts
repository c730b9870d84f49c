// Which version to fetch, from where, and what its checksum has to be.
import type { ReleaseChoice } from '../../../contract/engine.ts';
import { HearthError } from '../../errors/index.ts';
import { type Asset, checksumIn, type PinnedRelease, RELEASES_URL, versionInLocation } from './releases.ts';
import { type Ask, checkAnswer, get, readText, unreachable } from './request.ts';

/** The list of a release has two dozen lines. */
const LIST_MAX_BYTES = 256 * 1024;

export interface Release {
  version: string;
  url: URL;
  /** Of the archive, as its makers publish it. */
  sha256: string;
  /** Null when only the server knows. */
  sizeBytes: number | null;
}

/** The base address of the releases, without a slash at its end. Throws `install_unreachable` when it is none. */
export function releasesBase(setting: string | null): URL {
  const address = (setting ?? RELEASES_URL).trim().replace(/\/+$/, '');
  if (URL.canParse(address)) {
    const url = new URL(address);
    if (url.protocol === 'https:' || url.protocol === 'http:') return url;
  }
  throw unreachable(address, 'not_an_address', { address });
}

/** Asks the network only for what is not known beforehand. */
export async function findRelease(
  choice: ReleaseChoice,
  asset: Asset,
  pinned: PinnedRelease,
  ask: Ask,
): Promise<Release> {
  const version = choice === 'pinned' ? pinned.version : await newestVersion(ask);
  const { url, sizeBytes, sha256 } = releaseOf(version, asset, pinned, ask.base);
  return { version, url, sizeBytes, sha256: sha256 ?? (await publishedChecksum(version, asset, ask)) };
}

/** What is known of a version without asking. */
export function releaseOf(
  version: string,
  asset: Asset,
  pinned: PinnedRelease,
  base: URL,
): { url: URL; sizeBytes: number | null; sha256: string | null } {
  const known = version === pinned.version ? pinned.assets[asset.name] : undefined;
  const url = inRelease(base, version, asset.name);
  return { url, sizeBytes: known?.sizeBytes ?? null, sha256: known?.sha256 ?? null };
}

/** `BASE/latest` leads to `BASE/tag/vX.Y.Z`. */
async function newestVersion(ask: Ask): Promise<string> {
  const answer = await get(below(ask.base, 'latest'), ask, {
    stopAt: (location) => versionInLocation(location) !== null,
  });
  try {
    const version = versionInLocation(answer.response.headers.get('location') ?? '');
    if (version !== null) return version;
    checkAnswer(answer.response, ask.base.host, 'latest');
    throw unreachable(ask.base.host, 'no_newest');
  } finally {
    answer.close();
  }
}

async function publishedChecksum(version: string, asset: Asset, ask: Ask): Promise<string> {
  const answer = await get(inRelease(ask.base, version, 'sha256sum.txt'), ask);
  try {
    checkAnswer(answer.response, ask.base.host, version);
    const list = await readText(answer, { host: ask.base.host, maxBytes: LIST_MAX_BYTES });
    const sum = checksumIn(list, asset.name);
    if (sum === null) throw new HearthError('install_not_found', { host: ask.base.host, version });
    return sum;
  } finally {
    answer.close();
  }
}

function inRelease(base: URL, version: string, file: string): URL {
  return below(base, `download/v${version}/${file}`);
}

function below(base: URL, rest: string): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}/${rest}`;
  return url;
}
