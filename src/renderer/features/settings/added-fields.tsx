// The fields of a backend that the user added. Secrets are typed here and never shown again.
import { useTranslation } from 'react-i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { AddedBackend } from '../../../contract/settings.ts';
import { Button, Switch } from '../../ui/index.ts';
import type { AddedDraft } from './added-draft.ts';
import { addedFaults } from './added-draft.ts';
import type { EditStart } from './backend-menu.ts';
import { FormField } from './form-field.tsx';
import { HeaderFields } from './header-fields.tsx';

export interface AddedFieldsProps {
  entry: AddedBackend;
  draft: AddedDraft;
  secretsIn: BackendsStatus['secretsIn'];
  start: EditStart;
  /** Whether what is wrong is marked. */
  isChecked: boolean;
  onChange: (draft: AddedDraft) => void;
}

export function AddedFields({ entry, draft, secretsIn, start, isChecked, onChange }: AddedFieldsProps) {
  const { t } = useTranslation('backendsPage');
  const faults = isChecked ? addedFaults(draft, t) : null;
  const put = (patch: Partial<AddedDraft>) => onChange({ ...draft, ...patch });
  const hasSecrets = entry.hasKey || entry.headerNames.length > 0;
  const isMoved = hasSecrets && originOf(draft.url) !== originOf(entry.url);
  const kept = t(secretsIn === 'system' ? 'edit.keptBySystem' : 'edit.keptInFile');
  return (
    <>
      <FormField
        title={t('edit.name')}
        value={draft.name}
        maxLength={80}
        error={faults?.name ?? null}
        data-autofocus={start === 'top' ? '' : undefined}
        onChange={(event) => put({ name: event.target.value })}
      />
      <FormField
        title={t('edit.address')}
        isCode
        inputMode="url"
        value={draft.url}
        error={faults?.url ?? null}
        {...(isMoved ? { help: t('edit.moved') } : {})}
        onChange={(event) => put({ url: event.target.value })}
      />
      <div className="key-field">
        <FormField
          title={t('edit.key')}
          isCode
          type="password"
          value={draft.key}
          placeholder={t(entry.hasKey && !draft.isKeyRemoved ? 'edit.keyKept' : 'edit.keyNone')}
          help={draft.isKeyRemoved && draft.key === '' ? t('edit.keyGoes') : kept}
          data-autofocus={start === 'key' ? '' : undefined}
          onChange={(event) => put({ key: event.target.value })}
        />
        {entry.hasKey ? (
          <Button size="sm" variant="ghost" onClick={() => put({ isKeyRemoved: !draft.isKeyRemoved, key: '' })}>
            {t(draft.isKeyRemoved ? 'edit.keepKey' : 'edit.removeKey')}
          </Button>
        ) : null}
      </div>
      <HeaderFields rows={draft.headers} isChecked={isChecked} onChange={(headers) => put({ headers })} />
      <div className="form-switch">
        <div className="grow">
          <b id="edit-stands-in">{t('edit.standsIn')}</b>
          <small id="edit-stands-in-help">{t('edit.standsInHelp')}</small>
        </div>
        <Switch
          labelledBy="edit-stands-in"
          describedBy="edit-stands-in-help"
          isOn={draft.standsIn}
          onChange={(standsIn) => put({ standsIn })}
        />
      </div>
    </>
  );
}

/** Where requests go, as far as a text tells. */
function originOf(url: string): string {
  const [, rest = url] = /^[a-z+]+:\/\/(.*)$/i.exec(url.trim()) ?? [];
  return (
    rest
      .replace(/^[^/]*@/, '')
      .split(/[/?#]/)[0]
      ?.toLowerCase() ?? ''
  );
}
