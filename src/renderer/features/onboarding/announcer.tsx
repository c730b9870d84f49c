// Says how far a download is, to screen readers: in tenths, not at every byte. An installation says its steps itself.
import { useTranslation } from 'react-i18next';
import type { Download } from '../../../contract/downloads.ts';
import { modelTitle } from '../../lib/index.ts';
import { VisuallyHidden } from '../../ui/index.ts';

/** Keep it on the page over all steps: a region that comes with its words is not heard. */
export function Announcer({ download }: { download: Download | null }) {
  const { t } = useTranslation('onboarding');
  // What failed says so in an alert.
  const words =
    download === null || download.state === 'failed'
      ? ''
      : t(`say.${download.state}`, {
          model: modelTitle(download.model),
          percent: Math.floor(download.progress * 10) * 10,
        });
  return (
    <VisuallyHidden>
      <span role="status">{words}</span>
    </VisuallyHidden>
  );
}
