// A second name for a model: its bytes are shared, its system prompt and parameters can differ from then on.
import { useState } from 'react';
import type { FormEvent } from 'react';
import { Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { asErrorInfo, getClient, modelTitle } from '../../lib/index.ts';
import { Button, Dialog, Field, showToast } from '../../ui/index.ts';
import { readModelName } from './names.ts';

export interface CopyDialogProps {
  from: string;
  onClose: () => void;
}

export function CopyDialog({ from, onClose }: CopyDialogProps) {
  const { t } = useTranslation('models');
  const [name, setName] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const copy = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    const to = name.trim();
    if (readModelName(to) === null) {
      setProblem(t('copy.invalid'));
      return;
    }
    setIsBusy(true);
    try {
      await getClient().models.copy({ from, to });
      onClose();
      showToast({ text: t('copy.done', { name: to }), icon: Copy });
    } catch (error) {
      setProblem(asErrorInfo(error).message);
      setIsBusy(false);
    }
  };
  return (
    <Dialog
      title={t('copy.title', { model: modelTitle(from) })}
      closeLabel={t('close')}
      onClose={onClose}
      actions={
        <>
          <Button variant="ghost" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button variant="primary" type="submit" form="copy-model" isBusy={isBusy}>
            {t('copy.go')}
          </Button>
        </>
      }
    >
      <form id="copy-model" onSubmit={(event) => void copy(event)} noValidate>
        <p className="mb-3">{t('copy.about')}</p>
        <Field
          label={t('copy.name')}
          placeholder={t('copy.placeholder')}
          value={name}
          error={problem}
          data-autofocus
          onChange={(event) => {
            setName(event.target.value);
            setProblem(null);
          }}
        />
      </form>
    </Dialog>
  );
}
