// An OpenAI-compatible server behind a URL.
import { expect } from 'vitest';
import { backendAt, openAi } from '../../remote-setup.ts';
import { hello } from '../../setup.ts';
import type { Behaviour, Conditions, Stage, Subject } from '../subject.ts';
import { PATIENT } from '../subject.ts';
import { echo, scriptServer } from './openai-server.ts';
import { proveVectors, seenBy } from './proofs.ts';
import { createArrival, deafServer, expectAborted, numbered } from './servers.ts';

async function open({ limits, key, isDeaf = false }: Conditions = {}) {
  const server = await openAi();
  const deaf = isDeaf ? await deafServer() : null;
  const url = deaf === null ? server.url : `https://${deaf.host}/v1`;
  const access = key === undefined ? {} : { key, headers: { 'x-second': key } };
  const backend = backendAt(url, { ...PATIENT, ...limits }, access);
  const arrival = createArrival(() => server.chats().length);
  const stage: Stage = {
    backend,
    async script(behaviour: Behaviour) {
      arrival.mark();
      const text = scriptServer(server, behaviour);
      if (behaviour.does === 'absent') await server.close();
      return { request: hello, text };
    },
    reached: arrival.arrived,
    expectLeft: () => expectAborted(server.chats()),
    many(count) {
      echo(server);
      return Promise.resolve(numbered(count));
    },
    asked: () => server.requests.length,
    open: () => server.openConnections() + (deaf?.open() ?? 0),
    // As many as one client keeps for later.
    kept: 16,
    stop: async () => backend.stop?.(),
  };
  return { stage, server };
}

/** What a question looks like that has arrived. */
async function sent(rest: Partial<typeof hello>): Promise<unknown> {
  const { stage, server } = await open();
  await seenBy(stage, { ...hello, ...rest });
  return server.chats()[0]?.body;
}

export const openAiServer: Subject = {
  name: 'OpenAI-compatible server',
  named: 'Workstation',
  open: async (conditions) => (await open(conditions)).stage,
  firstWords: 'Hello',
  codes: {
    refuse: 'backend_failed',
    absent: 'backend_unreachable',
    fail: 'backend_failed',
    die: 'stream_cut',
    end: 'stream_cut',
  },
  looks: [
    { when: { does: 'answer' }, state: 'ready', code: null },
    { when: { does: 'absent' }, state: 'unavailable', code: 'backend_unreachable' },
    { when: { does: 'hang' }, state: 'unavailable', code: 'backend_no_answer' },
    { when: { does: 'garble' }, state: 'unavailable', code: 'backend_garbage' },
  ],
  models: ['tiny'],
  proofs: {
    async thinking() {
      expect(await sent({ think: 'high' })).toMatchObject({ reasoning_effort: 'high' });
      const { stage } = await open();
      const { request } = await stage.script({ does: 'answer', thinking: ['hm', '…'] });
      expect(await seenBy(stage, request)).toBe('hm…');
    },
    async images() {
      const messages = [{ role: 'user' as const, content: 'What is it?', images: ['iVBORw0KGgo='] }];
      const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
      expect(await sent({ messages })).toMatchObject({ messages: [{ content: [{ type: 'text' }, image] }] });
    },
    async tools() {
      const body = await sent({ tools: [{ name: 'weather' }] });
      expect(body).toMatchObject({ tools: [{ type: 'function', function: { name: 'weather' } }] });
    },
    async format() {
      expect(await sent({ format: 'json' })).toMatchObject({ response_format: { type: 'json_object' } });
    },
    async embeddings() {
      const { stage, server } = await open();
      await proveVectors(stage.backend, 'tiny');
      expect(server.requestsTo('/v1/embeddings')[0]?.body).toMatchObject({ input: ['a', 'b'] });
    },
  },
  notApplicable: {
    'can’t start its process': 'the server is somebody else’s: nothing is started',
  },
};
