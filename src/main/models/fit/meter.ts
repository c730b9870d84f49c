// Puts the estimate together with this computer and the settings.
import type { Hardware } from '../../../contract/models.ts';
import type { SettingsStore } from '../../settings/index.ts';
import { fitOn } from './estimate.ts';
import type { FitMeter } from './interface.ts';

/** @param options.hardware see hardware.ts; must not reject */
export function createFitMeter(options: {
  settings: Pick<SettingsStore, 'get'>;
  hardware: () => Promise<Hardware>;
}): FitMeter {
  return {
    async fitOf(facts, contextLength) {
      const hardware = await options.hardware();
      const settings = options.settings.get().engine;
      return fitOn(facts, { hardware, settings, contextLength: contextLength ?? null });
    },
    hardware: () => options.hardware(),
  };
}
