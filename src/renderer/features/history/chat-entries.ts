// What can be done with a chat: the same in the menu of its row, on a right click, and at the title of the open one.
import { Pencil, Trash2 } from 'lucide-react';
import type { TFunction } from 'i18next';
import type { MenuEntry } from '../../ui/index.ts';

export interface ChatEntriesOptions {
  t: TFunction<'app'>;
  rename: () => void;
  remove: () => void;
}

export function chatEntries({ t, rename, remove }: ChatEntriesOptions): MenuEntry[] {
  return [
    { id: 'rename', label: t('history.rename'), icon: Pencil, shortcut: 'F2', run: rename },
    { type: 'rule', id: 'rule' },
    { id: 'delete', label: t('history.delete'), icon: Trash2, shortcut: 'Delete', tone: 'danger', run: remove },
  ];
}
