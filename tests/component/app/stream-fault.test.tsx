// A stream of main that fails leaves no page waiting: it says why, and asks again when it is told to.
import '../../../src/renderer/ui/styles.css';
import { type ReactNode, Suspense, useEffect } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { EnginePage, followEngine } from '../../../src/renderer/features/engine/index.ts';
import { MemoryPage } from '../../../src/renderer/features/facts/index.ts';
import { followModels, ModelsPage } from '../../../src/renderer/features/models/index.ts';
import { followSettings, SettingsView } from '../../../src/renderer/features/settings/index.ts';
import { type HearthClient, setClient } from '../../../src/renderer/lib/index.ts';
import { fakeHearth, hearthError } from '../../support/component/fake-hearth.ts';

afterEach(() => setClient(null));

function Window({ children }: { children: ReactNode }) {
  useEffect(() => {
    const life = new AbortController();
    void followSettings(life.signal);
    void followEngine(life.signal);
    void followModels(life.signal);
    return () => life.abort();
  }, []);
  return (
    <main className="main">
      <Suspense fallback={null}>{children}</Suspense>
    </main>
  );
}

type Watched = 'models' | 'backends' | 'settings' | 'engine' | 'facts';

test.each<[string, Watched, ReactNode]>([
  ['Models', 'models', <ModelsPage key="page" onNewChat={() => undefined} />],
  ['Backends', 'backends', <SettingsView key="page" section="backends" app={null} />],
  ['Backends without preferences', 'settings', <SettingsView key="page" section="backends" app={null} />],
  ['General', 'settings', <SettingsView key="page" section="general" app={null} />],
  ['Engine', 'engine', <EnginePage key="page" />],
  ['Memory', 'facts', <MemoryPage key="page" onOpenChat={() => undefined} />],
])('%s says why it knows nothing, and tries again', async (_name, watched, content) => {
  const hearth = fakeHearth();
  const part = hearth.client[watched] as { watch: HearthClient[Watched]['watch'] };
  const works = part.watch;
  const broken = vi.fn<() => Promise<never>>(() => Promise.reject(hearthError('What main says is not readable.')));
  part.watch = broken;
  await render(<Window>{content}</Window>);
  const fault = page.getByText(/What main says is not readable/);
  await expect.element(fault).toBeVisible();
  const asked = broken.mock.calls.length;
  await page.getByRole('button', { name: 'Try again' }).click();
  await vi.waitFor(() => expect(broken.mock.calls.length).toBeGreaterThan(asked));
  await expect.element(fault).toBeVisible();

  part.watch = works;
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.element(fault).not.toBeInTheDocument();
  expect(document.querySelector('.skel')).toBeNull();
});
