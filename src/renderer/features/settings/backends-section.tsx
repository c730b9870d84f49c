// Settings, Backends: which there are and how they are, adding one, and which of them does what.
import './backends.css';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { Settings } from '../../../contract/settings.ts';
import { type BackendToEdit, useNavigation } from '../../lib/index.ts';
import { Skeleton } from '../../ui/index.ts';
import { AddBackend } from './add-backend.tsx';
import { BackendList } from './backend-list.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { EnvironmentSection } from './environment-section.tsx';
import { FamiliesSection } from './families-section.tsx';
import { PurposesSection } from './purposes-section.tsx';
import { StreamFault } from './stream-fault.tsx';

export interface BackendsSectionProps {
  settings: Settings;
  /** Null while nothing is known yet. */
  status: BackendsStatus | null;
  /** Why nothing is told. */
  problem: ErrorInfo | null;
}

/** The one that this page was opened for. */
function wantedBackend(): BackendToEdit | null {
  const { place } = useNavigation.getState();
  return place.page === 'settings' ? (place.edit ?? null) : null;
}

export function BackendsSection({ settings, status, problem }: BackendsSectionProps) {
  const { t } = useTranslation('backendsPage');
  const [edited, setEdited] = useState(wantedBackend);
  if (!status) return problem ? <StreamFault problem={problem} /> : <Skeleton label={t('list.loading')} />;
  const backend = status.backends.find(({ id }) => id === edited?.id);
  return (
    <>
      <BackendList settings={settings} status={status} onEdit={({ id }, start) => setEdited({ id, start })} />
      <AddBackend backends={status.backends} />
      <EnvironmentSection environment={status.environment} />
      <PurposesSection settings={settings} backends={status.backends} />
      <FamiliesSection settings={settings} />
      {edited && backend ? (
        <EditDialog
          key={backend.id}
          backend={backend}
          settings={settings}
          secretsIn={status.secretsIn}
          start={edited.start}
          onClose={() => setEdited(null)}
        />
      ) : null}
    </>
  );
}
