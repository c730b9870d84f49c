// Long work on files: taking in a GGUF file, moving the models folder.
import { CircleAlert, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { FileWork } from '../../../contract/models.ts';
import { getClient } from '../../lib/index.ts';
import { Button, Dot, Icon, IconButton, Meter } from '../../ui/index.ts';
import { shareText } from './download-text.ts';
import { tellFailure } from './tell.ts';

export function WorkRow({ work }: { work: FileWork }) {
  const { t } = useTranslation('models');
  const { id, kind, subject, step, doneBytes, totalBytes, problem } = work;
  const title = t(`work.${kind}`, { subject });
  const isCounted = totalBytes > 0 && (step === 'copying' || step === 'hashing');
  const words = t(`work.step.${step}`);
  const text = problem ? t('work.failed') : isCounted ? [words, shareText(doneBytes, totalBytes)].join(' · ') : words;
  const end = () => void getClient().models.cancelWork({ id }).catch(tellFailure);
  return (
    <li className="dl" aria-label={title}>
      {problem ? (
        <span className="st bad">
          <Icon icon={CircleAlert} size={12} />
        </span>
      ) : (
        <Dot tone="live" />
      )}
      <b className="clip" data-tip={title}>
        {title}
      </b>
      <Meter
        label={t('arriving.progressOf', { model: title })}
        value={totalBytes > 0 ? doneBytes / totalBytes : null}
        tone={problem ? 'still' : 'live'}
        text={text}
      />
      <span className={problem ? 'txt num bad' : 'txt num'}>{text}</span>
      <span className="acts">
        {problem ? (
          <Button size="sm" variant="ghost" onClick={end} aria-label={t('work.dismissOf', { title })}>
            {t('work.dismiss')}
          </Button>
        ) : (
          <IconButton size="sm" icon={X} label={t('work.cancel', { title })} onClick={end} />
        )}
      </span>
      {problem ? <p className="why">{problem.message}</p> : null}
    </li>
  );
}
