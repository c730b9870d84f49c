// Saving one setting from the control that shows it, with the sentence when it could not be kept.
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingsPatch } from '../../../contract/settings.ts';
import { saveSettings } from './store.ts';

export interface Save {
  /** Why the last change was not kept, as a sentence. */
  error: string | null;
  save: (patch: SettingsPatch) => void;
}

export function useSave(): Save {
  const { t } = useTranslation('app');
  const [error, setError] = useState<string | null>(null);
  const save = useCallback(
    (patch: SettingsPatch) => {
      const keep = async () => {
        const problem = await saveSettings(patch);
        setError(problem && t('settings.notSaved', { reason: problem.message }));
      };
      setError(null);
      void keep();
    },
    [t],
  );
  return { error, save };
}
