// What can be set about one backend: where it is, its secrets, whether it stands in, and how long Hearth waits for it.
import { CircleAlert } from 'lucide-react';
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackendsStatus, BackendStatus } from '../../../contract/backends.ts';
import type { AddedBackend, Settings } from '../../../contract/settings.ts';
import { asErrorInfo, getClient, useNowMs } from '../../lib/index.ts';
import { Button, Dialog, Note } from '../../ui/index.ts';
import { AddedFields } from './added-fields.tsx';
import { addedDraft, addedEdit, addedFaults } from './added-draft.ts';
import type { EditStart } from './backend-menu.ts';
import { BuiltinField, builtinDraft, builtinFault, builtinPatch } from './builtin-field.tsx';
import { factsOf, isAbsent } from './describe.ts';
import { LimitFields } from './limit-fields.tsx';
import { limitTexts, readLimits, withLimits } from './limits.ts';
import { saveSettings, showBackends } from './store.ts';

export interface EditDialogProps {
  backend: BackendStatus;
  settings: Settings;
  secretsIn: BackendsStatus['secretsIn'];
  start: EditStart;
  onClose: () => void;
}

const FORM = 'edit-backend';

export function EditDialog({ backend, settings, secretsIn, start, onClose }: EditDialogProps) {
  const { t } = useTranslation('backendsPage');
  const { id } = backend;
  // As it was when the dialog opened: what changes meanwhile elsewhere is not undone by saving.
  const [entry] = useState<AddedBackend | null>(() => settings.backends.added.find((one) => one.id === id) ?? null);
  const [added, setAdded] = useState(() => entry && addedDraft(entry));
  const [builtin, setBuiltin] = useState(() => builtinDraft(backend, settings));
  const [ownLimits] = useState(() => limitTexts(settings.backends.limits[id]));
  const [limits, setLimits] = useState(ownLimits);
  const [isChecked, setIsChecked] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const nowMs = useNowMs(60_000);

  const tell = (sentence: string) => {
    setProblem(sentence);
    setIsBusy(false);
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setIsChecked(true);
    setProblem(null);
    const own = readLimits(limits);
    const isWrong = (added && addedFaults(added, t).isWrong) || builtinFault(builtin, t) !== null;
    if (own === null || isWrong) {
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus());
      return;
    }
    setIsBusy(true);
    try {
      const edit = entry && added && addedEdit(entry, added);
      if (edit) showBackends(await getClient().backends.edit(edit));
      const patch = builtinPatch(builtin, settings);
      const hasOwnLimits = JSON.stringify(limits) !== JSON.stringify(ownLimits);
      const refused =
        patch || hasOwnLimits
          ? await saveSettings({
              ...patch,
              ...(hasOwnLimits ? { backends: { limits: withLimits(settings.backends.limits, id, own) } } : {}),
            })
          : null;
      if (refused === null) onClose();
      else tell(refused.message);
    } catch (error) {
      tell(asErrorInfo(error).message);
    }
  };

  return (
    <Dialog
      title={t('edit.title', { name: backend.label })}
      closeLabel={t('edit.close')}
      onClose={onClose}
      actions={
        <>
          {problem ? (
            <p className="em form-problem grow" role="alert">
              {problem}
            </p>
          ) : null}
          <Button variant="ghost" onClick={onClose}>
            {t('edit.cancel')}
          </Button>
          <Button variant="primary" type="submit" form={FORM} isBusy={isBusy}>
            {t('edit.save')}
          </Button>
        </>
      }
    >
      <form ref={form} id={FORM} className="edit-backend" onSubmit={(event) => void save(event)} noValidate>
        <p className="num facts">{factsOf(backend, nowMs, t).join(' · ')}</p>
        {backend.problem && backend.state !== 'off' ? (
          <Note tone={isAbsent(backend) ? 'plain' : 'bad'} icon={CircleAlert}>
            {backend.problem.message}
          </Note>
        ) : null}
        {entry && added ? (
          <AddedFields
            entry={entry}
            draft={added}
            secretsIn={secretsIn}
            start={start}
            isChecked={isChecked}
            onChange={setAdded}
          />
        ) : null}
        <BuiltinField draft={builtin} isFirst={start === 'top'} isChecked={isChecked} onChange={setBuiltin} />
        <LimitFields
          texts={limits}
          general={settings.timeouts}
          isFirst={start === 'limits' || (!entry && builtin === null)}
          isChecked={isChecked}
          onChange={setLimits}
        />
      </form>
    </Dialog>
  );
}
