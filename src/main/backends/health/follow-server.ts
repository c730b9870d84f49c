// What tells a change of Ollama that no look has asked for: our server is up or broke down, another one answers or is gone.
import type { OllamaServer, Places } from '../../ollama/index.ts';
import type { Health } from './health.ts';
import type { Backend } from '../interface.ts';

/** @returns how to stop following */
export function followServer({
  backend,
  places,
  ollamaServer,
  health,
  look,
}: {
  backend: Backend;
  places: Places;
  ollamaServer: OllamaServer | null;
  health: Health;
  look: () => Promise<void>;
}): () => void {
  /** A look that ended just before the server was up has told `starting`. */
  async function lookAgainAfterStart(): Promise<void> {
    const isStarting = health.get(backend).state === 'starting';
    const child = ollamaServer?.state().state;
    if (isStarting && child !== 'starting' && child !== 'restarting') await look();
  }

  const unfollow = [places.onSight(() => void look())];
  if (ollamaServer !== null) {
    unfollow.push(
      ollamaServer.onChange(({ state }) => {
        const isComing = state === 'starting' || state === 'restarting';
        if (isComing) health.note(backend, { state: 'starting', problem: null });
        else if (state !== 'stopping') void look().then(() => lookAgainAfterStart());
      }),
    );
  }
  return () => {
    for (const stop of unfollow) stop();
  };
}
