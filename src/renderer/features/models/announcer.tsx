// Says to screen readers what changed with downloads and works: a new state, not every percent.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Download } from '../../../contract/downloads.ts';
import type { FileWork } from '../../../contract/models.ts';
import { modelTitle } from '../../lib/index.ts';
import { VisuallyHidden } from '../../ui/index.ts';

export interface ArrivingAnnouncerProps {
  /** Null until main has told. */
  downloads: Download[] | null;
  work: FileWork[] | null;
}

/** Always on the page: a region that comes with its words is not heard. */
export function ArrivingAnnouncer({ downloads, work }: ArrivingAnnouncerProps) {
  const { t } = useTranslation('models');
  const [words, setWords] = useState('');
  /** What was said last of each; null before the first look, which says nothing: it was so before. */
  const known = useRef<Map<string, string> | null>(null);
  useEffect(() => {
    if (downloads === null || work === null) return;
    const now = new Map<string, string>();
    for (const { id, model, state, problem } of downloads) {
      const reason = state === 'failed' ? (problem?.message ?? '') : '';
      now.set(id, [t(`say.${state}`, { model: modelTitle(model) }), reason].filter(Boolean).join(' '));
    }
    for (const { id, kind, subject, problem } of work) {
      const title = t(`work.${kind}`, { subject });
      now.set(id, problem ? `${title}: ${problem.message}` : title);
    }
    const before = known.current;
    known.current = now;
    const news =
      before === null ? [] : [...now].filter(([id, said]) => before.get(id) !== said).map(([, said]) => said);
    if (news.length > 0) setWords(news.join('. '));
  }, [downloads, t, work]);
  return (
    <VisuallyHidden>
      <span role="status">{words}</span>
    </VisuallyHidden>
  );
}
