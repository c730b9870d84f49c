// Everything about one installed model, at the side; and its system prompt and parameters to be changed.
import { Pencil } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelDetails, ModelRef } from '../../../contract/models.ts';
import { asErrorInfo, getClient, modelTitle } from '../../lib/index.ts';
import { Button, Dialog, Fault, Skeleton } from '../../ui/index.ts';
import { DetailsView } from './details-view.tsx';
import { EditForm } from './edit-form.tsx';

export interface DetailsDrawerProps {
  model: ModelRef;
  /** Opens with the form. */
  startsEditing: boolean;
  onClose: () => void;
}

export function DetailsDrawer({ model, startsEditing, onClose }: DetailsDrawerProps) {
  const { t } = useTranslation('models');
  const { name, engine } = model;
  const [details, setDetails] = useState<ModelDetails | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isEditing, setIsEditing] = useState(startsEditing);
  /** Something was written that closing would lose. */
  const [isDirty, setIsDirty] = useState(false);
  const [isWarned, setIsWarned] = useState(false);
  /** The form has gone: the button that leads to it takes the focus. */
  const [wasEditing, setWasEditing] = useState(false);

  const load = useCallback(
    (signal?: AbortSignal) =>
      getClient()
        .models.details({ name, engine }, signal ? { signal } : {})
        .then(
          (found) => signal?.aborted || setDetails(found),
          (error: unknown) => signal?.aborted || setProblem(asErrorInfo(error).message),
        ),
    [name, engine],
  );
  useEffect(() => {
    const life = new AbortController();
    void load(life.signal);
    return () => life.abort();
  }, [load]);
  const retry = () => {
    setProblem(null);
    void load();
  };

  const leaveForm = () => {
    setIsEditing(false);
    setIsDirty(false);
    setIsWarned(false);
    setWasEditing(true);
  };
  const close = () => {
    if (isEditing && isDirty) setIsWarned(true);
    else onClose();
  };
  const title = modelTitle(name);
  const isForm = isEditing && details !== null && details.isEditable;
  return (
    <Dialog
      place="side"
      title={title}
      {...(title === name ? {} : { sub: name })}
      closeLabel={t('close')}
      onClose={close}
      actions={
        !isForm && details?.isEditable ? (
          <Button icon={Pencil} autoFocus={wasEditing} onClick={() => setIsEditing(true)}>
            {t('details.edit')}
          </Button>
        ) : null
      }
    >
      {problem ? (
        <Fault
          role="alert"
          actions={
            <Button size="sm" onClick={retry}>
              {t('details.retry')}
            </Button>
          }
        >
          {problem}
        </Fault>
      ) : null}
      {details === null && !problem ? <Skeleton label={t('details.loading')} /> : null}
      {details && !isForm ? <DetailsView details={details} /> : null}
      {details && isForm ? (
        <EditForm
          details={details}
          isWarned={isWarned}
          onDirty={setIsDirty}
          onSaved={(changed) => {
            setDetails(changed);
            leaveForm();
          }}
          onCancel={leaveForm}
        />
      ) : null}
    </Dialog>
  );
}
