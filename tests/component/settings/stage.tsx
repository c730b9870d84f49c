// The settings page over a fake Hearth, with what it needs of the window around it.
import '../../../src/renderer/ui/styles.css';
import { Suspense, useEffect } from 'react';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import type { BackendStatus, BackendsStatus } from '../../../src/contract/backends.ts';
import { followSettings, SettingsView } from '../../../src/renderer/features/settings/index.ts';
import { ToastRegion, TooltipLayer } from '../../../src/renderer/ui/index.ts';
import type { FakeHearth, FakeOptions } from '../../support/component/fake-hearth.ts';
import { BUILT_IN, DEMO, fakeHearth, OLLAMA, OLLAMA_READY } from '../../support/component/fake-hearth.ts';
import { TOAST_WORDS } from '../../support/component/toast-words.ts';

export type Section = 'general' | 'backends' | 'advanced';

const app = {
  phase: 'ready' as const,
  problem: null,
  notices: [],
  version: '0.1.0',
  platform: 'linux',
  dataFolder: '/home/user/.local/share/hearth',
};

function Stage({ section, platform }: { section: Section; platform: string }) {
  useEffect(() => {
    const life = new AbortController();
    void followSettings(life.signal);
    return () => life.abort();
  }, []);
  return (
    <>
      <main className="main" style={{ height: '100vh' }}>
        <Suspense fallback={null}>
          <SettingsView key={section} section={section} app={{ ...app, platform }} />
        </Suspense>
      </main>
      <ToastRegion words={TOAST_WORDS} />
      <TooltipLayer />
    </>
  );
}

export async function showSettings(
  section: Section,
  { platform = app.platform, ...options }: FakeOptions & { platform?: string } = {},
): Promise<FakeHearth> {
  await page.viewport(1280, 800);
  const hearth = fakeHearth(options);
  await render(<Stage section={section} platform={platform} />);
  return hearth;
}

/** What was asked of main, by the name of the procedure. */
export const inputsOf = (hearth: FakeHearth, name: string) =>
  hearth.calls.filter((call) => call.name === name).map((call) => call.input);

/** One on the network that the user added, and that may stand in. */
export const STUDIO: BackendStatus = {
  ...OLLAMA,
  id: 'studio',
  kind: 'openai',
  label: 'studio.local',
  url: 'http://studio.local:8000/v1',
  host: 'studio.local:8000',
  isOwned: false,
  version: null,
  latencyMs: 34,
  models: ['qwen3:8b', 'gemma3:4b'].map((name) => ({ ...OLLAMA.models[0]!, name })),
  origin: 'added',
};

/** One on the internet whose key is refused. */
export const OFFICE: BackendStatus = {
  ...STUDIO,
  id: 'office',
  label: 'Office server',
  url: 'https://llm.office.example/v1',
  host: 'llm.office.example',
  state: 'unavailable',
  latencyMs: null,
  models: [],
  problem: {
    code: 'backend_key_refused',
    message: 'llm.office.example refused the key (401). Update the key in Settings, Backends.',
    params: { host: 'llm.office.example', status: 401 },
  },
};

const ADDED = [STUDIO, OFFICE].map(({ id, url, label, standsIn }) => ({
  id,
  url,
  name: label,
  standsIn,
  hasKey: id === 'office',
  headerNames: id === 'office' ? ['X-Team'] : [],
}));

/** A status with these backends, by default all there are. */
export function status(
  backends: BackendStatus[] = [OLLAMA, BUILT_IN, STUDIO, OFFICE, DEMO],
  patch: Partial<BackendsStatus> = {},
): BackendsStatus {
  return { ...OLLAMA_READY, backends, ...patch };
}

export const WITH_ADDED: FakeOptions = { backends: status(), settings: { backends: { added: ADDED } } };
