// Puts the chat on screen in front of a fake main, as the window would.
import '../../../src/renderer/ui/styles.css';
import '../../../src/renderer/lib/i18n.ts';
import { render } from 'vitest-browser-react';
import { ChatView, useChatStore } from '../../../src/renderer/features/chat/index.ts';
import { setClient } from '../../../src/renderer/lib/index.ts';
import { TooltipLayer } from '../../../src/renderer/ui/index.ts';
import { createFakeMain } from '../../support/fake-main.ts';
import type { FakeMain } from '../../support/fake-main.ts';

export async function showChat(start: Parameters<typeof createFakeMain>[0] = {}): Promise<FakeMain> {
  const main = createFakeMain(start);
  setClient(main.client);
  useChatStore.getState().startNew();
  useChatStore.setState({ draft: '', backends: null });
  const [first] = start.conversations ?? [];
  if (first) await useChatStore.getState().open(first.id);
  await render(
    <div className="app">
      <main className="main">
        <ChatView />
      </main>
      <TooltipLayer />
    </div>,
  );
  return main;
}
