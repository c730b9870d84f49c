// The further headers of a backend: names are seen, values go in and never come out.
import { Plus, X } from 'lucide-react';
import { useRef } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { HEADER_NAME, HEADER_VALUE } from '../../../contract/limits.ts';
import { Button, Field, IconButton } from '../../ui/index.ts';

export interface HeaderRow {
  key: number;
  name: string;
  /** Empty leaves a kept one as it is. */
  value: string;
  /** Whether main holds a value for this name. */
  isKept: boolean;
}

/** Whether it can be sent; an empty new row says nothing. */
export function isHeaderRight({ name, value, isKept }: HeaderRow): boolean {
  if (isKept && value === '') return true;
  if (name.trim() === '' && value === '') return true;
  return value !== '' && HEADER_NAME.test(name.trim()) && HEADER_VALUE.test(value);
}

/** What changes: new values by name, null for those that go. Empty when nothing does. */
export function headerChanges(kept: readonly string[], rows: readonly HeaderRow[]): Record<string, string | null> {
  const changes: Record<string, string | null> = {};
  for (const name of kept) if (!rows.some((row) => row.isKept && row.name === name)) changes[name] = null;
  for (const { name, value } of rows) if (name.trim() !== '' && value !== '') changes[name.trim()] = value;
  return changes;
}

export interface HeaderFieldsProps {
  rows: HeaderRow[];
  /** Whether wrong ones are marked. */
  isChecked: boolean;
  onChange: (rows: HeaderRow[]) => void;
}

export function HeaderFields({ rows, isChecked, onChange }: HeaderFieldsProps) {
  const { t } = useTranslation('backendsPage');
  const put = (key: number, patch: Partial<HeaderRow>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...patch } : row)));
  const area = useRef<HTMLFieldSetElement>(null);
  const addRow = () => {
    const key = Math.max(0, ...rows.map((row) => row.key)) + 1;
    flushSync(() => onChange([...rows, { key, name: '', value: '', isKept: false }]));
    // Who adds one wants to name it.
    area.current?.querySelector<HTMLElement>('.header-row:last-of-type input')?.focus();
  };
  const removeRow = (key: number) => {
    flushSync(() => onChange(rows.filter((row) => row.key !== key)));
    // The button that was pressed is gone with its row.
    area.current?.querySelector<HTMLElement>('button:last-of-type')?.focus();
  };
  return (
    <fieldset ref={area} className="form-field">
      <legend>{t('edit.headers')}</legend>
      <small>{t('edit.headersHelp')}</small>
      {rows.map((row, index) => {
        const name = row.name.trim() || t('edit.newHeader', { number: index + 1 });
        const isWrong = isChecked && !isHeaderRight(row);
        return (
          <div key={row.key} className="header-row">
            <Field
              size="sm"
              isCode
              label={t('edit.headerName', { number: index + 1 })}
              placeholder={t('edit.headerNameHint')}
              value={row.name}
              readOnly={row.isKept}
              error={isWrong ? t('edit.headerInvalid') : null}
              onChange={(event) => put(row.key, { name: event.target.value })}
            />
            <Field
              size="sm"
              isCode
              type="password"
              label={t('edit.headerValue', { name })}
              placeholder={t(row.isKept ? 'edit.headerKept' : 'edit.headerValueHint')}
              value={row.value}
              onChange={(event) => put(row.key, { value: event.target.value })}
            />
            <IconButton
              size="sm"
              icon={X}
              label={t('edit.removeHeader', { name })}
              onClick={() => removeRow(row.key)}
            />
          </div>
        );
      })}
      <Button size="sm" variant="ghost" icon={Plus} className="-ml-2 self-start" onClick={addRow}>
        {t('edit.addHeader')}
      </Button>
    </fieldset>
  );
}
