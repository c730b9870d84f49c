// Puts the chat on screen in front of a fake main, as the window would.
import '../../../src/renderer/ui/styles.css';
import '../../../src/renderer/lib/i18n.ts';
import { useEffect } from 'react';
import { render } from 'vitest-browser-react';
import { ChatView, useChatStore } from '../../../src/renderer/features/chat/index.ts';
import { followEngine } from '../../../src/renderer/features/engine/index.ts';
import type { ContextRoom } from '../../../src/contract/models.ts';
import { Settings } from '../../../src/contract/settings.ts';
import type { SettingsPatch } from '../../../src/contract/settings.ts';
import { followModels, useModels } from '../../../src/renderer/features/models/index.ts';
import { useSettings } from '../../../src/renderer/features/settings/index.ts';
import { setClient } from '../../../src/renderer/lib/index.ts';
import { TooltipLayer } from '../../../src/renderer/ui/index.ts';
import type { FakeEngine } from '../../support/component/fake-engine.ts';
import { fakeEngine } from '../../support/component/fake-engine.ts';
import type { FakeModels } from '../../support/component/fake-models.ts';
import { fakeModels } from '../../support/component/fake-models.ts';
import { createFakeMain, mainError } from '../../support/fake-main.ts';
import type { FakeMain } from '../../support/fake-main.ts';

export interface EngineRoom {
  models: FakeModels;
  engine: FakeEngine;
  /** What was asked of models, downloads and engine, for example `models.ensure`. */
  asked: { name: string; input: unknown }[];
  /** Makes the next call of that name fail with this sentence. */
  failNext: (name: string, message: string) => void;
}

type Start = Parameters<typeof createFakeMain>[0] & { settings?: SettingsPatch; room?: ContextRoom };

export async function showChat(start: Start = {}): Promise<FakeMain & EngineRoom> {
  const main = createFakeMain(start);
  const room = addEngineRoom(main);
  if (start.room) room.models.room = start.room;
  useModels.setState({ models: null, downloads: null, catalogue: null });
  setClient(main.client);
  useSettings.setState({ settings: Settings.parse(start.settings ?? {}) });
  useChatStore.getState().startNew();
  useChatStore.setState({ draft: '', backends: null, newChoice: null });
  const [first] = start.conversations ?? [];
  if (first) await useChatStore.getState().open(first.id);
  await render(
    <div className="app">
      <main className="main">
        <ChatView />
      </main>
      <Following />
      <TooltipLayer />
    </div>,
  );
  return { ...main, ...room };
}

/** As the window does beside the chat. */
function Following() {
  useEffect(() => {
    const life = new AbortController();
    void followModels(life.signal);
    void followEngine(life.signal);
    return () => life.abort();
  }, []);
  return null;
}

function addEngineRoom(main: FakeMain): EngineRoom {
  const asked: EngineRoom['asked'] = [];
  const failures = new Map<string, Error>();
  const call =
    <Input, Output>(name: string, work: (input: Input) => Output) =>
    async (input: Input): Promise<Output> => {
      asked.push({ name, input });
      const failure = failures.get(name);
      failures.delete(name);
      if (failure) throw failure;
      return work(input);
    };
  const models = fakeModels(call);
  const engine = fakeEngine(call);
  Object.assign(main.client, models.client, engine.client);
  const failNext = (name: string, message: string) => void failures.set(name, mainError({ message }));
  return { models: models.fake, engine: engine.fake, asked, failNext };
}
