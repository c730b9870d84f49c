// What a person is told of the installation, from what is known.
import type { InstallState, InstallStatus } from '../../../contract/engine.ts';
import type { Current } from './folders.ts';
import type { Begun } from './part-file.ts';
import { type Asset, type PinnedRelease, RELEASES_URL } from './releases.ts';
import { secondsLeft } from './speed.ts';

/** Progress of an installation that is under way. */
export interface Work {
  state: InstallState;
  version: string | null;
  receivedBytes: number;
  totalBytes: number | null;
  /** Of the step, where it can be told. */
  fraction: number | null;
  retryAtMs: number | null;
}

export interface Known {
  work: Work | null;
  /** What has arrived, while nothing is under way. */
  begun: Begun | null;
  installed: Current | null;
  offer: InstallStatus['offer'];
  problem: InstallStatus['problem'];
  bytesPerSecond: number | null;
}

export function describe({ work, begun, installed, offer, problem, bytesPerSecond }: Known): InstallStatus {
  const resting = problem !== null ? 'failed' : begun !== null ? 'paused' : installed !== null ? 'installed' : 'none';
  const receivedBytes = work?.receivedBytes ?? begun?.receivedBytes ?? 0;
  const totalBytes = work === null ? (begun?.state.totalBytes ?? null) : work.totalBytes;
  const isArriving = work?.state === 'downloading' && work.retryAtMs === null;
  const speed = isArriving ? bytesPerSecond : null;
  return {
    state: work?.state ?? resting,
    installedVersion: installed?.version ?? null,
    installedBytes: installed?.bytes ?? null,
    version: work?.version ?? begun?.state.version ?? null,
    offer,
    receivedBytes,
    totalBytes,
    stepProgress: work?.fraction ?? null,
    bytesPerSecond: speed,
    secondsLeft: secondsLeft(receivedBytes, totalBytes, speed),
    retryAtMs: work?.retryAtMs ?? null,
    problem,
  };
}

/** What an installation of the pinned release would fetch, and from where. */
export function offerOf(asset: Asset, pinned: PinnedRelease, baseUrl: string | null): InstallStatus['offer'] {
  const known = pinned.assets[asset.name];
  if (known === undefined) return null;
  const base = baseUrl ?? RELEASES_URL;
  return {
    version: pinned.version,
    sizeBytes: known.sizeBytes,
    diskBytes: known.sizeBytes + known.unpackedBytes,
    host: URL.canParse(base) ? new URL(base).host : base,
  };
}
