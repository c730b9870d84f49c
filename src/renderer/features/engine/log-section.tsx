// What Ollama says while it runs: its last lines, live, to search, copy and keep.
import { CircleAlert, Copy, FolderOpen, Search, WrapText } from 'lucide-react';
import { useId, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineStatus } from '../../../contract/engine.ts';
import { asErrorInfo, copyText, getClient } from '../../lib/index.ts';
import { Field, Icon, IconButton, Note, Select, showToast, Switch, VisuallyHidden } from '../../ui/index.ts';
import { LogList } from './log-list.tsx';
import { LINES_MAX } from './log-lines.ts';
import { useLog } from './use-log.ts';
import { useLogSelection } from './use-log-selection.ts';

const COUNTS = ['100', '1000', String(LINES_MAX)] as const;
type Count = (typeof COUNTS)[number];

export function LogSection({ engine }: { engine: EngineStatus | null }) {
  const { t } = useTranslation('engine');
  const [count, setCount] = useState<Count>('100');
  const [sought, setSought] = useState('');
  /** Set by a search, so that it is said once and not with every line that comes. */
  const [found, setFound] = useState<number | null>(null);
  const [isWrapped, setWrapped] = useState(false);
  const [isFollowing, setFollowing] = useState(true);
  const { lines, isRead, problem } = useLog(Number(count));
  useSyncExternalStore(lines.subscribe, () => lines.version);
  const list = useRef<HTMLDivElement>(null);
  const selection = useLogSelection(list, lines);
  const headingId = useId();
  const followId = useId();

  const find = (text: string) => {
    lines.find(text);
    setSought(text);
    setFound(text === '' ? null : lines.rowCount);
  };
  const follow = (isOn: boolean) => {
    if (isOn) lines.release();
    else lines.hold();
    setFollowing(isOn);
  };
  const copy = async () => {
    const text = selection.isAny ? selection.text() : lines.text();
    const isDone = await copyText(text);
    const copied = { count: text === '' ? 0 : text.split('\n').length };
    showToast({ text: isDone ? t('log.copied', copied) : t('log.copyFailed'), icon: isDone ? Copy : CircleAlert });
  };
  const openFolder = () => {
    getClient()
      .engine.openLogFolder()
      .catch((error: unknown) => showToast({ text: asErrorInfo(error).message, icon: CircleAlert }));
  };

  return (
    <section aria-labelledby={headingId}>
      <div className="sec">
        <h2 id={headingId}>{t('log.title')}</h2>
        <span className="grow" />
        <span className="clip text-12 text-ink-3 select-text">{engine?.logPath}</span>
      </div>
      <div className="log-tools">
        <div className="log-find">
          <Icon icon={Search} size={14} />
          <Field
            size="sm"
            type="search"
            label={t('log.find')}
            placeholder={t('log.find')}
            value={sought}
            onChange={(event) => find(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape' || sought === '') return;
              event.preventDefault();
              find('');
            }}
          />
        </div>
        <span className="num text-12 text-ink-3">
          {sought === ''
            ? t('log.lines', { count: lines.count })
            : t('log.found', { found: lines.rowCount, count: lines.count })}
          {lines.waitingCount > 0 ? ` · ${t('log.waiting', { count: lines.waitingCount })}` : null}
        </span>
        <VisuallyHidden>
          <span role="status">{found === null ? '' : t('log.found', { found, count: lines.count })}</span>
        </VisuallyHidden>
        <span className="grow" />
        <Select
          className="w-[132px]"
          label={t('log.show')}
          value={count}
          options={COUNTS.map((value) => ({ value, label: t(`log.last${value}`) }))}
          onChange={setCount}
        />
        <span className="row gap-2 text-12 text-ink-2">
          <span id={followId}>{t('log.follow')}</span>
          <Switch labelledBy={followId} isOn={isFollowing} onChange={follow} />
        </span>
        <span className="row gap-1">
          <IconButton
            icon={WrapText}
            label={t('log.wrap')}
            aria-pressed={isWrapped}
            className={isWrapped ? 'on' : ''}
            onClick={() => setWrapped(!isWrapped)}
          />
          <IconButton
            icon={Copy}
            label={t(selection.isAny ? 'log.copySelection' : 'log.copyAll')}
            disabled={lines.rowCount === 0}
            // The press would take the selection away before it is copied.
            onPointerDown={(event) => event.preventDefault()}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => void copy()}
          />
          <IconButton icon={FolderOpen} label={t('log.openFolder')} onClick={openFolder} />
        </span>
      </div>
      {problem ? (
        <div className="mb-2">
          <Note tone="bad" icon={CircleAlert}>
            {t('log.unreadable', { reason: problem.message })}
          </Note>
        </div>
      ) : null}
      <div className={lines.count === 0 ? 'card log-card is-empty' : 'card log-card'}>
        <LogList lines={lines} sought={sought} isWrapped={isWrapped} list={list} selection={selection} />
        {isRead && lines.rowCount === 0 ? (
          <p className="log-empty">{sought === '' ? t(emptyWord(engine)) : t('log.nothingFound', { sought })}</p>
        ) : null}
      </div>
      {lines.dropped > 0 || lines.count >= LINES_MAX ? (
        <p className="help">{t('log.dropped', { count: LINES_MAX })}</p>
      ) : null}
    </section>
  );
}

function emptyWord(engine: EngineStatus | null): string {
  return engine?.owner === 'other' ? 'log.emptyOther' : 'log.empty';
}
