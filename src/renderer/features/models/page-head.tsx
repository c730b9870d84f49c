// The head of the page: what it is about, finding a model, taking in a file.
import { FileInput, Search } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { KeyboardEvent, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { matchesShortcut } from '../../lib/index.ts';
import { Button, Icon } from '../../ui/index.ts';

export interface PageHeadProps {
  headingRef: RefObject<HTMLHeadingElement | null>;
  query: string;
  onQuery: (query: string) => void;
  onImport: () => void;
}

export function PageHead({ headingRef, query, onQuery, onImport }: PageHeadProps) {
  const { t } = useTranslation('models');
  return (
    <div className="page-head">
      <div className="grow">
        <h1 ref={headingRef} tabIndex={-1}>
          {t('title')}
        </h1>
        <p>{t('about')}</p>
      </div>
      <FindField query={query} onQuery={onQuery} />
      <Button icon={FileInput} onClick={onImport}>
        {t('import.button')}
      </Button>
    </div>
  );
}

function FindField({ query, onQuery }: Pick<PageHeadProps, 'query' | 'onQuery'>) {
  const { t } = useTranslation('models');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || !matchesSlash(event) || takesText(event.target)) return;
      if (document.querySelector('dialog[open]')) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && query !== '') {
      event.preventDefault();
      onQuery('');
    } else if (event.key === 'Enter') {
      // Or the same press would also press the button.
      event.preventDefault();
      document.querySelector<HTMLElement>('[data-offer]')?.focus();
    }
  };
  return (
    <div className="field quiet find">
      <Icon icon={Search} size={14} />
      <input
        ref={field}
        type="text"
        role="searchbox"
        spellCheck={false}
        autoComplete="off"
        aria-label={t('find.label')}
        aria-keyshortcuts="/"
        placeholder={t('find.label')}
        value={query}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={press}
      />
      {query === '' ? (
        <span className="keys" aria-hidden="true">
          <kbd>/</kbd>
        </span>
      ) : null}
    </div>
  );
}

/** Wherever the slash lies on this keyboard: on many it is written with Shift. */
function matchesSlash(event: globalThis.KeyboardEvent): boolean {
  return matchesShortcut(event, '/') || matchesShortcut(event, 'Shift+/');
}

function takesText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;
}
