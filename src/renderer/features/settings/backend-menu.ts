// What the menu of a backend's row offers.
import type { TFunction } from 'i18next';
import { ArrowDown, ArrowUp, Pencil, RefreshCw, Timer, Trash2, UserCheck, Workflow } from 'lucide-react';
import type { BackendStatus } from '../../../contract/backends.ts';
import type { BackendToEdit } from '../../lib/index.ts';
import type { MenuEntry } from '../../ui/index.ts';
import type { Fix } from './describe.ts';

/** Where the dialog begins. */
export type EditStart = BackendToEdit['start'];

export interface BackendActions {
  check: () => void;
  edit: (backend: BackendStatus, start: EditStart) => void;
  fix: (fix: Fix, backend: BackendStatus) => void;
  move: (backend: BackendStatus, index: number) => void;
  remove: (backend: BackendStatus) => void;
  setOn: (backend: BackendStatus, isOn: boolean) => void;
  setStandsIn: (backend: BackendStatus, standsIn: boolean) => void;
}

interface Placed {
  backend: BackendStatus;
  index: number;
  places: number;
}

export function menuOf(
  { backend, index, places }: Placed,
  actions: BackendActions,
  t: TFunction<'backendsPage'>,
): MenuEntry[] {
  const { origin, standsIn } = backend;
  const isAdded = origin === 'added';
  const entries: (MenuEntry | false)[] = [
    { id: 'check', label: t('menu.check'), icon: RefreshCw, run: actions.check },
    (isAdded || hasOwnFields(backend)) && {
      id: 'edit',
      label: t('menu.edit'),
      icon: Pencil,
      run: () => actions.edit(backend, 'top'),
    },
    { id: 'limits', label: t('menu.limits'), icon: Timer, run: () => actions.edit(backend, 'limits') },
    isAdded && {
      id: 'standsIn',
      label: t(standsIn ? 'menu.onlyWhenChosen' : 'menu.standIn'),
      icon: standsIn ? UserCheck : Workflow,
      run: () => actions.setStandsIn(backend, !standsIn),
    },
    { type: 'rule', id: 'rule' },
    {
      id: 'up',
      label: t('menu.up'),
      icon: ArrowUp,
      shortcut: 'Alt+ArrowUp',
      isDisabled: index === 0,
      run: () => actions.move(backend, index - 1),
    },
    {
      id: 'down',
      label: t('menu.down'),
      icon: ArrowDown,
      shortcut: 'Alt+ArrowDown',
      isDisabled: index >= places - 1,
      run: () => actions.move(backend, index + 1),
    },
    isAdded && { type: 'rule', id: 'rule-end' },
    isAdded && {
      id: 'remove',
      label: t('menu.remove'),
      icon: Trash2,
      tone: 'danger',
      run: () => actions.remove(backend),
    },
  ];
  return entries.filter((entry) => entry !== false);
}

/** Whether a backend that was not added has something to set beside its limits. */
function hasOwnFields({ kind, origin }: BackendStatus): boolean {
  return origin === 'builtin' && (kind === 'ollama' || kind === 'llamacpp');
}
