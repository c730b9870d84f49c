// How full the disk of the models is, where their folder lies, and what broken downloads left on it.
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiskSpace } from '../../../contract/models.ts';
import { bytesText, getClient } from '../../lib/index.ts';
import { Button, Icon, showToast } from '../../ui/index.ts';
import { tellFailure } from './tell.ts';

export interface DiskBarProps {
  disk: DiskSpace;
  /** Absent where the folder is not Hearth's to move. */
  onMove?: (() => void) | undefined;
}

export function DiskBar({ disk, onMove }: DiskBarProps) {
  const { t } = useTranslation('models');
  const { folder, totalBytes, freeBytes, modelsBytes } = disk;
  const otherBytes = Math.max(0, totalBytes - freeBytes - modelsBytes);
  const parts = [
    { key: 'models', bytes: modelsBytes },
    { key: 'other', bytes: otherBytes },
    { key: 'free', bytes: freeBytes },
  ] as const;
  const percent = (bytes: number) => `${totalBytes > 0 ? (bytes / totalBytes) * 100 : 0}%`;
  return (
    <section className="disk" aria-label={t('disk.label')}>
      <div className="disk-bar" aria-hidden="true">
        <i className="models" style={{ width: percent(modelsBytes) }} />
        <i className="other" style={{ width: percent(otherBytes) }} />
      </div>
      <div className="disk-words">
        {parts.map(({ key, bytes }) => (
          <span key={key}>
            <i className={`sw ${key}`} aria-hidden="true" />
            {t(`disk.${key}`)} <b className="num">{bytesText(bytes)}</b>
          </span>
        ))}
        <span className="where">
          <span className="clip" data-tip={folder}>
            {folder}
          </span>
          <span className="num">{t('disk.of', { size: bytesText(totalBytes) })}</span>
          {onMove ? (
            <button type="button" className="link" onClick={onMove} aria-label={t('disk.moveName')}>
              {t('disk.move')}
            </button>
          ) : null}
        </span>
      </div>
      <Leftovers disk={disk} />
    </section>
  );
}

function Leftovers({ disk }: { disk: DiskSpace }) {
  const { t } = useTranslation('models');
  const [isBusy, setIsBusy] = useState(false);
  const { leftoverBytes, leftoverCount } = disk;
  if (leftoverCount === 0) return null;
  const clear = async () => {
    setIsBusy(true);
    try {
      const { freedBytes } = await getClient().models.clearLeftovers();
      showToast({ text: t('disk.freed', { size: bytesText(freedBytes) }), icon: Trash2 });
    } catch (error) {
      tellFailure(error);
    }
    setIsBusy(false);
  };
  return (
    <p className="leftovers">
      <Icon icon={Trash2} size={14} />
      <span className="num">{t('disk.leftovers', { count: leftoverCount, size: bytesText(leftoverBytes) })}</span>
      <Button size="sm" variant="ghost" isBusy={isBusy} onClick={() => void clear()}>
        {t('disk.clear')}
      </Button>
    </p>
  );
}
