// Before the models move: where to, how much, and what happens meanwhile.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiskSpace } from '../../../contract/models.ts';
import { asErrorInfo, bytesText, getClient } from '../../lib/index.ts';
import { Button, Dialog, Fault } from '../../ui/index.ts';

export interface MoveDialogProps {
  disk: DiskSpace;
  to: string;
  onClose: () => void;
}

export function MoveDialog({ disk, to, onClose }: MoveDialogProps) {
  const { t } = useTranslation('models');
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const size = bytesText(disk.modelsBytes);
  const move = async () => {
    setIsBusy(true);
    setProblem(null);
    try {
      await getClient().models.moveFolder({ to });
      onClose();
    } catch (error) {
      setProblem(asErrorInfo(error).message);
      setIsBusy(false);
    }
  };
  return (
    <Dialog
      title={t('move.title')}
      closeLabel={t('close')}
      onClose={onClose}
      actions={
        <>
          <Button variant="ghost" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button variant="primary" isBusy={isBusy} onClick={() => void move()} data-autofocus>
            {t('move.go', { size })}
          </Button>
        </>
      }
    >
      <dl className="kv">
        <dt>{t('move.from')}</dt>
        <dd>{disk.folder}</dd>
        <dt>{t('move.to')}</dt>
        <dd>{to}</dd>
        <dt>{t('move.size')}</dt>
        <dd>{size}</dd>
      </dl>
      <p className="mt-3">{t('move.about')}</p>
      {problem ? (
        <div className="mt-3">
          <Fault role="alert">{problem}</Fault>
        </div>
      ) : null}
    </Dialog>
  );
}
