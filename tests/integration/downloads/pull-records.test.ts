// The stream of /api/pull over real sockets: the recorded sequences, and everything that is no success.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createFetch } from '../../../src/main/diagnostics/index.ts';
import { pullModel, type PullRecord } from '../../../src/main/ollama/index.ts';
import { startReplayOllama, type ReplayOptions } from '../../support/replay-ollama/index.ts';
import { recording } from '../../support/replay-ollama/recordings.ts';

interface Pulled {
  records: PullRecord[];
  error: unknown;
}

async function pullFrom(
  origin: string,
  model = '127.0.0.1:5002/library/tiny:latest',
  signal?: AbortSignal,
): Promise<Pulled> {
  const fetch = createFetch({ purpose: 'test' });
  onTestFinished(() => fetch.close());
  const { host } = new URL(origin);
  const pulled: Pulled = { records: [], error: null };
  try {
    const request = { fetch, origin, host, model, isInsecure: true };
    for await (const record of pullModel(request, signal ?? new AbortController().signal)) pulled.records.push(record);
  } catch (error) {
    pulled.error = error;
  }
  return pulled;
}

async function pull(options: ReplayOptions, model?: string): Promise<Pulled> {
  const server = await startReplayOllama(options);
  onTestFinished(() => server.close());
  return pullFrom(server.url, model);
}

/** A server that answers every pull with these bytes. */
async function answering(body: string, contentType = 'application/x-ndjson'): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('Content-Type', contentType);
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('reads the recording of a pull that goes on where it was cancelled', async () => {
  for (const splitBytes of [null, 7]) {
    const { records, error } = await pull({ splitBytes });
    expect(error).toBeNull();
    expect(records).toHaveLength(recording('pull-resumed').response.lines.length);
    expect(records.slice(0, 2)).toEqual([
      { type: 'manifest' },
      {
        type: 'layer',
        digest: 'sha256:bd1e949e85851c0040149c10500a0353ee86477d84d9d31de0d792396e2d6b72',
        total: 465_120,
        completed: 150_000,
      },
    ]);
    expect(records.slice(-3)).toEqual([{ type: 'verifying' }, { type: 'writing' }, { type: 'success' }]);
  }
});

it('asks as Ollama wants to be asked', async () => {
  const server = await startReplayOllama();
  onTestFinished(() => server.close());
  await pullFrom(server.url, 'tiny');
  expect(server.requestsTo('/api/pull')[0]?.body).toEqual({ model: 'tiny', insecure: true, stream: true });
});

it('throws the error line of the recorded failures', async () => {
  const unknown = await pull({}, '127.0.0.1:5002/library/tiny:nope');
  expect(unknown.records).toEqual([{ type: 'manifest' }]);
  expect(unknown.error).toMatchObject({
    code: 'backend_failed',
    params: { reason: 'pull model manifest: file does not exist' },
  });
  expect((await pull({}, 'bad name!!')).error).toMatchObject({
    code: 'request_refused',
    params: { reason: 'invalid model name' },
  });
});

it.each([
  ['the connection breaks', { kind: 'cut', afterRecords: 9 }, 'stream_cut'],
  ['the stream ends without a word, as after SIGTERM', { kind: 'end-early', afterRecords: 9 }, 'stream_cut'],
  ['it ends before the first record', { kind: 'empty' }, 'backend_empty'],
  ['nobody answers', { kind: 'hang-up' }, 'backend_empty'],
  ['a web page answers', { kind: 'html' }, 'backend_html'],
  ['there is garbage in it', { kind: 'garbage', afterRecords: 3 }, 'backend_garbage'],
  ['it refuses', { kind: 'status', status: 403, body: '' }, 'backend_refused'],
] as const)('%s: no success', async (_, fault, code) => {
  const { records, error } = await pull({ fault: { ...fault, path: '/api/pull' } });
  expect(error).toMatchObject({ code });
  expect(records).not.toContainEqual({ type: 'success' });
});

it('leaves out what it does not know, and takes a count that is missing for nothing', async () => {
  const lines = [
    { status: 'pulling manifest' },
    { status: 'warming up the oven' },
    { status: 'pulling aa', digest: 'sha256:aa', total: 10 },
    { status: 'pulling aa', digest: 'sha256:aa', total: 10, completed: 99 },
    { status: 'removing any unused layers' },
    { status: 'success' },
  ];
  const origin = await answering(lines.map((line) => JSON.stringify(line)).join('\n'));
  const { records, error } = await pullFrom(origin);
  expect(error).toBeNull();
  expect(records).toEqual([
    { type: 'manifest' },
    { type: 'layer', digest: 'sha256:aa', total: 10, completed: 0 },
    { type: 'layer', digest: 'sha256:aa', total: 10, completed: 10 },
    { type: 'writing' },
    { type: 'success' },
  ]);
});

it.each<[unknown, unknown, number, number]>([
  ['10', '4', 10, 4],
  [10.4, 4.6, 10, 5],
  ['ten', 4, 0, 0],
  [10, -4, 10, 0],
  [10, null, 10, 0],
  [10, [4], 10, 0],
  [1e300, 1e300, 0, 0],
  [10, '1e300', 10, 0],
])('of %j bytes %j are here', async (total, completed, all, here) => {
  const line = JSON.stringify({ status: 'pulling aa', digest: 'sha256:aa', total, completed });
  const { records } = await pullFrom(await answering(`${line}\n{"status":"success"}\n`));
  expect(records[0]).toEqual({ type: 'layer', digest: 'sha256:aa', total: all, completed: here });
});

it.each(['null', '[]', '"success"', '<html>', '{"status":'])('%s is no record', async (line) => {
  const { error } = await pullFrom(await answering(`{"status":"pulling manifest"}\n${line}\n`));
  expect((error as { code: string }).code).toMatch(/backend_garbage|backend_html/);
});

it('closes the request when it is left or aborted', async () => {
  const server = await startReplayOllama({
    pull: { layers: [{ digest: 'sha256:aa', bytes: 1_000 }], bytesPerRecord: 1, stopAtBytes: 5 },
  });
  onTestFinished(() => server.close());
  const controller = new AbortController();
  const fetch = createFetch({ purpose: 'test' });
  onTestFinished(() => fetch.close());
  const request = { fetch, origin: server.url, host: 'x', model: 'tiny', isInsecure: false };
  for await (const record of pullModel(request, controller.signal)) if (record.type === 'layer') break;
  const reason = new Error('enough');
  const aborted = (async () => {
    for await (const record of pullModel(request, controller.signal))
      if (record.type === 'layer') controller.abort(reason);
  })();
  await expect(aborted).rejects.toBe(reason);
  await expect.poll(() => server.requestsTo('/api/pull').map((one) => one.aborted)).toEqual([true, true]);
});
