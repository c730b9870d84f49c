// Asks before something is deleted that can't be brought back: one chat of the bin, or all of them.
import { useTranslation } from 'react-i18next';
import { Button, Dialog } from '../../ui/index.ts';

export interface ForGoodDialogProps {
  /** Of the one chat; null when all of the bin is meant. */
  title: string | null;
  /** How many are in the bin. */
  count: number;
  onConfirm: () => void;
  onClose: () => void;
}

export function ForGoodDialog({ title, count, onConfirm, onClose }: ForGoodDialogProps) {
  const { t } = useTranslation('app');
  return (
    <Dialog
      title={title === null ? t('bin.askAll', { count }) : t('bin.ask')}
      closeLabel={t('bin.cancel')}
      onClose={onClose}
      actions={
        <>
          <Button data-autofocus onClick={onClose}>
            {t('bin.cancel')}
          </Button>
          <Button variant="danger" onClick={onConfirm}>
            {title === null ? t('bin.empty') : t('bin.delete')}
          </Button>
        </>
      }
    >
      <p className="text-13 text-ink-2">
        {title === null ? t('bin.consequenceAll') : t('bin.consequence', { title: title || t('history.untitled') })}
      </p>
    </Dialog>
  );
}
