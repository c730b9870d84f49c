// What is open above the page, one thing at a time.
import type { DiskSpace, ModelRef } from '../../../contract/models.ts';
import { getClient } from '../../lib/index.ts';
import { CopyDialog } from './copy-dialog.tsx';
import { DetailsDrawer } from './details-drawer.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { MoveDialog } from './move-dialog.tsx';

export type Opened =
  | { type: 'details'; model: ModelRef; startsEditing: boolean }
  | { type: 'copy'; from: string }
  | { type: 'move'; to: string }
  /** `number` tells one asking from the next: the same file may be another one by now. */
  | { type: 'import'; path: string; number: number };

export interface OpenedDialogProps {
  opened: Opened | null;
  disk: DiskSpace | null;
  onClose: () => void;
  /** Chooses another file to import. */
  onOther: () => void;
}

export function OpenedDialog({ opened, disk, onClose, onOther }: OpenedDialogProps) {
  switch (opened?.type) {
    case 'details':
      return <DetailsDrawer model={opened.model} startsEditing={opened.startsEditing} onClose={onClose} />;
    case 'copy':
      return <CopyDialog from={opened.from} onClose={onClose} />;
    case 'move':
      return disk ? <MoveDialog disk={disk} to={opened.to} onClose={onClose} /> : null;
    case 'import':
      return <ImportDialog key={opened.number} path={opened.path} onClose={onClose} onOther={onOther} />;
    case undefined:
      return null;
    default:
      return opened satisfies never;
  }
}

/** The system's own dialog for a file; null when none was chosen. */
export async function pickFile(): Promise<string | null> {
  return (await getClient().models.pickFile()).path;
}

export async function pickFolder(): Promise<string | null> {
  return (await getClient().models.pickFolder()).path;
}
