// A scripted OpenAI server that does what a behaviour says: behind a URL, and behind the stand-in of MLX.
import type { OpenAiFault, ScriptedOpenAi } from '../../../../support/scripted-openai.ts';
import type { Behaviour } from '../subject.ts';
import { answerOf, answerTo, lastSaid } from './servers.ts';

/** The first record holds the role, the second the first word. */
const AFTER_FIRST_WORD = 2;
const LOADING = '{"error":{"code":503,"message":"Loading model"}}';

/** @returns the text of the answer that was scripted */
export function scriptServer(server: ScriptedOpenAi, behaviour: Behaviour): string {
  const { pieces, splitBytes } = answerOf(behaviour);
  const thinking = behaviour.does === 'answer' ? behaviour.thinking : undefined;
  const finish = behaviour.does === 'answer' && behaviour.isCut ? 'length' : 'stop';
  const answer = { pieces: [...pieces], finish, ...(thinking === undefined ? {} : { thinking: [...thinking] }) };
  server.set({ answer, splitBytes, fault: faultOf(behaviour), holdAt: holdAt(behaviour) });
  return pieces.join('');
}

export function echo(server: ScriptedOpenAi): void {
  server.set({ answer: (question) => ({ pieces: [answerTo(lastSaid(question))] }), fault: null, holdAt: null });
}

function holdAt(behaviour: Behaviour): number | 'headers' | null {
  if (behaviour.does !== 'hold' && behaviour.does !== 'stall') return null;
  return behaviour.at === 'before' ? 'headers' : AFTER_FIRST_WORD;
}

function faultOf(behaviour: Behaviour): OpenAiFault | null {
  switch (behaviour.does) {
    case 'refuse': {
      const body = JSON.stringify({ error: { message: behaviour.said ?? 'no' } });
      return { kind: 'status', status: 500, body };
    }
    case 'load':
      return { kind: 'status', status: 503, body: LOADING };
    case 'fail':
      return { kind: 'error', afterRecords: AFTER_FIRST_WORD, error: { message: behaviour.said ?? 'no' } };
    case 'die':
      return { kind: 'cut', afterRecords: AFTER_FIRST_WORD };
    case 'end':
      return { kind: 'end-early', afterRecords: AFTER_FIRST_WORD };
    case 'hang':
      return { kind: 'no-headers', path: '/v1/models' };
    case 'garble':
      return { kind: 'status', status: 200, body: 'hello', path: '/v1/models' };
    case 'answer':
    case 'hold':
    case 'stall':
    case 'absent':
    case 'unstartable':
      return null;
    default:
      return behaviour satisfies never;
  }
}
