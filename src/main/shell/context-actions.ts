// Which actions a right click offers, from what lies under the pointer.
import type { ContextMenuParams } from 'electron';
import { isSafeExternalUrl } from './urls.ts';

export type ContextAction =
  | { kind: 'replace'; word: string }
  | { kind: 'learn'; word: string }
  | { kind: 'copyLink'; url: string }
  | { kind: 'cut' | 'copy' | 'paste' | 'selectAll' | 'separator' };

/** What Electron tells of the place, as far as it counts here. */
export type ContextPlace = Pick<
  ContextMenuParams,
  'isEditable' | 'selectionText' | 'linkURL' | 'misspelledWord' | 'dictionarySuggestions'
> & { editFlags: Pick<ContextMenuParams['editFlags'], 'canCut' | 'canCopy' | 'canPaste' | 'canSelectAll'> };

/** In the order of the menu, in groups: the word under the pointer, the link, what is selected, everything. */
export function contextActions(place: ContextPlace): ContextAction[] {
  const { isEditable, editFlags, misspelledWord } = place;
  const hasSelection = place.selectionText !== '';
  const groups: ContextAction[][] = [
    isEditable && misspelledWord !== ''
      ? [
          ...place.dictionarySuggestions.map((word): ContextAction => ({ kind: 'replace', word })),
          { kind: 'learn', word: misspelledWord },
        ]
      : [],
    isSafeExternalUrl(place.linkURL) ? [{ kind: 'copyLink', url: place.linkURL }] : [],
    [
      ...when(isEditable && editFlags.canCut && hasSelection, 'cut'),
      ...when(editFlags.canCopy && hasSelection, 'copy'),
      ...when(isEditable && editFlags.canPaste, 'paste'),
    ],
    when(editFlags.canSelectAll, 'selectAll'),
  ];
  return groups
    .filter((group) => group.length > 0)
    .flatMap((group, index) => (index === 0 ? group : [{ kind: 'separator' } as const, ...group]));
}

const when = (isOffered: boolean, kind: 'cut' | 'copy' | 'paste' | 'selectAll'): ContextAction[] =>
  isOffered ? [{ kind }] : [];
