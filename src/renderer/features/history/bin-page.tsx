// The bin: what was deleted, with the days that are left; looked into, brought back, or deleted for good after a question.
import { Trash2 } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { BinEntry } from '../../../contract/conversations.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import { useNowMs } from '../../lib/index.ts';
import { Button, Fault, Skeleton, TopBar, useKeptFocus } from '../../ui/index.ts';
import { BinRow } from './bin-row.tsx';
import { deleteForGood, emptyBin, followBin, loadMoreOfBin, reloadBin, useBin } from './bin-store.ts';
import { ForGoodDialog } from './for-good-dialog.tsx';
import { MoreRow } from './more-row.tsx';
import { restoreConversation } from './store.ts';
import { tellFailure } from './tell.ts';
import { useRowsInView } from './use-rows-in-view.ts';

/** As high as `.bin-list` makes them. */
const ROW_PX = 56;

export function BinPage({ onLook }: { onLook: (id: ConversationId) => void }) {
  const { t } = useTranslation('app');
  const { phase, items, total, isLoadingMore, problem } = useBin();
  const nowMs = useNowMs(60_000);
  /** What is asked about: one chat, or all of them. */
  const [asked, setAsked] = useState<BinEntry | 'all' | null>(null);
  const page = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const { from, to } = useRowsInView({ scroller: page, list, count: items.length, rowPx: ROW_PX });
  useKeptFocus(page);
  useEffect(() => {
    const life = new AbortController();
    void followBin(life.signal);
    return () => life.abort();
  }, []);
  // The page that opens takes the focus, so that keys and screen readers start there.
  useEffect(() => heading.current?.focus(), []);

  /** Once it is out of the list, the focus is on the next one, else on the one before, else on the heading. */
  const leave = useCallback(async (id: ConversationId, work: () => Promise<void>) => {
    const next = rowBeside(page.current, id, 1) ?? rowBeside(page.current, id, -1) ?? heading.current;
    try {
      await work();
      next?.focus();
    } catch (error) {
      tellFailure(error);
    }
  }, []);
  const restore = useCallback((id: ConversationId) => void leave(id, () => restoreConversation(id)), [leave]);
  const confirm = async () => {
    setAsked(null);
    if (asked === 'all') {
      await emptyBin().catch(tellFailure);
      heading.current?.focus();
    } else if (asked) await leave(asked.id, () => deleteForGood(asked.id));
  };

  const press = (event: KeyboardEvent) => {
    const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-binned]') : null;
    if (!row || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const id = row.dataset.binned as ConversationId;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) rowBeside(page.current, id, step)?.focus();
    else if (event.key === 'Delete') setAsked(items.find((item) => item.id === id) ?? null);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <TopBar />
      <div ref={page} className="page" data-region="bin">
        <div className="page-head">
          <div className="grow">
            <h1 ref={heading} tabIndex={-1}>
              {t('bin.title')}
            </h1>
            <p>{t('bin.about')}</p>
          </div>
          {total > 0 ? (
            <Button variant="danger" icon={Trash2} onClick={() => setAsked('all')}>
              {t('bin.empty')}
            </Button>
          ) : null}
        </div>
        {phase === 'loading' ? <Skeleton label={t('bin.loading')} /> : null}
        {phase === 'failed' ? (
          <Fault
            title={t('bin.failed')}
            role="alert"
            actions={
              <Button size="sm" onClick={() => void reloadBin()}>
                {t('history.retry')}
              </Button>
            }
          >
            {problem?.message}
          </Fault>
        ) : null}
        {phase === 'ready' && items.length === 0 ? <p className="text-13 text-ink-3">{t('bin.nothing')}</p> : null}
        {items.length > 0 ? (
          <ul
            ref={list}
            className="card list bin-list"
            aria-label={t('bin.list', { count: total })}
            style={{ paddingTop: from * ROW_PX, paddingBottom: (items.length - to) * ROW_PX }}
            onKeyDown={press}
          >
            {items.slice(from, to).map((entry, index) => (
              <BinRow
                key={entry.id}
                entry={entry}
                place={from + index + 1}
                total={total}
                nowMs={nowMs}
                onLook={onLook}
                onRestore={restore}
                onDelete={setAsked}
              />
            ))}
          </ul>
        ) : null}
        {items.length > 0 && items.length < total ? (
          <MoreRow isLoading={isLoadingMore} scroller={page} label={t('bin.more')} load={loadMoreOfBin} />
        ) : null}
      </div>
      {asked === null ? null : (
        <ForGoodDialog
          title={asked === 'all' ? null : asked.title}
          count={total}
          onConfirm={() => void confirm()}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

/** The words of the row so many places from the one of this chat. */
function rowBeside(page: HTMLElement | null, id: ConversationId, step: number): HTMLElement | null {
  const rows = [...(page?.querySelectorAll<HTMLElement>('[data-binned]') ?? [])];
  return rows[rows.findIndex((row) => row.dataset.binned === id) + step] ?? null;
}
