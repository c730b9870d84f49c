// The form for a model's system prompt and parameters.
import { Plus, X } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelDetails, ModelParameter } from '../../../contract/models.ts';
import { asErrorInfo, getClient } from '../../lib/index.ts';
import { Button, Fault, Field, IconButton, Note, TextArea } from '../../ui/index.ts';
import type { Wrong } from './parameters.ts';
import { cleaned, KNOWN_PARAMETERS, wrongWith } from './parameters.ts';

export interface EditFormProps {
  details: ModelDetails;
  /** Somebody tried to leave with changes that are not saved. */
  isWarned: boolean;
  onDirty: (isDirty: boolean) => void;
  onSaved: (details: ModelDetails) => void;
  onCancel: () => void;
}

type Row = ModelParameter & { key: number };

export function EditForm({ details, isWarned, onDirty, onSaved, onCancel }: EditFormProps) {
  const { t } = useTranslation('models');
  const listId = useId();
  const [system, setSystem] = useState(details.system);
  const [rows, setRows] = useState<Row[]>(() => details.settings.map((one, key) => ({ ...one, key })));
  const [isChecked, setIsChecked] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const nextKey = useRef(details.settings.length);
  const form = useRef<HTMLFormElement>(null);

  const change = (next: Row[]) => {
    setRows(next);
    onDirty(true);
  };
  const put = (key: number, patch: Partial<ModelParameter>) =>
    change(rows.map((row) => (row.key === key ? { ...row, ...patch } : row)));
  const add = () => {
    change([...rows, { name: '', value: '', key: nextKey.current }]);
    nextKey.current += 1;
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    setProblem(null);
    if (isBusy) return;
    if (rows.some((row) => wrongWith(row, rows) !== null)) {
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus());
      return;
    }
    setIsBusy(true);
    try {
      onSaved(await getClient().models.edit({ name: details.name, system, settings: rows.map(cleaned) }));
    } catch (error) {
      setProblem(asErrorInfo(error).message);
      setIsBusy(false);
    }
  };

  return (
    <form ref={form} className="details" onSubmit={(event) => void save(event)} noValidate>
      <section className="part">
        <h3>{t('details.system')}</h3>
        <TextArea
          label={t('details.system')}
          placeholder={t('edit.systemPlaceholder')}
          value={system}
          autoFocus
          onChange={(event) => {
            setSystem(event.target.value);
            onDirty(true);
          }}
        />
      </section>
      <section className="part">
        <h3>{t('details.settings')}</h3>
        <datalist id={listId}>
          {KNOWN_PARAMETERS.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <ul className="param-rows">
          {rows.map((row, at) => (
            <ParameterRow
              key={row.key}
              row={row}
              number={at + 1}
              listId={listId}
              wrong={isChecked ? wrongWith(row, rows) : null}
              isFresh={row.key >= details.settings.length && row.name === ''}
              onChange={(patch) => put(row.key, patch)}
              onRemove={() => {
                change(rows.filter(({ key }) => key !== row.key));
                form.current?.querySelector<HTMLElement>('[data-add]')?.focus();
              }}
            />
          ))}
        </ul>
        <Button size="sm" variant="ghost" icon={Plus} onClick={add} data-add>
          {t('edit.add')}
        </Button>
        <p className="help">{t('edit.about')}</p>
      </section>
      {problem ? <Fault role="alert">{problem}</Fault> : null}
      {isWarned ? (
        <div role="alert">
          <Note tone="warn">{t('edit.unsaved')}</Note>
        </div>
      ) : null}
      <div className="form-foot">
        <Button variant="ghost" onClick={onCancel}>
          {t('cancel')}
        </Button>
        <Button variant="primary" type="submit" isBusy={isBusy}>
          {t('edit.save')}
        </Button>
      </div>
    </form>
  );
}

interface ParameterRowProps {
  row: Row;
  number: number;
  listId: string;
  wrong: Wrong | null;
  /** Just added: it takes the focus. */
  isFresh: boolean;
  onChange: (patch: Partial<ModelParameter>) => void;
  onRemove: () => void;
}

function ParameterRow({ row, number, listId, wrong, isFresh, onChange, onRemove }: ParameterRowProps) {
  const { t } = useTranslation('models');
  const isNameWrong = wrong === 'name' || wrong === 'twice';
  const sentence = wrong && t(`edit.wrong.${wrong}`);
  return (
    <li>
      <Field
        size="sm"
        isCode
        label={t('edit.name', { number })}
        list={listId}
        value={row.name}
        autoFocus={isFresh}
        aria-invalid={isNameWrong || undefined}
        error={isNameWrong ? sentence : null}
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <Field
        size="sm"
        isCode
        label={t('edit.value', { number, name: row.name })}
        value={row.value}
        error={isNameWrong ? null : sentence}
        onChange={(event) => onChange({ value: event.target.value })}
      />
      <IconButton size="sm" icon={X} label={t('edit.remove', { name: row.name || number })} onClick={onRemove} />
    </li>
  );
}
