// Who answered, when it was not the first choice on this computer. Stands above the answer, before its first word.
import { Cpu, FlaskConical, Server } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import { Badge } from '../../ui/index.ts';
import { SkippedList } from './answer-details.tsx';
import { DetailsPanel } from './details-list.tsx';
import type { SourceNote } from './origin.ts';

export function SourceBadge({ note }: { note: SourceNote }) {
  const { t } = useTranslation('chat');
  const isDemo = note.kind === 'demo';
  const icon = isDemo ? FlaskConical : note.kind === 'away' ? Server : Cpu;
  const tone = isDemo ? 'warn' : note.kind === 'away' ? 'away' : 'neutral';
  const words = (
    <>
      <Badge tone={tone} icon={icon}>
        <span className="clip">{sourceText(note, t)}</span>
      </Badge>
      {!isDemo && note.reason ? <span className="source-reason clip">{note.reason}</span> : null}
    </>
  );
  if (note.skipped.length === 0) return <div className="source">{words}</div>;
  return (
    <DetailsPanel
      label={t(isDemo ? 'details.whyDemo' : 'details.whyNot')}
      details={
        <>
          <h3>{t(isDemo ? 'details.whyDemo' : 'details.whyNot')}</h3>
          <SkippedList skipped={note.skipped} />
        </>
      }
    >
      {(props) => (
        <button type="button" className="source" data-tip={t('source.seeWhy')} {...props}>
          {words}
        </button>
      )}
    </DetailsPanel>
  );
}

/** The badge's words; also the start of the answer's accessible name. */
export function sourceText(note: SourceNote, t: TFunction<'chat'>): string {
  switch (note.kind) {
    case 'demo':
      return note.reason === null ? t('source.demoChosen') : t('source.demo', { reason: note.reason });
    case 'builtIn':
      return t('source.builtIn');
    case 'away':
      // A server that is named after its host is named once.
      return note.label === note.host
        ? t('source.server', { label: note.label })
        : t('source.serverAt', { label: note.label, host: note.host });
    case 'engine':
      break;
  }
  return t('source.server', { label: note.label });
}
