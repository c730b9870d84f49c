// Puts the estimate together with this computer and the settings.
import type { Hardware } from '../../../contract/models.ts';
import type { SettingsStore } from '../../settings/index.ts';
import { fitOn } from './estimate.ts';
import type { FitMeter } from './interface.ts';

/** @param options.hardware see hardware.ts; must not reject */
export function createFitMeter(options: {
  settings: Pick<SettingsStore, 'get'>;
  hardware: () => Promise<Hardware>;
  /** OLLAMA_CONTEXT_LENGTH of Hearth's own environment; counts where the settings say nothing. */
  givenContext?: string | undefined;
}): FitMeter {
  const given = Number(options.givenContext);
  const givenContext = Number.isSafeInteger(given) && given > 0 ? given : null;
  return {
    async fitOf(facts, contextLength) {
      const hardware = await options.hardware();
      const { engine } = options.settings.get();
      const settings = { ...engine, contextLength: engine.contextLength ?? givenContext };
      return fitOn(facts, { hardware, settings, contextLength: contextLength ?? null });
    },
    hardware: () => options.hardware(),
  };
}
