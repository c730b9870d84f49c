// Every page as axe sees it, in both themes: nothing to mend for screen readers, keyboards and eyes.
import '../../../src/renderer/ui/styles.css';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { useChatStore } from '../../../src/renderer/features/chat/index.ts';
import {
  getClient,
  openBin,
  openChats,
  openOnboarding,
  openSettings,
  setClient,
} from '../../../src/renderer/lib/index.ts';
import { App } from '../../../src/renderer/main/app.tsx';
import { hideToast } from '../../../src/renderer/ui/index.ts';
import gallery from '../../fixtures/markdown/gallery.md?raw';
import { answerMessage, demoSource, questionMessage } from '../../support/answers.ts';
import { axeFindings } from '../../support/component/axe.ts';
import { chat, fakeHearth, OLLAMA_READY } from '../../support/component/fake-hearth.ts';
import { fact } from '../../support/component/fake-facts.ts';

beforeEach(async () => {
  await page.viewport(1280, 800);
  openChats();
  useChatStore.getState().startNew();
});
afterEach(() => {
  hideToast();
  setClient(null);
  delete document.documentElement.dataset.theme;
});

async function show() {
  const [lease] = [chat('Lease')];
  const messages = [
    questionMessage('Explain it'),
    answerMessage('done', gallery, {
      parts: [
        { type: 'thinking', text: 'Hm' },
        { type: 'text', text: gallery },
      ],
    }),
    questionMessage('And now?'),
    answerMessage('done', 'A sample', { source: demoSource }),
  ];
  const hearth = fakeHearth({
    conversations: [lease, chat('Savings')],
    messages: { [lease.id]: messages },
    backends: OLLAMA_READY,
  });
  hearth.facts.set([fact('Lives in Oslo.')]);
  await render(<App />);
  return { lease };
}

/** The page of that name, with what it shows read. */
async function opened(name: string) {
  await expect.element(page.getByRole('heading', { name, level: 1 })).toBeVisible();
  await vi.waitFor(() => expect(document.querySelector('.skel')).toBeNull());
}

describe.each(['light', 'dark'])('%s', (theme) => {
  beforeEach(() => {
    document.documentElement.dataset.theme = theme;
  });

  test('a new chat, and one with answers', async () => {
    const { lease } = await show();
    await expect.element(page.getByRole('button', { name: 'Lease' })).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await useChatStore.getState().open(lease.id);
    await expect.element(page.getByRole('heading', { name: 'First step' })).toBeVisible();
    expect(await axeFindings()).toEqual([]);
  });

  test.each(['General', 'Models', 'Engine', 'Backends', 'Memory', 'Advanced'] as const)(
    'Settings, %s',
    async (name) => {
      await show();
      openSettings(name.toLowerCase() as Lowercase<typeof name>);
      await opened(name);
      expect(await axeFindings()).toEqual([]);
    },
  );

  test('the bin, and the question before something is deleted for good', async () => {
    const { lease } = await show();
    await getClient().conversations.delete({ id: lease.id });
    openBin();
    await opened('Bin');
    await expect.element(page.getByRole('button', { name: 'Restore Lease' })).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await page.getByRole('button', { name: 'Empty the bin' }).click();
    await expect.element(page.getByRole('dialog')).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).last().click();
    await page.getByText('Lease', { exact: true }).click();
    await expect.element(page.getByText(/Restore to go on/)).toBeVisible();
    expect(await axeFindings()).toEqual([]);
  });

  test('the first start', async () => {
    await show();
    openOnboarding();
    await opened('Choose an engine');
    expect(await axeFindings()).toEqual([]);
  });
});
