// What is said of a download in every state: on rows, cards and in menus, and at the foot of the sidebar.
import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import app from '../../../resources/locales/en/app.json' with { type: 'json' };
import type { BackendsStatus } from '../../../src/contract/backends.ts';
import type { Download, DownloadState } from '../../../src/contract/downloads.ts';
import type { InstallStatus } from '../../../src/contract/engine.ts';
import type { ErrorCode } from '../../../src/contract/errors.ts';
import { causeText, downloadText, reasonOf } from '../../../src/renderer/features/models/download-text.ts';
import { footLines } from '../../../src/renderer/main/foot-lines.ts';
import { errorInfo } from '../../../src/main/errors/index.ts';
import { download, installStatus } from '../../support/fake-engine-room.ts';
import { demoOnly, ollamaReady } from '../../support/fake-main.ts';

const NOW = 1_000_000;
const host = 'registry.ollama.ai';
const away = errorInfo('pull_no_network', { model: 'llama3.2:3b', host });
const one = (change: Partial<Download> = {}): Download => ({ ...download, ...change });
const still = { step: null, bytesPerSecond: null, secondsLeft: null } as const;
/** A space that does not break stands between a number and its unit. */
const plain = (text: string | null) => text?.replaceAll('\u00A0', ' ') ?? null;

const STATES: [string, Partial<Download>, string, string | null][] = [
  ['runs', {}, '900 MB of 2.0 GB · 18 MB/s · 2 min left', null],
  ['asks for its parts', { step: 'manifest', totalBytes: null, bytesPerSecond: null }, 'Looking it up', null],
  [
    'asks for its parts, and nobody answers',
    { step: 'manifest', totalBytes: null, bytesPerSecond: null, heardAtMs: NOW - 12_000 },
    'Looking it up, no answer for 12 s',
    null,
  ],
  [
    'is silent for a moment',
    { bytesPerSecond: 0, heardAtMs: NOW - 3_000 },
    '900 MB of 2.0 GB · nothing is arriving',
    null,
  ],
  [
    'is silent',
    { bytesPerSecond: 0, heardAtMs: NOW - 12_000 },
    '900 MB of 2.0 GB · nothing has arrived for 12 s',
    null,
  ],
  [
    'is stalled',
    { ...still, state: 'stalled', problem: away, retryAtMs: NOW + 9_000 },
    'Stalled at 900 MB, retrying in 9 s',
    `${away.message} Hearth tries again by itself.`,
  ],
  [
    'is tried again',
    { bytesPerSecond: 0, problem: away, heardAtMs: NOW - 6_000 },
    '900 MB of 2.0 GB · nothing has arrived for 6 s',
    `${away.message} Hearth tries again by itself.`,
  ],
  ['waits', { ...still, state: 'waiting', completedBytes: 0 }, 'Waits for its turn', null],
  ['is paused', { ...still, state: 'paused' }, 'Paused at 900 MB of 2.0 GB', null],
  ['has failed', { ...still, state: 'failed', problem: away }, 'Stopped at 900 MB of 2.0 GB', away.message],
  ['is checked', { step: 'verifying' }, 'Checking what arrived', null],
  ['is done', { ...still, state: 'done', progress: 1 }, '2.0 GB, here', null],
];

describe('a download that', () => {
  it.each(STATES)('%s', (_, change, text, why) => {
    expect(plain(downloadText(one(change), { nowMs: NOW }))).toBe(text);
    expect(reasonOf(one(change))).toBe(why);
  });
});

it.each<[ErrorCode, string]>([
  ['pull_no_network', `${host} can’t be reached`],
  ['pull_no_space', 'the disk is full'],
  ['pull_refused', `${host} refused it`],
  ['pull_digest_mismatch', 'damaged on the way'],
  ['pull_not_found', 'no such model'],
  ['pull_failed', 'it can’t be downloaded'],
  ['backend_silent', 'Ollama does not answer'],
  ['ollama_held', 'Ollama does not answer'],
])('%s is told in a few words', (code, words) => {
  expect(causeText(one({ problem: errorInfo(code, { model: 'x', host, reason: 'y', needed: '1 GB' }) }))).toBe(words);
});

it('nothing is told where nothing is known', () => expect(causeText(one())).toBeNull());

/** The second line at the foot. */
async function foot(
  downloads: Partial<Download>[],
  { backends = demoOnly, install = null }: { backends?: BackendsStatus; install?: InstallStatus | null } = {},
): Promise<string> {
  const words = createInstance();
  await words.init({ lng: 'en', resources: { en: { app } }, defaultNS: 'app', interpolation: { escapeValue: false } });
  const facts = { choice: null, backends, queue: null, engine: null, installed: null, nowMs: NOW };
  const list = downloads.map((change) => one({ progress: 0.349, ...change }));
  const t = words.getFixedT<'app'>('en', 'app');
  return footLines({ ...facts, install, downloads: list }, t).second;
}

const AT_FOOT: [Partial<Download>, string][] = [
  [{}, 'Downloading llama3.2 3B, 34 %'],
  [{ bytesPerSecond: 0 }, 'llama3.2 3B, 34 %: nothing is arriving'],
  [{ problem: away }, 'llama3.2 3B, 34 %: nothing is arriving'],
  [{ ...still, state: 'stalled', problem: away }, `llama3.2 3B stalled at 34 %: ${host} can’t be reached`],
  [{ ...still, state: 'stalled' }, 'llama3.2 3B stalled at 34 %'],
];
const AT_REST: [Partial<Download>, string][] = [
  [
    { ...still, state: 'failed', problem: errorInfo('pull_no_space', { model: 'x', needed: '1 GB' }) },
    'llama3.2 3B stopped at 34 %: the disk is full',
  ],
  [{ ...still, state: 'paused' }, 'llama3.2 3B paused at 34 %'],
  [{ ...still, state: 'waiting' }, 'llama3.2 3B waits for its turn'],
];

describe('the foot', () => {
  it.each([...AT_FOOT, ...AT_REST])('while nobody can answer, of %o', async (change, line) => {
    expect(await foot([change])).toBe(line);
  });

  it.each(AT_FOOT)('while another model answers, of one under way: %o', async (change, line) => {
    expect(await foot([change], { backends: ollamaReady })).toBe(line);
  });

  it.each(AT_REST)('while another model answers, of one that rests nothing: %o', async (change) => {
    expect(await foot([change], { backends: ollamaReady })).toBe('llama3.2 3B · 127.0.0.1:11434');
  });

  it('of several the one under way, else the one that needs a person', async () => {
    const states: DownloadState[] = ['paused', 'failed', 'stalled'];
    expect(await foot(states.map((state) => ({ ...still, state })))).toBe('llama3.2 3B stalled at 34 %');
    expect(
      await foot([
        { ...still, state: 'paused' },
        { ...still, state: 'failed' },
      ]),
    ).toBe('llama3.2 3B stopped at 34 %');
  });

  it.each([
    [{ state: 'downloading', receivedBytes: 34, totalBytes: 100 }, 'Downloading Ollama, 34 %'],
    [{ state: 'downloading', receivedBytes: 34, totalBytes: 100, retryAtMs: NOW }, 'Ollama stalled at 34 %'],
    [{ state: 'paused', receivedBytes: 34, totalBytes: 100 }, 'Ollama paused at 34 %'],
    [{ state: 'failed' }, 'Ollama could not be installed'],
    [{ state: 'unpacking' }, 'Installing Ollama'],
  ] as const)('of Ollama’s own installation: %o', async (change, line) => {
    expect(await foot([], { install: { ...installStatus, ...change } })).toBe(line);
  });
});
