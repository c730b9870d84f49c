// A plain service: one question, one answer, in one piece.
import { backendAt, query } from '../../remote-setup.ts';
import { hello } from '../../setup.ts';
import type { QueryBehaviour } from '../../../../support/scripted-query.ts';
import type { Behaviour, Conditions, Stage, Subject } from '../subject.ts';
import { PATIENT } from '../subject.ts';
import { answerOf, answerTo, createArrival, deafServer, expectAborted, numbered } from './servers.ts';

const bodyOf = (answer: string) => JSON.stringify({ answer });

function toldFor(behaviour: Behaviour): Partial<QueryBehaviour> {
  switch (behaviour.does) {
    case 'hold':
      return { holdAt: 'headers' };
    case 'stall':
      return { fault: { kind: behaviour.at === 'before' ? 'no-headers' : 'stall' } };
    case 'refuse':
      return { fault: { kind: 'status', status: 500, body: JSON.stringify({ error: behaviour.said ?? 'no' }) } };
    case 'die':
      return { fault: { kind: 'cut' } };
    case 'end':
      return { body: bodyOf('Hello there.').slice(0, -5) };
    case 'answer':
    case 'absent':
    case 'hang':
    case 'garble':
      return {};
    case 'load':
    case 'fail':
    case 'unstartable':
      throw new Error(`can't ${behaviour.does}`);
    default:
      return behaviour satisfies never;
  }
}

async function open({ limits, key, isDeaf = false }: Conditions = {}): Promise<Stage> {
  const server = await query();
  const access = key === undefined ? {} : { key, headers: { 'x-second': key } };
  const at = (url: string) => backendAt(`query+${url}`, { ...PATIENT, ...limits }, access);
  const arrival = createArrival(() => server.questions().length);
  const others: { host: string; open: () => number }[] = [];
  /** Of something else that listens there. */
  async function other(scheme: string, says = '') {
    const listening = await deafServer(says);
    others.push(listening);
    return at(`${scheme}://${listening.host}/ask`);
  }
  let backend = isDeaf ? await other('https') : at(server.url);
  return {
    get backend() {
      return backend;
    },
    async script(behaviour) {
      arrival.mark();
      const { pieces, splitBytes } = answerOf(behaviour);
      const text = pieces.join('');
      server.set({ body: bodyOf(text), splitBytes, fault: null, holdAt: null, ...toldFor(behaviour) });
      if (behaviour.does === 'absent') await server.close();
      // A look is answered by any server of HTTP.
      if (behaviour.does === 'hang') backend = await other('http');
      if (behaviour.does === 'garble') backend = await other('http', 'SSH-2.0-OpenSSH_9.2\r\n');
      return { request: hello, text };
    },
    reached: arrival.arrived,
    expectLeft: () => expectAborted(server.questions()),
    many(count) {
      server.set({ body: (question) => bodyOf(answerTo(question)) });
      return Promise.resolve(numbered(count));
    },
    asked: () => server.requests.length,
    open: () => others.reduce((sum, one) => sum + one.open(), server.openConnections()),
    kept: 0,
    stop: async () => backend.stop?.(),
  };
}

const ONE_PIECE = 'the answer is one piece: before it nothing has been said, and after it nothing is under way';

export const queryService: Subject = {
  name: 'query service',
  named: 'Workstation',
  open,
  firstWords: '',
  codes: {
    refuse: 'backend_failed',
    absent: 'backend_unreachable',
    die: 'stream_cut',
    end: 'backend_garbage',
  },
  firstTokenLimits: ['firstTokenMs', 'loadMs'],
  looks: [
    { when: { does: 'answer' }, state: 'ready', code: null },
    { when: { does: 'absent' }, state: 'unavailable', code: 'backend_unreachable' },
    { when: { does: 'hang' }, state: 'unavailable', code: 'backend_no_answer' },
    { when: { does: 'garble' }, state: 'unavailable', code: 'backend_garbage' },
  ],
  models: [],
  proofs: {},
  notApplicable: {
    'can’t start its process': 'the service is somebody else’s: nothing is started',
    'is stopped after the first token': ONE_PIECE,
    'is left early': ONE_PIECE,
    'fails in the middle': ONE_PIECE,
    'says that it was cut at its length': 'the service gives an answer and no reason for its end',
    'goes on with an answer': 'the service sees one question and nothing of the answer before',
    'is stopped when it repeats itself': ONE_PIECE,
    'loads for too long': 'the service says nothing of models: it has one limit until its answer begins',
  },
};
