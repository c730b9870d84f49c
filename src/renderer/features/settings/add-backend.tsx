// One field and a button: an address is looked at while it is typed, and what was found stands beside it.
import { ArrowUpRight, Check, CircleAlert, KeyRound } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { flushSync } from 'react-dom';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { BackendStatus, ProbeResult } from '../../../contract/backends.ts';
import { asErrorInfo, placeOf } from '../../lib/index.ts';
import { Button, Field, Icon } from '../../ui/index.ts';
import { mistyped } from './address.ts';
import { add } from './list-actions.ts';
import type { Probe } from './use-probe.ts';
import { useProbe } from './use-probe.ts';

/** What is said beside the field. */
interface Finding {
  tone: 'ok' | 'warn' | 'bad' | 'quiet';
  icon: LucideIcon | null;
  text: string;
  /** Whole sentences stand below the field. */
  isLong?: boolean;
}

export function AddBackend({ backends }: { backends: readonly BackendStatus[] }) {
  const { t } = useTranslation('backendsPage');
  const [url, setUrl] = useState('');
  const [key, setKey] = useState('');
  /** Once an address has asked for a key, its field stays until the address changes. */
  const [keyFor, setKeyFor] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const address = url.trim();
  const meant = mistyped(address);
  const probe = useProbe(meant === null ? address : '', key.trim());
  const result = probe.state === 'found' ? probe.result : null;
  const asksForKey = result?.key === 'needed' || result?.key === 'refused';
  if (asksForKey && keyFor !== address) setKeyFor(address);
  const hasKeyField = address !== '' && keyFor === address;
  const wrong = meant === null ? refused : t('add.mistyped', { address: meant });
  const finding: Finding = wrong
    ? { tone: 'bad', icon: CircleAlert, text: wrong, isLong: true }
    : findingOf(probe, key.trim() !== '', t);
  const leaves = result !== null && placeOf(result.host) !== 'here';

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy || address === '' || meant !== null) return;
    setIsBusy(true);
    setRefused(null);
    try {
      const id = await add({ url: address, ...(hasKeyField && key.trim() ? { key: key.trim() } : {}) }, backends);
      flushSync(() => {
        setUrl('');
        setKey('');
        setKeyFor(null);
      });
      if (id !== null) document.querySelector<HTMLElement>(`[data-backend="${id}"]`)?.focus();
    } catch (error) {
      setRefused(asErrorInfo(error).message);
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <>
      <div className="sec">
        <h2>{t('add.title')}</h2>
        <span className="aside">{t('add.aside')}</span>
      </div>
      <form className="add-backend" onSubmit={(event) => void submit(event)} noValidate>
        <Field
          className="w-[400px] max-w-full"
          isCode
          label={t('add.address')}
          placeholder={t('add.placeholder')}
          inputMode="url"
          value={url}
          aria-describedby="add-backend-found"
          onChange={(event) => {
            setUrl(event.target.value);
            setRefused(null);
          }}
        />
        <Button variant="primary" type="submit" disabled={address === '' || meant !== null} isBusy={isBusy}>
          {t('add.go')}
        </Button>
        <div
          id="add-backend-found"
          role="status"
          className={`found ${finding.tone} ${finding.isLong ? 'is-long' : ''}`}
        >
          {finding.icon ? <Icon icon={finding.icon} size={14} /> : null}
          <span>{finding.text}</span>
          {leaves ? (
            <span className="leaves">
              <Icon icon={ArrowUpRight} size={14} />
              {t('add.leaves')}
            </span>
          ) : null}
        </div>
        {hasKeyField ? (
          <Field
            className="w-[400px] max-w-full"
            type="password"
            isCode
            label={t('add.key')}
            placeholder={t('add.keyPlaceholder')}
            value={key}
            onChange={(event) => {
              setKey(event.target.value);
              setRefused(null);
            }}
          />
        ) : null}
      </form>
    </>
  );
}

function findingOf(probe: Probe, hasKey: boolean, t: TFunction<'backendsPage'>): Finding {
  switch (probe.state) {
    case 'none':
      return { tone: 'quiet', icon: null, text: '' };
    case 'looking':
      return { tone: 'quiet', icon: null, text: t('add.looking') };
    case 'failed':
      return { tone: 'bad', icon: CircleAlert, text: probe.problem.message, isLong: true };
    case 'found':
      return foundOf(probe.result, hasKey, t);
    default:
      return probe satisfies never;
  }
}

function foundOf(result: ProbeResult, hasKey: boolean, t: TFunction<'backendsPage'>): Finding {
  const { key, problem, kind, version, models } = result;
  // A field that is still empty was not refused.
  if (key === 'needed' || (key === 'refused' && !hasKey)) {
    return { tone: 'warn', icon: KeyRound, text: t('add.keyNeeded') };
  }
  if (key === 'refused') return { tone: 'bad', icon: KeyRound, text: t('add.keyRefused') };
  if (problem)
    return { tone: 'bad', icon: CircleAlert, text: `${problem.message} ${t('add.allTheSame')}`, isLong: true };
  const count = models.length;
  const isNamed = kind === 'ollama' || kind === 'query';
  const name = isNamed ? t(`add.kind.${kind}`, { version: version ?? '' }).trim() : null;
  const found = [
    name === null ? t('add.answers') : t('add.kindAnswers', { kind: name }),
    kind === 'query' ? null : count === 0 ? t('add.noModels') : t('add.models', { count }),
    key === 'unknown' ? null : t(`add.keyState.${key}`),
  ];
  return { tone: 'ok', icon: Check, text: found.filter((part) => part !== null).join(', ') };
}
