// Asking a stage, with its trouble at the right moment.
import type { ChatEvent, ChatRequest } from '../../../../src/main/backends/interface.ts';
import { hear, type Heard } from '../setup.ts';
import type { Behaviour, Conditions, Stage } from './subject.ts';

/** What one run of a case has: everything it opens is ended and counted after it. */
export interface Trial {
  open(conditions?: Conditions): Promise<Stage>;
  signal(): AbortController;
}

/** Asks for what was scripted and hears it to its end. */
export async function asked(
  trial: Trial,
  stage: Stage,
  behaviour: Behaviour,
  rest: Partial<ChatRequest> = {},
): Promise<{ heard: Heard; text: string | null }> {
  const { request, text } = await stage.script(behaviour);
  const strike = () => stage.strike?.();
  const heard = await hearUntilText(stage.backend.chat({ ...request, ...rest }, trial.signal().signal), strike);
  return { heard, text };
}

/** To the end, with something that happens at the first text. */
export async function hearUntilText(stream: AsyncIterable<ChatEvent>, onText: () => void): Promise<Heard> {
  let hasSpoken = false;
  async function* watched(): AsyncIterable<ChatEvent> {
    for await (const event of stream) {
      yield event;
      if (event.type === 'text' && !hasSpoken) {
        hasSpoken = true;
        onText();
      }
    }
  }
  return hear(watched());
}
