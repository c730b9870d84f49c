// What the user typed after `hearth backend`, checked.
import { text } from '../main/words/index.ts';
import { parseWords, requireNoMore, UsageError, type Words } from './usage.ts';

export type BackendAction =
  | { action: 'list'; isJson: boolean }
  | { action: 'add'; url: string; name: string | null; hasKey: boolean }
  | { action: 'remove' | 'on' | 'off' | 'key'; id: string }
  /** Null: all of them. */
  | { action: 'check'; id: string | null; isJson: boolean }
  | { action: 'test'; url: string; hasKey: boolean; isJson: boolean };
export type BackendCommand = { name: 'backend'; what: BackendAction } | { name: 'help'; topic: 'backend' };

const JSON_OPTION = { json: { type: 'boolean' } } as const;
const KEY_OPTION = { 'key-stdin': { type: 'boolean' } } as const;
const OPTIONS: Record<BackendAction['action'], Parameters<typeof parseWords>[1]> = {
  list: JSON_OPTION,
  add: { ...KEY_OPTION, name: { type: 'string', short: 'n' } },
  remove: {},
  on: {},
  off: {},
  key: {},
  check: JSON_OPTION,
  test: { ...KEY_OPTION, ...JSON_OPTION },
};

/** Without an action it lists. @throws UsageError */
export function parseBackend(args: string[]): BackendCommand {
  const [first] = args;
  const isNamed = first !== undefined && !first.startsWith('-');
  const action = isNamed ? first : 'list';
  if (!isAction(action)) throw new UsageError(text('cli:usage.unknownBackendAction', { word: action }));
  const { values, positionals } = parseWords(isNamed ? args.slice(1) : args, OPTIONS[action]);
  if (values.help === true) return { name: 'help', topic: 'backend' };
  return { name: 'backend', what: actionFrom(action, values, positionals) };
}

function isAction(word: string): word is BackendAction['action'] {
  return Object.hasOwn(OPTIONS, word);
}

function actionFrom(action: BackendAction['action'], values: Words['values'], words: string[]): BackendAction {
  const isJson = values.json === true;
  const hasKey = values['key-stdin'] === true;
  switch (action) {
    case 'list':
      requireNoMore(words);
      return { action, isJson };
    case 'add':
      return { action, url: one(words, 'noUrl'), name: typeof values.name === 'string' ? values.name : null, hasKey };
    case 'remove':
    case 'on':
    case 'off':
    case 'key':
      return { action, id: one(words, 'noBackend') };
    case 'check':
      return { action, id: words.length === 0 ? null : one(words, 'noBackend'), isJson };
    case 'test':
      return { action, url: one(words, 'noUrl'), hasKey, isJson };
    default:
      return action satisfies never;
  }
}

function one([word, ...more]: string[], missing: 'noUrl' | 'noBackend'): string {
  if (word === undefined || word.trim() === '') throw new UsageError(text(`cli:usage.${missing}`));
  requireNoMore(more);
  return word.trim();
}
