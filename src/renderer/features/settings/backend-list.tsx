// The list of backends in the order in which they are tried; its order is changed by dragging or with the keyboard.
import type { DragEndEvent } from '@dnd-kit/core';
import { closestCenter, DndContext, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import { SortableContext, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { BackendsStatus, BackendStatus } from '../../../contract/backends.ts';
import type { BackendId } from '../../../contract/ids.ts';
import type { Settings } from '../../../contract/settings.ts';
import { getClient, openOnboarding, openSettings, useNowMs } from '../../lib/index.ts';
import { Button, useKeptFocus } from '../../ui/index.ts';
import type { BackendActions, EditStart } from './backend-menu.ts';
import { BackendRow } from './backend-row.tsx';
import type { Fix } from './describe.ts';
import { IfNothingAnswersRow } from './if-nothing-answers.tsx';
import { checkAll, move, remove, resetOrder, setOn, setStandsIn, tellFailure } from './list-actions.ts';
import { nextQuestion } from './next-question.ts';

export interface BackendListProps {
  settings: Settings;
  status: BackendsStatus;
  onEdit: (backend: BackendStatus, start: EditStart) => void;
}

const SILENT = {
  onDragStart: () => undefined,
  onDragOver: () => undefined,
  onDragEnd: () => undefined,
  onDragCancel: () => undefined,
};

export function BackendList({ settings, status, onEdit }: BackendListProps) {
  const { t } = useTranslation('backendsPage');
  const area = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState('');
  /** As it was dropped, until main has answered. */
  const [dropped, setDropped] = useState<BackendId[] | null>(null);
  const hasResting = status.backends.some(({ restsUntilMs }) => restsUntilMs !== null);
  const nowMs = useNowMs(hasResting ? 1_000 : 60_000);
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }));
  const dndId = useId();
  useKeptFocus(area);

  // What happens when none of them answers stands below them.
  const engines = status.backends.filter(({ kind }) => kind !== 'demo');
  const movable = dropped ? inOrder(engines, dropped) : engines;
  const standing = movable.filter(({ standsIn }) => standsIn);

  const moveTo = async (backend: BackendStatus, index: number) => {
    const ids = movable.map(({ id }) => id);
    if (index < 0 || index >= ids.length || ids[index] === backend.id) return;
    const next = ids.filter((id) => id !== backend.id);
    next.splice(index, 0, backend.id);
    // The row that moves in the page would lose the focus.
    const held = document.activeElement;
    flushSync(() => setDropped(next));
    if (held instanceof HTMLElement && area.current?.contains(held)) held.focus();
    if (await move(backend.id, index)) {
      setSaid(t('list.moved', { name: backend.label, place: index + 1, count: ids.length }));
    }
    setDropped(null);
  };
  const drop = ({ active, over }: DragEndEvent) => {
    const backend = movable.find(({ id }) => id === active.id);
    if (backend && over)
      void moveTo(
        backend,
        movable.findIndex(({ id }) => id === over.id),
      );
  };
  const turn = (backend: BackendStatus, isOn: boolean) => void setOn(backend.id, isOn);
  const fix = (what: Fix, backend: BackendStatus) => {
    const ways: Record<Fix, () => void> = {
      addKey: () => onEdit(backend, 'key'),
      updateKey: () => onEdit(backend, 'key'),
      check: checkAll,
      switchOn: () => turn(backend, true),
      setUp: openOnboarding,
      getModel: () => openSettings('models'),
      start: () => void getClient().engine.start().catch(tellFailure),
      seeEngine: () => openSettings('engine'),
    };
    ways[what]();
  };
  const removeOne = async (backend: BackendStatus) => {
    const near = movable[movable.indexOf(backend) + 1] ?? movable[movable.indexOf(backend) - 1];
    await remove(backend);
    // The menu gives the focus back to its button, which may be gone by then.
    requestAnimationFrame(() =>
      setTimeout(() => {
        const isLost = document.activeElement === null || document.activeElement === document.body;
        if (isLost && near) area.current?.querySelector<HTMLElement>(`[data-backend="${near.id}"]`)?.focus();
      }),
    );
  };
  const actions: BackendActions = {
    check: checkAll,
    edit: onEdit,
    fix,
    move: (backend, index) => void moveTo(backend, index),
    remove: (backend) => void removeOne(backend),
    setOn: turn,
    setStandsIn: (backend, standsIn) => void setStandsIn(backend.id, standsIn),
  };
  const reset = async () => {
    if (await resetOrder()) setSaid(t('list.orderReset'));
  };

  return (
    <div ref={area}>
      <DndContext
        id={dndId}
        sensors={sensors}
        collisionDetection={closestCenter}
        onDragEnd={drop}
        accessibility={{ announcements: SILENT, screenReaderInstructions: { draggable: t('list.moveHint') } }}
      >
        <SortableContext items={movable.map(({ id }) => id)} strategy={verticalListSortingStrategy}>
          <ol className="card list chain" aria-label={t('list.label')} aria-busy={status.isChecking}>
            {movable.map((backend, index) => (
              <BackendRow
                key={backend.id}
                backend={backend}
                order={backend.standsIn ? standing.indexOf(backend) + 1 : null}
                index={index}
                places={movable.length}
                isWanted={isWanted(settings, backend.id)}
                isOn={backend.state !== 'off'}
                isChecking={status.isChecking}
                nowMs={nowMs}
                actions={actions}
              />
            ))}
            <IfNothingAnswersRow chosen={settings.ifNothingAnswers} rule={status.demo} />
          </ol>
        </SortableContext>
      </DndContext>
      <div className="chain-foot">
        <p className="grow num" data-next>
          {nextQuestion(status, { choice: settings.backend, nowMs }, t)}
        </p>
        {status.isOrderAutomatic ? null : (
          <Button size="sm" variant="ghost" onClick={() => void reset()}>
            {t('list.resetOrder')}
          </Button>
        )}
      </div>
      <p className="sr" role="status">
        {said}
      </p>
    </div>
  );
}

function inOrder(backends: BackendStatus[], ids: BackendId[]): BackendStatus[] {
  return backends.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
}

/** Whether the chat or another purpose was set to go to this backend. */
function isWanted({ backend, purposes }: Settings, id: BackendId): boolean {
  return backend === id || Object.values(purposes).some((one) => one.backend === id && !('isOn' in one && !one.isOn));
}
