// One engine in Settings, Backends: order, name, where it is, how it is, and what is wrong with it.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackendStatus } from '../../../contract/backends.ts';
import { placeOf } from '../../lib/index.ts';
import { Badge, Dot } from '../../ui/index.ts';
import { describeHealth, isAbsent } from './describe.ts';

export interface BackendRowProps {
  backend: BackendStatus;
  /** 1 is asked first. */
  order: number;
  /** Whether the next question goes here. */
  isNext: boolean;
  /** Whether the user chose it alone, so that it is no last resort. */
  isOnlyChoice: boolean;
  /** A switch, where there is one. */
  control?: ReactNode;
}

export function BackendRow({ backend, order, isNext, isOnlyChoice, control }: BackendRowProps) {
  const { t } = useTranslation('app');
  const health = describeHealth(backend, t);
  const isDemo = backend.kind === 'demo';
  const place = placeOf(backend.host);
  const count = backend.models.length;
  const facts = isDemo
    ? [isOnlyChoice ? t('settings.row.demoAbout') : t('settings.row.demoLast')]
    : [
        backend.host ?? (backend.kind === 'llamacpp' ? 'llama.cpp' : null),
        backend.version && t('settings.row.version', { version: backend.version }),
        backend.state === 'ready' || count > 0
          ? count === 0
            ? t('settings.row.noModels')
            : t('settings.row.models', { count })
          : null,
        backend.isOwned ? t('settings.row.owned') : null,
      ];
  return (
    <li className="li min-h-[53px]">
      <span className="num w-3.5 text-center text-12 text-ink-3">{order}</span>
      <div className="grow">
        <div className="row gap-2">
          <b className="font-strong">{backend.label}</b>
          {isDemo ? (
            <Badge size="sm" tone="warn">
              {t('settings.row.labelled')}
            </Badge>
          ) : (
            <Badge size="sm" tone={place === 'here' ? 'neutral' : 'away'}>
              {t(`settings.row.${place}`)}
            </Badge>
          )}
        </div>
        <small className="num">{facts.filter(Boolean).join(' · ')}</small>
        {backend.problem && backend.state !== 'ready' ? (
          <p className={`mt-1 max-w-[64ch] text-12 ${isAbsent(backend) ? 'text-ink-3' : 'text-danger-ink'}`}>
            {backend.problem.message}
          </p>
        ) : null}
      </div>
      <div className="row w-[172px] gap-2 text-12 text-ink-2">
        <Dot tone={isDemo && isOnlyChoice && backend.state === 'ready' ? 'ok' : health.tone} />
        <span className={health.tone === 'bad' ? 'font-medium text-danger-ink' : 'num'}>
          {isDemo && isOnlyChoice && backend.state === 'ready' ? t('settings.row.ready') : health.word}
        </span>
      </div>
      <div className="w-[92px] text-12 text-ink-3">{isNext ? t('settings.row.next') : null}</div>
      <div className="row w-8 justify-end">{control}</div>
    </li>
  );
}
