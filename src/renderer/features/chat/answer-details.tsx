// Everything that is known of an answer's making: who wrote it and where, who did not, what it took, what was remembered.
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { AnswerSource, AnswerUsage, Message } from '../../../contract/conversations.ts';
import { openSettings, placeOf } from '../../lib/index.ts';
import { Badge } from '../../ui/index.ts';
import { cutText } from './answer-cut.tsx';
import { DetailList } from './details-list.tsx';
import type { Detail } from './details-list.tsx';

/** Only for an answer with a source. */
export function AnswerDetails({ source, message }: { source: AnswerSource; message: Message }) {
  const { t, i18n } = useTranslation('chat');
  const { usage, factsUsed, settledAtMs } = message;
  const cut = cutText(usage, t);
  const when = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  const details: Detail[] = [
    ...sourceDetails(source, t),
    // The numbers of a demo say nothing about a model.
    ...(usage && source.kind !== 'demo' ? usageDetails(usage, t) : []),
    ...(cut === null ? [] : [{ name: t('details.ended'), value: cut }]),
    ...(settledAtMs === null ? [] : [{ name: t('details.finished'), value: when.format(settledAtMs) }]),
  ];
  return (
    <>
      <h3>{t('details.answer')}</h3>
      <DetailList details={details} />
      {source.skipped.length > 0 ? (
        <>
          <h4>{t(source.kind === 'demo' ? 'details.whyDemo' : 'details.whyNot')}</h4>
          <SkippedList skipped={source.skipped} />
        </>
      ) : null}
      {factsUsed ? (
        <p className="details-facts">
          {t('details.factsUsed', { count: factsUsed })}{' '}
          <button type="button" className="text-link" onClick={() => openSettings('memory')}>
            {t('details.seeFacts')}
          </button>
        </p>
      ) : null}
    </>
  );
}

/** Each that did not answer, with its whole sentence: what happened, and what can be done. */
export function SkippedList({ skipped }: Pick<AnswerSource, 'skipped'>) {
  return (
    <ul className="skipped">
      {skipped.map(({ kind, label, reason }) => (
        <li key={`${kind} ${label} ${reason.code}`}>
          <b>{label}</b> {reason.message}
        </li>
      ))}
    </ul>
  );
}

export function sourceDetails({ label, model, host, url, kind }: AnswerSource, t: TFunction<'chat'>): Detail[] {
  const place = placeOf(host);
  const server = host === null ? [] : [{ name: t('details.host'), value: host }];
  return [
    { name: t('details.backend'), value: label },
    ...(kind === 'demo' ? [] : [{ name: t('details.model'), value: model ?? t('details.unknown') }]),
    {
      name: t('details.place'),
      value:
        place === 'here' ? (
          t('place.here')
        ) : (
          <Badge size="sm" tone="away">
            {t(`place.${place}`)}
          </Badge>
        ),
    },
    ...server,
    { name: t('details.address'), value: url, isCode: true },
  ];
}

/** Less is no time worth a line: a model that was in memory is not loaded. */
const NOTHING_MS = 5;

function usageDetails(usage: AnswerUsage, t: TFunction<'chat'>): Detail[] {
  const { promptTokens, answerTokens, loadMs, firstTokenMs, answerMs, totalMs } = usage;
  const count = (key: 'promptTokens' | 'answerTokens', value: number | null): Detail[] =>
    value === null ? [] : [{ name: t(`details.${key}`), value: value.toLocaleString() }];
  const time = (key: 'load' | 'firstToken' | 'writing' | 'total', ms: number | null): Detail[] =>
    ms === null || ms < NOTHING_MS
      ? []
      : [{ name: t(`details.${key}`), value: t('footer.seconds', { seconds: shortNumber(ms / 1_000) }) }];
  const speed =
    answerTokens && answerMs ? [{ name: t('details.speed'), value: speedText(answerTokens, answerMs, t) }] : [];
  return [
    ...count('promptTokens', promptTokens),
    ...count('answerTokens', answerTokens),
    ...speed,
    ...time('load', loadMs),
    ...time('firstToken', firstTokenMs),
    ...time('writing', answerMs),
    ...time('total', totalMs),
  ];
}

export function speedText(tokens: number, ms: number, t: TFunction<'chat'>): string {
  return t('footer.speed', { rate: shortNumber(tokens / (ms / 1_000)) });
}

/** One decimal below ten, none above; two where one would say nothing. */
export function shortNumber(value: number): string {
  if (value < 0.095) return value.toFixed(2);
  return value < 9.95 ? value.toFixed(1) : Math.round(value).toString();
}
