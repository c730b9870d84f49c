// A right click offers what can be done there, and nothing else.
import { describe, expect, it } from 'vitest';
import { contextActions, type ContextPlace } from '../../../src/main/shell/context-actions.ts';

interface Change extends Partial<Omit<ContextPlace, 'editFlags'>> {
  can?: (keyof ContextPlace['editFlags'])[];
}

function place({ can = ['canSelectAll'], ...change }: Change): ContextPlace {
  return {
    isEditable: false,
    selectionText: '',
    linkURL: '',
    misspelledWord: '',
    dictionarySuggestions: [],
    ...change,
    editFlags: {
      canCut: can.includes('canCut'),
      canCopy: can.includes('canCopy'),
      canPaste: can.includes('canPaste'),
      canSelectAll: can.includes('canSelectAll'),
    },
  };
}

describe('what a right click offers', () => {
  it.each<[string, ContextPlace, string]>([
    ['an answer', place({}), 'selectAll'],
    ['selected text', place({ selectionText: 'word', can: ['canCopy', 'canSelectAll'] }), 'copy | selectAll'],
    ['an empty field', place({ isEditable: true, can: ['canPaste', 'canSelectAll'] }), 'paste | selectAll'],
    ['an empty field and clipboard', place({ isEditable: true, can: [] }), ''],
    [
      'a field with a selection',
      place({ isEditable: true, selectionText: 'word', can: ['canCut', 'canCopy', 'canPaste', 'canSelectAll'] }),
      'cut copy paste | selectAll',
    ],
    [
      'a password, which can be neither cut nor copied',
      place({ isEditable: true, selectionText: '•••', can: ['canPaste', 'canSelectAll'] }),
      'paste | selectAll',
    ],
    ['a link', place({ linkURL: 'https://example.com/' }), 'copyLink:https://example.com/ | selectAll'],
    ['a link to a program', place({ linkURL: 'vscode://run' }), 'selectAll'],
    [
      'a misspelled word',
      place({
        isEditable: true,
        misspelledWord: 'teh',
        dictionarySuggestions: ['the', 'tea'],
        can: ['canPaste', 'canSelectAll'],
      }),
      'replace:the replace:tea learn:teh | paste | selectAll',
    ],
    [
      'a misspelled word that nothing is like',
      place({ isEditable: true, misspelledWord: 'xqzt', can: ['canPaste'] }),
      'learn:xqzt | paste',
    ],
    ['nothing that can be done', place({ can: [] }), ''],
  ])('%s', (_name, where, expected) => {
    const words = contextActions(where).map((action) => {
      if (action.kind === 'separator') return '|';
      if ('word' in action) return `${action.kind}:${action.word}`;
      return 'url' in action ? `${action.kind}:${action.url}` : action.kind;
    });
    expect(words.join(' ')).toBe(expected);
  });
});
