// Deleting models: announced, carried out after a while, and told when it did not work.
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { ModelRef } from '../../../contract/models.ts';
import type { Log } from '../../diagnostics/index.ts';
import { toErrorInfo } from '../../errors/index.ts';
import type { Places } from '../../ollama/index.ts';
import type { SettingsStore } from '../../settings/index.ts';
import type { Access } from './access.ts';
import type { Claims } from './claims.ts';
import type { Inventory } from './inventory.ts';
import type { Removals } from './removals.ts';
import { removeFile, removeModel, requireSameLane } from './remove.ts';

export interface Deletions {
  /** Of a model as the list names it. */
  announce(ref: ModelRef): void;
  /** Why a deletion did not happen; null from the next announcement on. */
  problem(): ErrorInfo | null;
}

export function createDeletions(parts: {
  access: Access;
  places: Places;
  settings: SettingsStore;
  inventory: Inventory;
  claims: Claims;
  removals: Removals;
  log: Log;
}): Deletions {
  const { access, places, settings, inventory, claims, removals, log } = parts;
  let problem: ErrorInfo | null = null;

  /** @param lane of the Ollama that it was seen in */
  async function fromOllama(name: string, lane: string, signal: AbortSignal): Promise<void> {
    const { manager } = await access.open(signal);
    requireSameLane(name, lane, places);
    await removeModel(name, manager, signal);
  }

  async function fromDisk(name: string): Promise<void> {
    const file = inventory.file(name);
    if (file !== null) await removeFile(file, settings);
  }

  return {
    announce({ name, engine }) {
      problem = null;
      const lane = engine === 'ollama' ? places.laneHost() : null;
      removals.announce({ name, engine }, async (signal) => {
        try {
          if (lane === null) await fromDisk(name);
          else await claims.changing(name, () => fromOllama(name, lane, signal));
        } catch (error) {
          if (signal.aborted) return;
          problem = toErrorInfo(error);
          log.warn('A model could not be deleted', { code: problem.code, detail: problem.detail });
        }
        await inventory.lookAnew();
      });
    },
    problem: () => problem,
  };
}
