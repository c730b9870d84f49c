import '../../../src/renderer/ui/styles.css';
import { useEffect } from 'react';
import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import type { BackendStatus } from '../../../src/contract/backends.ts';
import { EngineFoot, followSettings } from '../../../src/renderer/features/settings/index.ts';
import { setClient, useNavigation } from '../../../src/renderer/lib/index.ts';
import type { FakeHearth, FakeOptions } from '../../support/component/fake-hearth.ts';
import { BUILT_IN, DEMO, fakeHearth, OLLAMA, OLLAMA_READY } from '../../support/component/fake-hearth.ts';

afterEach(() => setClient(null));

function Foot() {
  useEffect(() => {
    const life = new AbortController();
    void followSettings(life.signal);
    return () => life.abort();
  }, []);
  return <EngineFoot />;
}

async function show(options: FakeOptions = {}): Promise<FakeHearth> {
  const hearth = fakeHearth(options);
  await render(<Foot />);
  return hearth;
}

const says = (...lines: string[]) =>
  expect
    .element(page.getByRole('button', { name: `Engine: ${lines.join('. ')}. Open backends`, exact: true }))
    .toBeVisible();

const ollamaIs = (patch: Partial<BackendStatus>) => ({
  ...OLLAMA_READY,
  backends: [{ ...OLLAMA, ...patch }, BUILT_IN, DEMO],
});

test('it says which engine is ready, with its model and host', async () => {
  await show();
  await says('Ollama is ready', 'llama3.2:3b · 127.0.0.1:11434');
});

test('it says that an answer is written and how many wait', async () => {
  const hearth = await show();
  hearth.setQueue({ lanes: [{ lane: 'ollama:127.0.0.1:11434', running: 1, waiting: 2 }] });
  await says('Ollama is answering', '2 waiting');
  hearth.setQueue({ lanes: [{ lane: 'llamacpp', running: 1, waiting: 0 }] });
  await says('Built-in engine is answering');
  hearth.setQueue({ lanes: [] });
  await says('Ollama is ready', 'llama3.2:3b · 127.0.0.1:11434');
});

test('it says what is going on with an engine that is not ready', async () => {
  const hearth = await show({ backends: ollamaIs({ state: 'asleep' }) });
  await says('Ollama is asleep', 'llama3.2:3b · starts when asked');
  hearth.setBackends(ollamaIs({ state: 'starting' }));
  await says('Ollama is starting', 'llama3.2:3b · 127.0.0.1:11434');
  hearth.setBackends(
    ollamaIs({
      state: 'unavailable',
      problem: { code: 'backend_unreachable', message: 'No Ollama answers.', params: {} },
    }),
  );
  await says('Ollama is not available', 'No Ollama answers.');
});

test('it says that replies are a demo, and why', async () => {
  const problem = { code: 'ollama_not_installed' as const, message: 'No Ollama was found', params: {} };
  const hearth = await show({
    backends: {
      backends: [{ ...OLLAMA, state: 'unavailable', problem }, DEMO],
      chosen: { kind: 'demo', label: 'Demo', model: null },
      isChecking: false,
    },
  });
  await says('Demo replies', 'No Ollama was found');
  await hearth.client.settings.set({ backend: 'demo' });
  await says('Demo replies', 'Chosen in Settings');
});

test('it leads to the backends', async () => {
  await show();
  await userEvent.click(page.getByRole('button'));
  expect(useNavigation.getState().place).toEqual({ page: 'settings', section: 'backends' });
});
