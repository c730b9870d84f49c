// The Ollama that answers, as the library needs it: whether it does, when that changes, and a pause of our own.
import type { ActivityBoard, OllamaServer, Places } from '../../ollama/index.ts';

/** The Ollama that answers, as far as following it needs. */
export interface FollowedEngine {
  /** It has answered and nothing says that it is gone. */
  isReady(): boolean;
  onChange(listener: () => void): () => void;
}

/** Looks at nothing by itself: it knows what others have seen. */
export function followOllama(parts: { server: OllamaServer; places: Places; board: ActivityBoard }): FollowedEngine {
  const { server, places, board } = parts;
  return {
    isReady() {
      try {
        const { isOwned, origin } = places.now();
        return isOwned || places.seen()?.origin === origin;
      } catch {
        // No place at all: the look at the models says why.
        return false;
      }
    },
    onChange(listener) {
      const stops = [server.onChange(listener), places.onSight(listener), board.onChange(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

const START_LIMIT_MS = 60_000;

/** Ends our server when it is at work. @returns how to start it again then, with the settings as they are by that time */
export async function pauseOllama(parts: { server: OllamaServer; places: Places }): Promise<() => Promise<void>> {
  const { server, places } = parts;
  const wasAtWork = !['stopped', 'failed'].includes(server.state().state);
  if (wasAtWork) await server.stop();
  return async () => {
    if (wasAtWork) await places.start(AbortSignal.timeout(START_LIMIT_MS));
  };
}
