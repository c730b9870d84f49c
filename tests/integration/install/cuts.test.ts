// A hundred downloads that are cut at random places, some with other faults in between: each ends in a verified install.
import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { archiveOf } from '../../support/release-mirror/archives.ts';
import type { Fault, MirrorRequest } from '../../support/release-mirror/index.ts';
import { installScene, LINKS, LINUX_ASSET, releaseEntries, rest } from '../../support/release-mirror/scene.ts';

const ROUNDS = 100;
const SEED = 20_261_121;

it('a hundred random cuts end in a verified installation', { timeout: 180_000 }, async () => {
  const random = seeded(SEED);
  // Small, so that the stand-in's own start is most of the time.
  const entries = await releaseEntries({}, { libraryBytes: 40_000 });
  const scene = await installScene({ archive: archiveOf(LINUX_ASSET, [...entries, ...LINKS]) });
  let cuts = 0;
  let faults: (Fault | null)[] = [];
  scene.mirror.fault = (request: MirrorRequest) => {
    const fault = request.path.endsWith(LINUX_ASSET) ? (faults.shift() ?? null) : null;
    if (fault?.kind === 'cut') cuts += 1;
    return fault;
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    faults = Array.from({ length: 1 + Math.floor(random() * 4) }, () => randomFault(random, scene.archive.length));
    faults[0] = { kind: 'cut', afterBytes: Math.floor(random() * scene.archive.length) };
    const planned = JSON.stringify(faults);
    // Cuts at the very beginning bring nothing new: patience has to outlast the faults of a round.
    const installer = scene.installer({ patience: { firstMs: 0, maxMs: 1, attempts: 8 } });
    installer.start('pinned');
    const status = await rest(installer);
    expect(status.problem, `round ${round}: ${planned}`).toBeNull();
    expect(status.state).toBe('installed');
    expect(readdirSync(scene.inside('versions', '1.0.0')).toSorted()).toEqual(['bin', 'lib']);
    await rm(scene.inside(), { recursive: true });
  }
  expect(scene.installed).toHaveLength(ROUNDS);
  expect(cuts).toBeGreaterThanOrEqual(ROUNDS);
});

function randomFault(random: () => number, bytes: number): Fault | null {
  const kinds: (Fault | null)[] = [
    { kind: 'cut', afterBytes: Math.floor(random() * (bytes / 2)) },
    { kind: 'cut', afterBytes: Math.floor(random() * 100) },
    { kind: 'ignore_range' },
    { kind: 'wrong_range' },
    { kind: 'status', status: 502 },
    { kind: 'web_page' },
    { kind: 'lie_about_size', byBytes: 1 + Math.floor(random() * 1000) },
    null,
  ];
  return kinds[Math.floor(random() * kinds.length)] ?? null;
}

/** Mulberry32: the same numbers at every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
