// What a person does on the page Settings, Backends.
import type { Locator, Page } from '@playwright/test';

/** The row of a backend, by words that stand in it. */
export function row(window: Page, name: string): Locator {
  return window
    .getByRole('list', { name: /^Backends/ })
    .getByRole('listitem')
    .filter({ hasText: name });
}

/** Adds what answers at an address. Resolves with its row. */
export async function addBackend(window: Page, url: string): Promise<Locator> {
  await window.getByRole('textbox', { name: 'Address of a backend' }).fill(url);
  await window.getByRole('button', { name: 'Add', exact: true }).click();
  const added = row(window, new URL(url).host);
  await added.waitFor();
  return added;
}

/** Chooses in the menu behind a row's three dots. */
export async function choose(window: Page, backend: Locator, entry: string): Promise<void> {
  await backend.getByRole('button', { name: /^More about/ }).click();
  await window.getByRole('menuitem', { name: entry }).click();
}
