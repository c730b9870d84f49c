// Ollama, over the replayed server.
import { expect } from 'vitest';
import { hello, ollamaAt, replay } from '../../setup.ts';
import type { Behaviour, Conditions, Stage, Subject } from '../subject.ts';
import { PATIENT } from '../subject.ts';
import { answerOf, createArrival, deafServer, expectAborted, lastSaid, numbered, answerTo } from './servers.ts';
import { proveVectors, seenBy } from './proofs.ts';

const CHAT = '/api/chat';
const models = [{ name: 'tiny:latest', capabilities: ['completion', 'thinking', 'tools', 'vision'] }];

async function open({ limits, isDeaf = false }: Conditions = {}) {
  let isEchoing = false;
  const server = await replay({
    models,
    onRequest: ({ path, body }) => {
      if (isEchoing && path === CHAT) server.set({ answer: { tokens: [answerTo(lastSaid(body))] } });
    },
  });
  const deaf = isDeaf ? await deafServer() : null;
  const backend = ollamaAt(deaf === null ? server.url : `https://${deaf.host}`, { ...PATIENT, ...limits });
  const chats = () => server.requestsTo(CHAT);
  const arrival = createArrival(() => chats().length);

  async function script(behaviour: Behaviour) {
    const { pieces, splitBytes } = answerOf(behaviour);
    const answer = { tokens: [...pieces] };
    arrival.mark();
    server.set({ answer, splitBytes, fault: null, holdAfterRecords: null, loaded: 'all' });
    switch (behaviour.does) {
      case 'answer':
        server.set({
          answer: {
            ...answer,
            thinking: [...(behaviour.thinking ?? [])],
            doneReason: behaviour.isCut ? 'length' : 'stop',
          },
        });
        break;
      case 'stall':
        // As long as it tells how it is, it is waited for.
        if (behaviour.at === 'before') server.set({ fault: { kind: 'no-headers', path: '/api/ps' } });
        server.set({ holdAfterRecords: behaviour.at === 'before' ? 0 : 1 });
        break;
      case 'hold':
        server.set({ holdAfterRecords: behaviour.at === 'before' ? 0 : 1 });
        break;
      case 'load':
        server.set({ loaded: [], fault: { kind: 'no-headers' } });
        break;
      case 'refuse':
        server.set({ fault: { kind: 'status', status: 500, body: JSON.stringify({ error: behaviour.said ?? 'no' }) } });
        break;
      case 'fail':
        server.set({ fault: { kind: 'error-line', afterRecords: 1, error: behaviour.said ?? 'no' } });
        break;
      case 'die':
        server.set({ fault: { kind: 'cut', afterRecords: 1 } });
        break;
      case 'end':
        server.set({ fault: { kind: 'end-early', afterRecords: 1 } });
        break;
      case 'absent':
        await server.close();
        break;
      case 'hang':
        server.set({ fault: { kind: 'no-headers', path: '/api/version' } });
        break;
      case 'garble':
        server.set({ fault: { kind: 'status', status: 200, body: 'hello', path: '/api/version' } });
        break;
      case 'unstartable':
        throw new Error('nothing is started');
      default:
        behaviour satisfies never;
    }
    return { request: hello, text: pieces.join('') };
  }

  const stage: Stage = {
    backend,
    script,
    reached: arrival.arrived,
    expectLeft: () => expectAborted(chats()),
    many(count) {
      isEchoing = true;
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

export const ollama: Subject = {
  name: 'Ollama',
  named: 'Ollama',
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
  models: ['tiny:latest'],
  proofs: {
    async thinking() {
      const { stage, server } = await open();
      await stage.script({ does: 'answer', thinking: ['hm', '…'] });
      expect(await seenBy(stage, { ...hello, think: true })).toBe('hm…');
      expect(server.requestsTo(CHAT)[0]?.body).toMatchObject({ think: true });
    },
    async images() {
      const { stage, server } = await open();
      const message = { role: 'user' as const, content: 'What is it?', images: ['aGVsbG8='] };
      await seenBy(stage, { ...hello, messages: [message] });
      expect(server.requestsTo(CHAT)[0]?.body).toMatchObject({ messages: [message] });
    },
    async tools() {
      const { stage, server } = await open();
      await stage.script({ does: 'answer' });
      await seenBy(stage, { ...hello, tools: [{ name: 'weather' }] });
      expect(server.requestsTo(CHAT)[0]?.body).toMatchObject({ tools: [{ function: { name: 'weather' } }] });
    },
    async format() {
      const { stage, server } = await open();
      await stage.script({ does: 'answer' });
      await seenBy(stage, { ...hello, format: 'json' });
      expect(server.requestsTo(CHAT)[0]?.body).toMatchObject({ format: 'json' });
    },
    async embeddings() {
      const { stage, server } = await open();
      await proveVectors(stage.backend, 'tiny');
      expect(server.requestsTo('/api/embed')[0]?.body).toMatchObject({ input: ['a', 'b'] });
    },
  },
  notApplicable: {
    'can’t start its process': 'the server is somebody else’s; own-ollama.test.ts is about the one that Hearth starts',
    'keeps secrets to itself': 'it is asked without any key',
  },
};
