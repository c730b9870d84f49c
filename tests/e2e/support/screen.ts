// What a person does and sees in a window, by role and name.
import type { Locator, Page } from '@playwright/test';

export interface Screen {
  composer: Locator;
  send: Locator;
  stop: Locator;
  /** The answers of the open chat, oldest first. */
  answers: Locator;
  questions: Locator;
  newChat: Locator;
  /** The rows of the sidebar. */
  chat(title: string | RegExp): Locator;
  ask(question: string): Promise<void>;
  /** Opens a section of the settings from the chat, by keyboard and click. */
  openSettings(section: 'General' | 'Models' | 'Engine' | 'Backends' | 'Memory' | 'Advanced'): Promise<void>;
}

export function screen(window: Page): Screen {
  const composer = window.getByRole('textbox', { name: 'Message' });
  return {
    composer,
    send: window.getByRole('button', { name: /^Send/ }),
    stop: window.getByRole('button', { name: /^Stop/ }),
    answers: window.getByRole('article', { name: /Hearth/ }),
    questions: window.getByRole('article', { name: /^You/ }),
    newChat: window.getByRole('button', { name: /^New chat/ }).first(),
    // Not the button of its menu, which is named after it too.
    chat: (title) =>
      window.getByRole('navigation').getByRole('button', { name: title }).and(window.locator('[data-chat]')),
    async ask(question) {
      await composer.fill(question);
      await composer.press('Enter');
    },
    async openSettings(section) {
      // Once the composer has the focus, the window hears its keys.
      await composer.and(window.locator(':focus')).waitFor();
      await window.keyboard.press('ControlOrMeta+,');
      await window.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: section }).click();
      await window.getByRole('heading', { name: section, level: 1 }).waitFor();
    },
  };
}
