// What stands in the window when drawing it has failed: a sentence and a way on, instead of a blank page.
import { Component } from 'react';
import type { ErrorInfo, ReactNode } from 'react';
import { i18n } from '../lib/index.ts';
import { Button } from '../ui/index.ts';
import { FullPage } from './full-page.tsx';

interface State {
  error: Error | null;
}

export class CrashBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    // Main keeps the console of its windows in the log.
    console.error('The window crashed', error, info.componentStack);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <FullPage
        title={i18n.t('app:crash.title')}
        body={i18n.t('app:crash.body')}
        detail={error.message}
        actions={
          <Button variant="primary" size="lg" onClick={() => window.location.reload()}>
            {i18n.t('app:crash.reload')}
          </Button>
        }
      />
    );
  }
}
