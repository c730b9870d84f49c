// Above the list of chats: a quiet button that filters by who answered, what is filtered, with the way back, and the bin.
import { ListFilter, Trash2, X } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KnownSource, SourceFilter } from '../../../contract/conversations.ts';
import { asErrorInfo, openBin, useNavigation } from '../../lib/index.ts';
import { ChoiceItem, Icon, IconButton } from '../../ui/index.ts';
import { filterKey, filterWords, sourceOptions } from './sources.ts';
import type { SourceOption } from './sources.ts';
import { filterHistory, loadSources } from './store.ts';

/** What main told when the menu was opened last. */
type Known = { sources: KnownSource[] } | { failed: string } | null;

export interface HistoryFilterProps {
  filter: SourceFilter | null;
  /** Without any there is nothing to filter, but there may be something in the bin. */
  hasChats: boolean;
}

export function HistoryFilter({ filter, hasChats }: HistoryFilterProps) {
  const { t } = useTranslation('app');
  const isInBin = useNavigation(({ place }) => place.page === 'bin');
  const [known, setKnown] = useState<Known>(null);
  const button = useRef<HTMLButtonElement>(null);
  const look = async () => {
    try {
      setKnown({ sources: await loadSources() });
    } catch (error) {
      setKnown({ failed: asErrorInfo(error).message });
    }
  };
  const words = filter && filterWords(filter, t);
  return (
    <div className="side-filter">
      {words === null ? (
        <span className="side-label grow">{t('history.filter.chats')}</span>
      ) : (
        <span className="grow min-w-0">
          <button
            type="button"
            className="chip on"
            aria-label={t('history.filter.all', { source: words })}
            data-tip={t('history.filter.from', { source: words })}
            onClick={() => {
              filterHistory(null);
              // The chip goes with its press.
              button.current?.focus();
            }}
          >
            <span className="clip">{words}</span>
            <Icon icon={X} size={12} />
          </button>
        </span>
      )}
      {hasChats ? (
        <DropdownMenu.Root modal={false} onOpenChange={(isOpen) => isOpen && void look()}>
          <DropdownMenu.Trigger asChild>
            <IconButton ref={button} size="sm" icon={ListFilter} label={t('history.filter.open')} />
          </DropdownMenu.Trigger>
          <DropdownMenu.Portal>
            <DropdownMenu.Content
              className="menu float side-filter-menu"
              aria-label={t('history.filter.open')}
              align="start"
              sideOffset={4}
              collisionPadding={8}
            >
              <Options known={known} filter={filter} />
            </DropdownMenu.Content>
          </DropdownMenu.Portal>
        </DropdownMenu.Root>
      ) : null}
      <IconButton
        size="sm"
        icon={Trash2}
        label={t('bin.title')}
        aria-current={isInBin ? 'page' : undefined}
        onClick={openBin}
      />
    </div>
  );
}

const ALL = '';

function Options({ known, filter }: { known: Known; filter: SourceFilter | null }) {
  const { t } = useTranslation('app');
  if (known === null) return <DropdownMenu.Label className="head">{t('history.filter.loading')}</DropdownMenu.Label>;
  if ('failed' in known) {
    return (
      <DropdownMenu.Label className="head" role="alert">
        {t('history.filter.failed', { reason: known.failed })}
      </DropdownMenu.Label>
    );
  }
  if (known.sources.length === 0) {
    return <DropdownMenu.Label className="head">{t('history.filter.none')}</DropdownMenu.Label>;
  }
  const { backends, hosts, models } = sourceOptions(known.sources);
  const choose = (key: string) => {
    const option = [...backends, ...hosts, ...models].find((one) => one.key === key);
    filterHistory(option?.filter ?? null);
  };
  return (
    <DropdownMenu.RadioGroup value={filter === null ? ALL : filterKey(filter)} onValueChange={choose}>
      <ChoiceItem value={ALL} words={t('history.filter.chats')} end="" />
      <Section label={t('history.filter.backend')} options={backends} />
      <Section label={t('history.filter.host')} options={hosts} />
      <Section label={t('history.filter.model')} options={models} />
    </DropdownMenu.RadioGroup>
  );
}

function Section({ label, options }: { label: string; options: readonly SourceOption[] }) {
  const { t } = useTranslation('app');
  if (options.length === 0) return null;
  const all = options.map((option) => filterWords(option.filter, t));
  // Two models may read alike, as `tiny` and `tiny:latest`: then their names tell them apart.
  const wordsOf = (filter: SourceFilter) => {
    const words = filterWords(filter, t);
    return all.filter((one) => one === words).length > 1 ? (filter.model ?? words) : words;
  };
  return (
    <DropdownMenu.Group aria-label={label}>
      <DropdownMenu.Label className="head">{label}</DropdownMenu.Label>
      {options.map(({ key, filter, count, isExact }) => (
        <ChoiceItem
          key={key}
          value={key}
          words={wordsOf(filter)}
          end={isExact ? String(count) : t('history.filter.upTo', { count })}
        />
      ))}
    </DropdownMenu.Group>
  );
}
