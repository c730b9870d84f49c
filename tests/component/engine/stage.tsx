// The page of the engine over a fake Hearth, as the window shows it.
import '../../../src/renderer/ui/styles.css';
import { useEffect } from 'react';
import { vi } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { EnginePage, followEngine } from '../../../src/renderer/features/engine/index.ts';
import { followSettings } from '../../../src/renderer/features/settings/index.ts';
import { ToastRegion, TooltipLayer } from '../../../src/renderer/ui/index.ts';
import type { FakeEngine } from '../../support/component/fake-engine.ts';
import type { FakeHearth, FakeOptions } from '../../support/component/fake-hearth.ts';
import { fakeHearth } from '../../support/component/fake-hearth.ts';
import { TOAST_WORDS } from '../../support/component/toast-words.ts';

export interface EngineOptions extends FakeOptions {
  engine?: Partial<FakeEngine['status']>;
  install?: Partial<FakeEngine['install']>;
  lines?: string[];
}

function Stage() {
  useEffect(() => {
    const life = new AbortController();
    void followSettings(life.signal);
    void followEngine(life.signal);
    return () => life.abort();
  }, []);
  return (
    <div className="app">
      <main className="main">
        <EnginePage />
      </main>
      <ToastRegion words={TOAST_WORDS} />
      <TooltipLayer />
    </div>
  );
}

/** Shows the page; it is there once its log was asked for. */
export async function showEngine(options: EngineOptions = {}): Promise<FakeHearth> {
  const hearth = fakeHearth(options);
  hearth.engine.set(options.engine ?? {});
  hearth.engine.setInstall(options.install ?? {});
  hearth.engine.lines = options.lines ?? [];
  await render(<Stage />);
  await until(() => page.getByRole('heading', { name: 'How it runs' }).element());
  return hearth;
}

/** Waits for something to come true, also on a busy computer. */
export const until = <Result,>(check: () => Result | Promise<Result>) => vi.waitFor(check, { timeout: 10_000 });

export const saved = (hearth: FakeHearth) =>
  hearth.calls.filter((call) => call.name === 'settings.set').map((one) => one.input);
export const called = (hearth: FakeHearth, name: string) =>
  hearth.calls.filter((call) => call.name === name).map((one) => one.input);
export const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
