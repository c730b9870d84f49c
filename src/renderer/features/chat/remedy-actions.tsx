// The buttons of a failed answer, with what comes of pressing them.
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { MessageId } from '../../../contract/ids.ts';
import { asErrorInfo, bytesText, hostName, isThisComputer, modelTitle, secondsText } from '../../lib/index.ts';
import { Button } from '../../ui/index.ts';
import { FetchModel } from './fetch-model.tsx';
import { pressRemedy } from './press-remedy.ts';
import type { Remedy } from './remedy.ts';

export interface RemedyActionsProps {
  /** The best first. */
  remedies: readonly Remedy[];
  /** The answer that failed. */
  id: MessageId;
  /** What was missing is here: the first one is what to do. */
  isMended: boolean;
  onAskAgain: () => void;
  /** What else stands beside them. */
  children?: ReactNode;
}

export function RemedyActions({ remedies, id, isMended, onAskAgain, children }: RemedyActionsProps) {
  const { t } = useTranslation('chat');
  const [pressed, setPressed] = useState<Remedy['type'] | null>(null);
  const [isStarted, setStarted] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  if (isStarted) return <Again words={t('remedy.started')} onAskAgain={onAskAgain} />;

  const press = async (remedy: Exclude<Remedy, { type: 'fetch' }>) => {
    setPressed(remedy.type);
    setFailed(null);
    try {
      if ((await pressRemedy(remedy, id)) === 'done') setStarted(true);
    } catch (error) {
      setFailed(asErrorInfo(error).message);
    }
    setPressed(null);
  };
  const price = remedies.find((remedy) => remedy.type === 'moreContext')?.moreBytes ?? null;
  return (
    <>
      {remedies.map((remedy, index) => {
        const variant = index > 0 ? 'ghost' : isMended ? 'primary' : 'secondary';
        return remedy.type === 'fetch' ? (
          <FetchModel key={remedy.type} model={remedy.model} variant={variant} />
        ) : (
          <Button
            key={remedy.type}
            size="sm"
            variant={variant}
            isBusy={pressed !== null}
            onClick={() => void press(remedy)}
          >
            {pressed === 'start' && remedy.type === 'start' ? t('remedy.starting') : remedyLabel(remedy, t)}
          </Button>
        );
      })}
      {children}
      {price === null || price <= 0 ? null : (
        <span className="remedy-words num">{t('room.price', { size: bytesText(price) })}</span>
      )}
      {failed === null ? null : (
        <span role="alert" className="remedy-words is-bad">
          {failed}
        </span>
      )}
    </>
  );
}

/** It has worked; what comes next. */
export function Again({ words, onAskAgain }: { words: string; onAskAgain: () => void }) {
  const { t } = useTranslation('chat');
  return (
    <>
      <Button size="sm" variant="primary" onClick={onAskAgain}>
        {t('remedy.again')}
      </Button>
      <span role="status" className="remedy-words">
        {words}
      </span>
    </>
  );
}

export function remedyLabel(remedy: Exclude<Remedy, { type: 'fetch' }>, t: TFunction<'chat'>): string {
  switch (remedy.type) {
    case 'smallerModel':
    case 'otherModel':
      return t(`remedy.${remedy.type}`, { model: modelTitle(remedy.model) });
    case 'makeRoom': {
      const [first = ''] = remedy.models;
      return t('remedy.makeRoom', { count: remedy.models.length, model: modelTitle(first) });
    }
    case 'moreContext':
      return t('room.allow', { tokens: remedy.tokens.toLocaleString() });
    case 'moreTime':
      return t('remedy.moreTime', { time: secondsText(remedy.toMs / 1_000) });
    case 'askNext':
    case 'switchOn': {
      const { type, label, host } = remedy;
      const name = isThisComputer(host) ? null : hostName(host ?? '');
      return name === null || name === label
        ? t(`remedy.${type}`, { label })
        : t(`remedy.${type}At`, { label, host: name });
    }
    case 'again':
    case 'goOn':
    case 'key':
    case 'address':
    case 'reword':
    case 'newChat':
    case 'getModel':
    case 'setUp':
    case 'start':
    case 'seeEngine':
    case 'backends':
    case 'dataFolder':
      return t(`remedy.${remedy.type}`);
    default:
      return remedy satisfies never;
  }
}
