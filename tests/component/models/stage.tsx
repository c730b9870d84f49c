// The page of models over a fake Hearth, with what it needs of the window around it.
import '../../../src/renderer/ui/styles.css';
import { useEffect } from 'react';
import { vi } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import type { Download } from '../../../src/contract/downloads.ts';
import type { InstalledModel, ModelsStatus } from '../../../src/contract/models.ts';
import { followEngine } from '../../../src/renderer/features/engine/index.ts';
import { followModels, ModelsPage, useModels } from '../../../src/renderer/features/models/index.ts';
import { followSettings } from '../../../src/renderer/features/settings/index.ts';
import { ToastRegion, TooltipLayer } from '../../../src/renderer/ui/index.ts';
import type { FakeHearth, FakeOptions } from '../../support/component/fake-hearth.ts';
import { fakeHearth } from '../../support/component/fake-hearth.ts';
import { beginning } from '../../support/component/fake-models.ts';
import { TOAST_WORDS } from '../../support/component/toast-words.ts';

export const onNewChat = vi.fn<() => void>();

export interface Scene extends FakeOptions {
  status?: Partial<ModelsStatus>;
  installed?: InstalledModel[];
  downloads?: Partial<Download>[];
  parallel?: number;
  /** Procedures whose first call fails, each with its sentence. */
  faults?: [name: string, message: string][];
}

function Stage() {
  useEffect(() => {
    const life = new AbortController();
    void followModels(life.signal);
    void followEngine(life.signal);
    void followSettings(life.signal);
    return () => life.abort();
  }, []);
  return (
    <>
      <main className="main" style={{ height: '100vh' }}>
        <ModelsPage onNewChat={onNewChat} />
      </main>
      <ToastRegion words={TOAST_WORDS} />
      <TooltipLayer />
    </>
  );
}

export async function showModels({
  status,
  installed,
  downloads,
  parallel,
  faults = [],
  ...options
}: Scene = {}): Promise<FakeHearth> {
  await page.viewport(1280, 800);
  onNewChat.mockReset();
  useModels.setState({ models: null, downloads: null, catalogue: null });
  const hearth = fakeHearth(options);
  hearth.models.set({ ...(installed && { installed }), ...status });
  for (const [name, message] of faults) hearth.failNext(name, message);
  if (downloads) hearth.models.setDownloads(downloads.map(download), parallel);
  await render(<Stage />);
  return hearth;
}

export function download(patch: Partial<Download>): Download {
  return { ...beginning(patch.model ?? 'llama3.2:3b'), ...patch };
}

export const called = (hearth: FakeHearth, name: string) =>
  hearth.calls.filter((call) => call.name === name).map((call) => call.input);

export const button = (name: string) => page.getByRole('button', { name, exact: true });
export const announced = () =>
  [...document.querySelectorAll('.sr [role=status]')].map((one) => one.textContent).join('');
export const GB = 1e9;
