// What the dialog of an added backend holds while it is open, and what of it goes to main.
import type { TFunction } from 'i18next';
import type { EditBackendInput } from '../../../contract/backends.ts';
import type { AddedBackend } from '../../../contract/settings.ts';
import type { HeaderRow } from './header-fields.tsx';
import { headerChanges, isHeaderRight } from './header-fields.tsx';

export interface AddedDraft {
  name: string;
  url: string;
  /** Empty leaves a kept one as it is. */
  key: string;
  isKeyRemoved: boolean;
  headers: HeaderRow[];
  standsIn: boolean;
}

export function addedDraft({ name, url, standsIn, headerNames }: AddedBackend): AddedDraft {
  const headers = headerNames.map((header, key) => ({ key, name: header, value: '', isKept: true }));
  return { name, url, key: '', isKeyRemoved: false, headers, standsIn };
}

export interface AddedFaults {
  name: string | null;
  url: string | null;
  isWrong: boolean;
}

export function addedFaults({ name, url, headers }: AddedDraft, t: TFunction<'backendsPage'>): AddedFaults {
  const faults = {
    name: name.trim() === '' ? t('edit.nameEmpty') : null,
    url: url.trim() === '' ? t('edit.addressEmpty') : null,
  };
  const isWrong = faults.name !== null || faults.url !== null || !headers.every(isHeaderRight);
  return { ...faults, isWrong };
}

/** Only what differs; null when nothing does. */
export function addedEdit(entry: AddedBackend, draft: AddedDraft): EditBackendInput | null {
  const headers = headerChanges(entry.headerNames, draft.headers);
  const key = draft.key.trim();
  const change = {
    ...(draft.name.trim() === entry.name ? {} : { name: draft.name.trim() }),
    ...(draft.url.trim() === entry.url ? {} : { url: draft.url.trim() }),
    ...(key === '' ? (draft.isKeyRemoved ? { key: null } : {}) : { key }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(draft.standsIn === entry.standsIn ? {} : { standsIn: draft.standsIn }),
  };
  return Object.keys(change).length === 0 ? null : { id: entry.id, ...change };
}
