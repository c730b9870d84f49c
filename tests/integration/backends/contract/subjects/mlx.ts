// MLX, with a stand-in for its server: a process of its own, asked over its port, its answers scripted here.
import { rm } from 'node:fs/promises';
import { expect } from 'vitest';
import type { ChatRequest } from '../../../../../src/main/backends/interface.ts';
import { isAlive } from '../../../../support/processes.ts';
import { makePipedMlx } from '../../../../support/stand-in-mlx/piped.ts';
import { openMlxBench } from '../../../mlx/support.ts';
import { openAi } from '../../remote-setup.ts';
import { atEnd } from '../../setup.ts';
import type { Conditions, Stage, Subject } from '../subject.ts';
import { PATIENT } from '../subject.ts';
import { echo, scriptServer } from './openai-server.ts';
import { seenBy } from './proofs.ts';
import { createArrival, expectAborted, numbered } from './servers.ts';

const MODEL = 'stand-in/plain';
const HELLO: ChatRequest = { model: null, messages: [{ role: 'user', content: 'hello' }] };

async function open({ limits }: Conditions = {}) {
  const server = await openAi({ models: null });
  const bench = await openMlxBench(MODEL, { settings: { timeouts: { ...PATIENT, ...limits } } });
  atEnd(() => bench.end());
  await makePipedMlx(bench.program, { folder: bench.folder, port: server.port });
  const arrival = createArrival(() => server.chats().length);
  let strike = (): void => {};
  const stage: Stage = {
    backend: bench.backend,
    async script(behaviour) {
      arrival.mark();
      strike = () => undefined;
      // The process is killed; its connections would be cut by that.
      const text = scriptServer(server, behaviour.does === 'die' ? { does: 'hold', at: 'after' } : behaviour);
      if (behaviour.does === 'die') strike = () => process.kill(bench.pids().at(-1) ?? 0, 'SIGKILL');
      if (behaviour.does === 'absent') await rm(bench.program);
      const model = { unstartable: 'stand-in/unknown', load: 'stand-in/hangs' }[behaviour.does as string] ?? null;
      return { request: { ...HELLO, model }, text };
    },
    strike: () => strike(),
    reached: arrival.arrived,
    expectLeft: () => expectAborted(server.chats()),
    many(count) {
      echo(server);
      return Promise.resolve(numbered(count).map((one) => ({ ...one, request: { ...one.request, model: null } })));
    },
    asked: () => bench.pids().length,
    open: () => server.openConnections() + bench.pids().filter(isAlive).length,
    // The process, and connections that are kept for later.
    kept: 1 + 16,
    stop: () => bench.mlx.stop(),
  };
  return { stage, server };
}

/** What a question looks like that has arrived. */
async function sent(rest: Partial<ChatRequest>): Promise<unknown> {
  const { stage, server } = await open();
  await seenBy(stage, { ...HELLO, ...rest });
  return server.chats()[0]?.body;
}

const NEVER_ASKED = { state: 'asleep', code: null } as const;

export const mlx: Subject = {
  name: 'MLX',
  named: 'MLX',
  open: async (conditions) => (await open(conditions)).stage,
  firstWords: 'Hello',
  codes: {
    refuse: 'backend_failed',
    absent: 'mlx_unavailable',
    unstartable: 'backend_failed',
    fail: 'backend_failed',
    die: 'backend_failed',
    end: 'stream_cut',
  },
  looks: [
    // A look starts nothing.
    { when: { does: 'answer' }, ...NEVER_ASKED },
    { when: { does: 'hang' }, ...NEVER_ASKED },
    { when: { does: 'garble' }, ...NEVER_ASKED },
    { when: { does: 'absent' }, state: 'unavailable', code: 'mlx_unavailable' },
  ],
  models: [MODEL],
  proofs: {
    async thinking() {
      expect(await sent({ think: true })).toMatchObject({ chat_template_kwargs: { enable_thinking: true } });
      const { stage } = await open();
      const { request } = await stage.script({ does: 'answer', thinking: ['hm', '…'] });
      expect(await seenBy(stage, request)).toBe('hm…');
    },
    async tools() {
      const body = await sent({ tools: [{ name: 'weather' }] });
      expect(body).toMatchObject({ tools: [{ type: 'function', function: { name: 'weather' } }] });
    },
  },
  notApplicable: {
    'does not connect in time':
      'its server is ours and on this computer: until it answers, the limit of loading counts',
    'keeps secrets to itself': 'it is asked without any key',
  },
};
