// The end of the list of backends: what happens when none of them answers.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { DemoRule } from '../../../contract/backends.ts';
import type { IfNothingAnswers, Settings } from '../../../contract/settings.ts';
import { Segmented } from '../../ui/index.ts';
import { useSave } from './use-save.ts';

export interface IfNothingAnswersRowProps {
  chosen: Settings['ifNothingAnswers'];
  /** What that means now. */
  rule: DemoRule;
}

export function IfNothingAnswersRow({ chosen, rule }: IfNothingAnswersRowProps) {
  const { t } = useTranslation('backendsPage');
  const id = useId();
  const { error, save } = useSave();
  const inForce: IfNothingAnswers = chosen ?? (rule === 'never' ? 'say' : 'demo');
  return (
    <li className="be nobody" data-backend="demo">
      <div className="what">
        <div className="name">
          <b id={id}>{t('nothing.title')}</b>
        </div>
        <small id={`${id}-help`}>{t(`nothing.${chosen === null ? 'open' : 'chosen'}.${inForce}`)}</small>
        {error ? (
          <p className="em" role="alert">
            {error}
          </p>
        ) : null}
      </div>
      <Segmented
        labelledBy={id}
        describedBy={`${id}-help`}
        value={inForce}
        options={[
          { value: 'say', label: t('nothing.say') },
          { value: 'demo', label: t('nothing.demo') },
        ]}
        // Pressing what is in force keeps it for good.
        onChange={(value) => save({ ifNothingAnswers: value })}
      />
    </li>
  );
}
