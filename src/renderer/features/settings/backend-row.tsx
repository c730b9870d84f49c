// One backend in Settings, Backends: its place, what it is, how it is, and what can be done with it.
import { useSortable } from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { ArrowUpRight, Ellipsis, GripVertical } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackendStatus } from '../../../contract/backends.ts';
import { placeOf } from '../../lib/index.ts';
import { Badge, Button, Dot, Icon, IconButton, RowMenu, Switch, VisuallyHidden } from '../../ui/index.ts';
import type { BackendActions } from './backend-menu.ts';
import { menuOf } from './backend-menu.ts';
import { describeHealth, factsOf, fixFor, isAbsent, troubleOf } from './describe.ts';

export interface BackendRowProps {
  backend: BackendStatus;
  /** 1 is asked first; null for one that is asked only when chosen. */
  order: number | null;
  /** Where it stands in the list, 0 at the top, and how many places there are to move to. */
  index: number;
  places: number;
  /** Whether something was set to go to it. */
  isWanted: boolean;
  isOn: boolean;
  isChecking: boolean;
  nowMs: number;
  actions: BackendActions;
}

export function BackendRow(props: BackendRowProps) {
  const { backend, order, index, places, isWanted, isOn, isChecking, nowMs, actions } = props;
  const { t } = useTranslation('backendsPage');
  const { id, label: name } = backend;
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({
    id,
  });
  const health = describeHealth(backend, nowMs, t);
  const fix = fixFor(backend, { isWanted, nowMs });
  const trouble = troubleOf(backend);
  const facts = factsOf(backend, nowMs, t).join(' · ');
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (step === 0 || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    actions.move(backend, index + step);
  };
  return (
    // The keys work wherever in the row the focus is.
    <li
      ref={setNodeRef}
      className={isDragging ? 'be is-dragging' : 'be'}
      style={{ transform: CSS.Translate.toString(transform), transition }}
      tabIndex={-1}
      data-backend={id}
      onKeyDown={press}
    >
      <IconButton
        ref={setActivatorNodeRef}
        className="grip"
        size="sm"
        icon={GripVertical}
        label={t('list.move', { name })}
        shortcut="Alt+ArrowUp"
        {...listeners}
        aria-describedby={attributes['aria-describedby']}
      />
      {order === null ? (
        <span className="ord" data-tip={t('list.onlyWhenChosen')}>
          –
        </span>
      ) : (
        <span className="ord num">{order}</span>
      )}
      <div className="what">
        <div className="name">
          <b className="clip">{name}</b>
          <PlaceBadge backend={backend} />
        </div>
        <small className={trouble && !isAbsent(backend) ? 'clip num bad' : 'clip num'} data-tip={trouble ?? facts}>
          {trouble ?? facts}
        </small>
      </div>
      <div className="hs">
        <Dot tone={health.tone} />
        <span className={health.tone === 'bad' ? 'bad' : 'num'}>{health.word}</span>
      </div>
      <div className="act">
        {fix ? (
          <Button
            size="sm"
            aria-label={t('fix.of', { fix: t(`fix.${fix}`), name })}
            isBusy={fix === 'check' && isChecking}
            onClick={() => actions.fix(fix, backend)}
          >
            {t(`fix.${fix}`)}
          </Button>
        ) : null}
      </div>
      <Switch label={t('list.use', { name })} isOn={isOn} onChange={(next) => actions.setOn(backend, next)} />
      <RowMenu
        label={t('list.more', { name })}
        icon={Ellipsis}
        entries={() => menuOf({ backend, index, places }, actions, t)}
      />
    </li>
  );
}

function PlaceBadge({ backend }: { backend: BackendStatus }) {
  const { t } = useTranslation('backendsPage');
  const place = placeOf(backend.host);
  if (place === 'here') return <Badge size="sm">{t('place.here')}</Badge>;
  return (
    <span className="badge sm away" data-tip={t('place.leaves')}>
      {t(`place.${place}`)}
      <Icon icon={ArrowUpRight} size={12} />
      <VisuallyHidden>{t('place.leaves')}</VisuallyHidden>
    </span>
  );
}
