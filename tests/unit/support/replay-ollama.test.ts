// The replay server itself: what it records and replays, its gate and its faults.
import { afterEach, expect, it, vi } from 'vitest';
import { startReplayOllama } from '../../support/replay-ollama/index.ts';
import type { ReplayOllama, ReplayOptions } from '../../support/replay-ollama/index.ts';
import { recording } from '../../support/replay-ollama/recordings.ts';

let server: ReplayOllama;
afterEach(() => server.close());

async function start(options: ReplayOptions = {}): Promise<void> {
  server = await startReplayOllama(options);
}
function chat(body: object, signal?: AbortSignal): Promise<Response> {
  const init = { method: 'POST', body: JSON.stringify(body), ...(signal ? { signal } : {}) };
  return fetch(`${server.url}/api/chat`, init);
}
const question = { model: 'tiny', messages: [{ role: 'user', content: 'hello' }] };

it('replays the recorded exchanges', async () => {
  await start();
  const root = await fetch(`${server.url}/`);
  expect(await root.text()).toBe('Ollama is running');
  expect(await (await fetch(`${server.url}/api/version`)).json()).toEqual({ version: '0.0.0' });
  const lines = (await (await chat(question)).text()).trim().split('\n');
  expect(lines).toEqual(recording('chat-stream').response.lines.map((line) => line.text));
  expect((await fetch(`${server.url}/api/nope`)).status).toBe(404);
  expect((await fetch(`${server.url}/api/chat`)).status).toBe(405);
  expect((await fetch(`${server.url}/api/tags`, { headers: { Origin: 'http://evil.example' } })).status).toBe(403);
  expect((await fetch(`${server.url}/api/chat`, { method: 'POST', body: '{"model":' })).status).toBe(400);
});

it('names the missing model', async () => {
  await start({ models: [{ name: 'llama3.2:3b' }] });
  const response = await chat(question);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ error: "model 'tiny' not found" });
});

it('tells the models and which of them are loaded', async () => {
  await start({ models: [{ name: 'a:1' }, { name: 'b:2', capabilities: ['embedding'] }], loaded: ['b:2'] });
  const names = async (path: string) => {
    const { models } = (await (await fetch(server.url + path)).json()) as { models: { name: string }[] };
    return models.map((model) => model.name);
  };
  expect(await names('/api/tags')).toEqual(['a:1', 'b:2']);
  expect(await names('/api/ps')).toEqual(['b:2']);
});

it('holds an answer at the gate until it is released', async () => {
  await start({ answer: { tokens: ['one', 'two', 'three'] }, holdAfterRecords: 1 });
  const response = await chat(question);
  const reader = response.body!.getReader();
  const first = await reader.read();
  expect(new TextDecoder().decode(first.value)).toContain('"one"');
  await server.held();
  server.release();
  let rest = '';
  for (let part = await reader.read(); !part.done; part = await reader.read())
    rest += new TextDecoder().decode(part.value);
  expect(rest).toContain('"three"');
  expect(rest).toContain('"done":true');
});

it('tells that the client went away', async () => {
  await start({ holdAfterRecords: 0 });
  const controller = new AbortController();
  const asked = chat(question, controller.signal);
  asked.catch(() => undefined);
  await server.held();
  controller.abort();
  await expect(asked).rejects.toThrow();
  await vi.waitFor(() => expect(server.requestsTo('/api/chat')[0]).toMatchObject({ aborted: true, body: question }));
});

it('strikes with a fault as often as told', async () => {
  await start({ fault: { kind: 'busy', times: 1 } });
  expect((await chat(question)).status).toBe(503);
  expect((await chat(question)).status).toBe(200);
  server.set({ fault: { kind: 'cut', afterRecords: 2 } });
  const cut = await chat(question);
  await expect(cut.text()).rejects.toThrow();
  await vi.waitFor(() => expect(server.requests.at(-1)).toMatchObject({ aborted: false, finished: true }));
  server.set({ fault: { kind: 'end-early', afterRecords: 2 } });
  expect((await (await chat(question)).text()).trim().split('\n')).toHaveLength(2);
});

it('splits bodies anywhere, and can be steered by another process', async () => {
  await start();
  await fetch(`${server.url}/_replay/set`, {
    method: 'POST',
    body: JSON.stringify({ answer: { tokens: ['żółć 🔥'] }, splitBytes: 1 }),
  });
  expect(await (await chat(question)).text()).toContain('żółć 🔥');
  const seen = (await (await fetch(`${server.url}/_replay/requests`)).json()) as { path: string }[];
  expect(seen.map((one) => one.path)).toEqual(['/api/chat']);
});
