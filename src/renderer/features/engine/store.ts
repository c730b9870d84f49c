// The Ollama that answers and its installation, as main tells them.
import { create } from 'zustand';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { EngineStatus, InstallStatus } from '../../../contract/engine.ts';
import { asErrorInfo, getClient, watch, whileVisible } from '../../lib/index.ts';

interface EngineStore {
  /** Null until main has told. */
  engine: EngineStatus | null;
  install: InstallStatus | null;
  /** Why nothing was told of the engine yet. */
  problem: ErrorInfo | null;
}

const EMPTY: EngineStore = { engine: null, install: null, problem: null };

export const useEngine = create<EngineStore>()(() => EMPTY);

/** Follows both until the signal aborts, while the window can be seen: main looks around for it. */
export async function followEngine(signal: AbortSignal): Promise<void> {
  useEngine.setState(EMPTY);
  await whileVisible(
    (visible) =>
      Promise.all([
        watch(
          (options) => getClient().engine.watch(undefined, options),
          (engine) => useEngine.setState({ engine, problem: null }),
          {
            signal: visible,
            onError: (error) => {
              if (useEngine.getState().engine === null) useEngine.setState({ problem: asErrorInfo(error) });
            },
          },
        ),
        watch(
          (options) => getClient().install.watch(undefined, options),
          (install) => useEngine.setState({ install }),
          { signal: visible },
        ),
      ]),
    signal,
  );
}
