// Ollama's own words, sorted: what helps, and whether the user is needed.
import { describe, expect, it } from 'vitest';
import { HearthError } from '../../../src/main/errors/index.ts';
import { troubleOf } from '../../../src/main/models/downloads/trouble.ts';
import { failureInStream } from '../../../src/main/ollama/index.ts';
import { recording } from '../../support/replay-ollama/recordings.ts';

const facts = { model: 'hf.co/someone/model:Q4', missingBytes: 2_850_000_000 };
const host = 'hf.co';
const model = facts.model;
const sorted = (said: string) => troubleOf(failureInStream(said), facts);

const get = 'pull model manifest: Get "https://registry.ollama.ai/v2/library/llama3.2/manifests/latest": ';

describe('is tried again by itself', () => {
  it.each([
    `${get}dial tcp: lookup registry.ollama.ai on 127.0.0.53:53: server misbehaving`,
    `${get}dial tcp: lookup registry.ollama.ai: no such host`,
    `${get}dial tcp 104.21.75.227:443: connect: network is unreachable`,
    `${get}dial tcp 104.21.75.227:443: connectex: A connection attempt failed because the connected party did not properly respond`,
    `${get}net/http: TLS handshake timeout`,
    `${get}context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
    `${get}read tcp 10.0.0.2:53210->104.21.75.227:443: read: connection reset by peer`,
    `${get}EOF`,
    'max retries exceeded: unexpected EOF',
    'max retries exceeded: Get "https://x.r2.cloudflarestorage.com/blob": read: operation timed out',
    'pull model manifest: 503: upstream connect error',
    'pull model manifest: 429: too many requests',
    'unexpected status code 502',
    'part stalled',
    'context canceled',
    'pull model manifest: Get "https://hf.co/v2/x/forbidden-certificate/manifests/latest": dial tcp: lookup hf.co: no such host',
    recordedError('pull-registry-down'),
  ])('%s', (said) => {
    expect(sorted(said)).toMatchObject({
      retry: 'again',
      problem: { code: 'pull_no_network', params: { host, model } },
    });
  });

  it.each([
    'backend_unreachable',
    'backend_connect_timeout',
    'backend_empty',
    'stream_cut',
    'backend_busy',
    'ollama_not_installed',
    'ollama_start_failed',
    'ollama_gave_up',
    'ollama_held',
    'pull_no_network',
    'backend_silent',
  ] as const)('%s', (code) => {
    expect(troubleOf(new HearthError(code), facts)).toMatchObject({ retry: 'again', problem: { code } });
  });
});

describe('needs the user', () => {
  it.each([
    ['pull model manifest: file does not exist', 'pull_not_found', { host, model }],
    [recordedError('pull-unknown-tag'), 'pull_not_found', { host, model }],
    ['pull model manifest: 404: {"errors":[{"code":"MANIFEST_UNKNOWN"}]}', 'pull_not_found', { host, model }],
    [
      'write /home/me/.ollama/models/blobs/sha256-aa-partial: no space left on device',
      'pull_no_space',
      { model, needed: '2.9 GB' },
    ],
    [
      'max retries exceeded: write C:\\Users\\me\\x: There is not enough space on the disk.',
      'pull_no_space',
      { model, needed: '2.9 GB' },
    ],
    ['write /models/blobs/sha256-aa-partial: disk quota exceeded', 'pull_no_space', { model, needed: '2.9 GB' }],
    ['unauthorized: access denied', 'pull_refused', { host, model, reason: 'unauthorized: access denied' }],
    [
      'pull model manifest: 401: {"error":"Access to model someone/model is restricted. You must be authenticated to access it."}',
      'pull_refused',
      { host, model, reason: 'Access to model someone/model is restricted. You must be authenticated to access it' },
    ],
    ['pull model manifest: 403: Forbidden', 'pull_refused', { reason: 'Forbidden' }],
    ['realm host "huggingface.co" does not match original host "hf.co"', 'pull_refused', { host }],
    [
      'pull model manifest: 412: \n\nThe model you are attempting to pull requires a newer version of Ollama.\n\nPlease download the latest version at:\n\n\thttps://ollama.com/download\n\n',
      'pull_failed',
      {
        reason:
          'The model you are attempting to pull requires a newer version of Ollama. Please download the latest version at: https://ollama.com/download',
      },
    ],
    [
      'pull model manifest: 400: {"error":"The specified repository contains sharded GGUF. Ollama does not support this yet. Follow this issue for more info: https://github.com/ollama/ollama/issues/5245"}',
      'pull_failed',
      {
        reason:
          'The specified repository contains sharded GGUF. Ollama does not support this yet. Follow this issue for more info: https://github.com/ollama/ollama/issues/5245',
      },
    ],
    [`${get}tls: failed to verify certificate: x509: certificate signed by unknown authority`, 'pull_failed', {}],
    [`${get}http: server gave HTTP response to HTTPS client`, 'pull_plain_http', { host, model }],
    ['insecure protocol http', 'pull_failed', { reason: 'insecure protocol http' }],
    ['http: no Location header in response', 'pull_failed', {}],
    ['open /models/blobs/sha256-aa-partial: permission denied', 'pull_failed', {}],
    ['invalid model name', 'model_name_invalid', { name: model }],
  ] as const)('%s', (said, code, params) => {
    expect(sorted(said)).toMatchObject({ retry: 'user', problem: { code, params } });
    expect(sorted(said).problem.message).not.toContain('{{');
  });

  it('whoever else listens at that address', () => {
    for (const code of ['backend_html', 'backend_garbage', 'backend_refused'] as const)
      expect(troubleOf(new HearthError(code), facts)).toMatchObject({ retry: 'user', problem: { code } });
  });
});

it('a damaged file is fetched once more before the user is asked', () => {
  const said = 'digest mismatch, file must be downloaded again: want sha256:c5396e06, got sha256:311a8fb7';
  expect(sorted(said)).toMatchObject({ retry: 'once', problem: { code: 'pull_digest_mismatch', params: { model } } });
});

it('tells how much space is needed as far as that is known', () => {
  const full = failureInStream('write x: no space left on device');
  const needed = (missingBytes: number | null) => troubleOf(full, { model, missingBytes }).problem.params.needed;
  expect([needed(null), needed(0), needed(4_100), needed(41_000_000)]).toEqual([
    'some space',
    'some space',
    '5 kB',
    '41 MB',
  ]);
});

it('keeps what Ollama said as the detail', () => {
  expect(sorted('unauthorized: access denied').problem.detail).toBe('unauthorized: access denied');
});

function recordedError(name: string): string {
  const last = recording(name).response.lines.at(-1)?.text ?? '';
  return (JSON.parse(last) as { error: string }).error;
}
