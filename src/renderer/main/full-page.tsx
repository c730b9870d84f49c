// A page in place of the whole window: what happened, what is safe, what to do.
import type { ReactNode } from 'react';
import { i18n } from '../lib/index.ts';
import { Mark } from '../ui/index.ts';

export interface FullPageProps {
  title: string;
  /** The sentence of the error. */
  body: string;
  /** Lines below it, quieter. */
  children?: ReactNode;
  /** Technical text, folded away. */
  detail?: string | undefined;
  actions: ReactNode;
}

export function FullPage({ title, body, children, detail, actions }: FullPageProps) {
  return (
    <main className="main h-screen" data-region="page">
      <header className="bar">
        <Mark />
        <span className="ml-1 text-14 font-strong">{i18n.t('app:name')}</span>
      </header>
      <div className="flex min-h-0 flex-1 overflow-y-auto">
        <div className="m-auto w-full max-w-[608px] px-8 pt-4 pb-24" role="alert">
          <Mark size={28} />
          <h1 className="mt-4 text-28 font-strong tracking-[var(--track-display)]">{title}</h1>
          <p className="mt-2 text-15 break-words text-ink-2">{body}</p>
          {children}
          <div className="mt-6 flex flex-wrap gap-2">{actions}</div>
          {detail ? (
            <details className="mt-6 text-12 text-ink-3">
              <summary className="w-fit">{i18n.t('app:blocked.details')}</summary>
              <pre className="mono mt-2 rounded-lg bg-sunken p-3 break-words whitespace-pre-wrap select-text">
                {detail}
              </pre>
            </details>
          ) : null}
        </div>
      </div>
    </main>
  );
}
