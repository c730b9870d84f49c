// Models that an Ollama on this computer hands on to its maker's: asked by name alone, and told as what they are.
import { afterEach, expect, it } from 'vitest';
import { cleanUp, forever, hear, hello, ollamaAt, replay } from './setup.ts';
import { at, open, question } from './scene.ts';

afterEach(cleanUp);

const models = [
  { name: 'big:120b-cloud', modifiedAt: '2026-11-21T10:00:00Z', remoteHost: 'https://ollama.com:443' },
  // Under a name of the user's own.
  { name: 'helper:latest', modifiedAt: '2026-11-21T09:00:00Z', remoteHost: 'https://ollama.com:443' },
  { name: 'tiny:latest', modifiedAt: '2026-11-01T09:00:00Z' },
];

it('a question that names no model stays on this computer, whatever was pulled last', async () => {
  const server = await replay({ models });
  const backend = ollamaAt(server.url);
  await hear(backend.chat({ ...hello, model: null }, forever()));
  expect(server.requestsTo('/api/chat').map(({ body }) => (body as { model: string }).model)).toEqual(['tiny:latest']);
  expect(backend.modelFor(null)).toBe('tiny:latest');
});

it('where there are no others, nobody is asked unless it is named', async () => {
  const server = await replay({ models: models.slice(0, 2) });
  const { error } = await hear(ollamaAt(server.url).chat({ ...hello, model: null }, forever()));
  expect(error).toMatchObject({ code: 'no_model_installed' });
  expect(server.requestsTo('/api/chat')).toEqual([]);
});

it('an answer of one says which computer it came from', async () => {
  const server = await replay({ models });
  const { backends } = open(at(server.url));
  await backends.check();
  for (const model of ['big:120b-cloud', 'helper']) {
    const plan = await backends.plan({ model }, forever());
    const hosts: (string | null)[] = [];
    for await (const event of backends.run(plan, question, forever()))
      if (event.type === 'source') hosts.push(event.source.host);
    expect(hosts).toEqual(['ollama.com']);
  }
  // The backend itself is where it is, and is looked at there.
  expect(backends.status().backends[0]).toMatchObject({ id: 'ollama', host: new URL(server.url).host, state: 'ready' });
});
