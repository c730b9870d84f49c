// Settings, Memory: what Hearth remembers, whether it learns, and whether models are told.
import './facts.css';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationId } from '../../../contract/ids.ts';
import { Skeleton, TopBar, useKeptFocus } from '../../ui/index.ts';
import { StreamFault, useSettings } from '../settings/index.ts';
import { AddFact } from './add-fact.tsx';
import { FactList } from './fact-list.tsx';
import { MemorySettings } from './memory-settings.tsx';
import { followFacts, useFacts } from './store.ts';

export function MemoryPage({ onOpenChat }: { onOpenChat: (id: ConversationId) => void }) {
  const { t } = useTranslation('facts');
  const { facts, problem } = useFacts();
  const settings = useSettings((state) => state.settings);
  const backends = useSettings((state) => state.backends);
  const heading = useRef<HTMLHeadingElement>(null);
  const content = useRef<HTMLDivElement>(null);
  useKeptFocus(content);
  useEffect(() => {
    const life = new AbortController();
    void followFacts(life.signal);
    return () => life.abort();
  }, []);

  // The page that opens takes the focus, so that keys and screen readers start there.
  useEffect(() => heading.current?.focus(), []);

  return (
    <>
      <TopBar />
      <div ref={content} className="page" data-region="settings">
        <div className="page-head">
          <div className="grow">
            <h1 ref={heading} tabIndex={-1}>
              {t('title')}
            </h1>
            <p>{t('about')}</p>
          </div>
        </div>
        {settings ? <MemorySettings settings={settings} backends={backends} /> : null}
        <div className="sec">
          <h2>{t('list.title')}</h2>
          {facts && facts.length > 0 ? <span className="num text-12 text-ink-3">{facts.length}</span> : null}
        </div>
        {facts ? (
          <>
            <AddFact />
            <FactList facts={facts} isLearning={settings?.purposes.facts.isOn ?? false} onOpenChat={onOpenChat} />
          </>
        ) : problem ? (
          <StreamFault title={t('list.failed')} problem={problem} />
        ) : (
          <Skeleton label={t('list.loading')} />
        )}
      </div>
    </>
  );
}
