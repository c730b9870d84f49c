// A fact that the user writes themselves.
import { Plus } from 'lucide-react';
import type { FormEvent } from 'react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FACT_MAX_CHARS } from '../../../contract/limits.ts';
import { asErrorInfo } from '../../lib/index.ts';
import { Button, Field } from '../../ui/index.ts';
import { addFact } from './store.ts';

export function AddFact() {
  const { t } = useTranslation('facts');
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const fact = text.trim();
    if (fact === '' || isBusy) return;
    setIsBusy(true);
    try {
      await addFact(fact);
      setText('');
    } catch (failure) {
      setError(asErrorInfo(failure).message);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <form className="fact-add" onSubmit={(event) => void submit(event)}>
      <div className="grow">
        <Field
          label={t('add.label')}
          placeholder={t('add.placeholder')}
          value={text}
          maxLength={FACT_MAX_CHARS}
          spellCheck
          error={error}
          onChange={(event) => {
            setText(event.target.value);
            setError(null);
          }}
        />
      </div>
      <Button type="submit" icon={Plus} isBusy={isBusy} disabled={text.trim() === ''}>
        {t('add.button')}
      </Button>
    </form>
  );
}
