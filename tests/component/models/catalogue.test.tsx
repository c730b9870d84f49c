// The models one could get: what fits and why, getting them, where the list comes from.
import { afterEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { NO_BREAK, setClient } from '../../../src/renderer/lib/index.ts';
import { hideToast } from '../../../src/renderer/ui/index.ts';
import { installed } from '../../support/component/fake-models.ts';
import { button, called, showModels } from './stage.tsx';

afterEach(() => {
  hideToast();
  setClient(null);
});

const table = () => page.getByRole('table', { name: 'Catalogue' });
const row = (name: string) => table().getByRole('row').filter({ hasText: name });

test('what fits comes first; all shows the rest, and against what it was measured', async () => {
  await showModels();
  await expect.element(row('llama3.2 3B')).toMatchTextContent(/A good start.*2.0 GB3.4 GBFitsGet$/);
  await expect.element(row('gemma3 12B')).toMatchTextContent('10.4 GBTight');
  await expect.element(page.getByText('Measured against 11.2 GB free memory')).toBeVisible();
  expect(row('llama3.3 70B').query()).toBeNull();
  await page.getByRole('radio', { name: 'All' }).click();
  await expect.element(row('llama3.3 70B')).toMatchTextContent('46.0 GBToo bigWhy');
});

test('the numbers behind a label show when it is focused or hovered, and one by one when pressed', async () => {
  await showModels();
  const badge = page.getByRole('button', { name: /^llama3.2 3B: Fits/ });
  const words = 'Needs 3.4 GB, 11.2 GB is free: weights 2.4 GB, cache for 4k tokens 680 MB, overhead 340 MB.';
  // Number and unit never stand on two lines.
  const sentence = words.replaceAll(/ (?=[GM]B)/g, NO_BREAK);
  await expect.element(badge).toHaveAccessibleName(`llama3.2 3B: Fits. ${sentence}`);
  await badge.hover();
  const tip = () => document.querySelector('.tip:popover-open')?.textContent;
  await vi.waitFor(() => expect(tip()).toBe(sentence));
  await userEvent.keyboard('{Escape}');
  button('About llama3.2 3B').element().focus();
  await userEvent.tab();
  await expect.element(badge).toHaveFocus();
  await vi.waitFor(() => expect(tip()).toBe(sentence));
  await userEvent.keyboard('{Enter}');
  const numbers = page.getByRole('dialog', { name: 'Memory of llama3.2 3B' });
  await expect
    .element(numbers)
    .toMatchTextContent('Weights2.4 GBCache for 4k tokens680 MBOverhead340 MBNeeds3.4 GBFree now11.2 GB');
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(numbers.query()).toBeNull());
  await expect.element(badge).toHaveFocus();
});

test('why one is too big is told, with what to do', async () => {
  await showModels();
  await page.getByRole('radio', { name: 'All' }).click();
  await button('Why llama3.3 70B does not fit').click();
  const numbers = page.getByRole('dialog', { name: 'Memory of llama3.3 70B' });
  // The plain sentence first, then its numbers.
  await expect
    .element(numbers)
    .toMatchTextContent(/^It would not load.*Take a smaller version.*Needs46.0 GBFree now11.2 GB$/);
  expect(button('Get llama3.3 70B, 43.0 GB').query()).toBeNull();
});

test('what there is to know about a model stands beside its name', async () => {
  await showModels();
  await button('About gemma3 12B').click();
  const about = page.getByRole('dialog', { name: 'About gemma3 12B' });
  for (const fact of ['gemma3:12b', 'Q4_K_M', '128k tokens', 'English', 'Apache 2.0']) {
    await expect.element(about).toMatchTextContent(fact);
  }
});

test('getting one puts it on the list, and its row says how it is', async () => {
  const hearth = await showModels({ downloads: [{ model: 'qwen2.5:7b', state: 'running', progress: 0.624 }] });
  await button('Get mistral 7B, 4.1 GB').click();
  expect(called(hearth, 'downloads.add')).toEqual([{ model: 'mistral:7b', isInsecure: false }]);
  await expect.element(row('mistral 7B')).toMatchTextContent(/In the list$/);
  await expect.element(row('qwen2.5 7B')).toMatchTextContent(/62 %$/);
  hearth.models.arrive('qwen2.5:7b');
  await expect.element(row('qwen2.5 7B')).toMatchTextContent(/Installed$/);
  hearth.failNext('downloads.add', 'Ollama can’t be reached.');
  await button('Get llama3.2 3B, 2.0 GB').click();
  await expect.element(page.getByText('Ollama can’t be reached.')).toBeVisible();
});

test('the button that gets one leaves the focus in its row', async () => {
  await showModels();
  const get = button('Get llama3.2 3B, 2.0 GB');
  await expect.element(get).toBeVisible();
  (get.element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(get.query()).toBeNull());
  await vi.waitFor(() => expect(document.activeElement?.closest('[role=row]')?.textContent).toContain('llama3.2 3B'));
});

test('one that is being deleted can be got again', async () => {
  await showModels({ installed: [installed('mistral:7b')] });
  await expect.element(row('mistral 7B')).toMatchTextContent(/Installed$/);
  await button('Delete mistral 7B').click();
  await expect.element(button('Get mistral 7B, 4.1 GB')).toBeVisible();
});

test('what fits is measured again when memory has changed, not at every word of main', async () => {
  const one = installed('llama3.2:3b');
  const hearth = await showModels({ installed: [one] });
  await expect.element(row('llama3.2 3B')).toBeVisible();
  const before = called(hearth, 'catalogue.get').length;
  hearth.models.set({ installed: [{ ...one, lastUsedAtMs: Date.now() }] });
  await expect.element(page.getByText('Just now')).toBeVisible();
  expect(called(hearth, 'catalogue.get')).toHaveLength(before);
  hearth.models.set({ installed: [{ ...one, loaded: { sizeBytes: 2.9e9, gpuBytes: 0, expiresAtMs: null } }] });
  await vi.waitFor(() => expect(called(hearth, 'catalogue.get')).toHaveLength(before + 1));
});

test('a catalogue that can’t be read says so, and is asked for again', async () => {
  const hearth = await showModels({ faults: [['catalogue.get', 'The catalogue can’t be read.']] });
  await expect.element(page.getByText('The catalogue can’t be read.', { exact: false })).toBeVisible();
  await button('Try again').click();
  await expect.element(row('llama3.2 3B')).toBeVisible();
  expect(called(hearth, 'catalogue.get').length).toBeGreaterThan(1);
});

test('a search that only finds what does not fit says so', async () => {
  await showModels();
  await expect.element(row('llama3.2 3B')).toBeVisible();
  await page.getByRole('searchbox').fill('workstation');
  await expect.element(page.getByText('1 matches and does not fit this computer. All shows it.')).toBeVisible();
  await page.getByRole('radio', { name: 'All' }).click();
  await expect.element(row('llama3.3 70B')).toBeVisible();
});

test('a newer list is fetched only from an address that was given', async () => {
  const hearth = await showModels();
  await expect.element(page.getByText('Came with Hearth, as of November 1, 2026.', { exact: false })).toBeVisible();
  expect(button('Refresh').query()).toBeNull();
  const address = page.getByRole('textbox', { name: 'Address of a newer list' });
  await address.fill('somewhere');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByText('This is not a web address.', { exact: false })).toBeVisible();
  await address.fill('https://models.example.org/catalogue.json');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() =>
    expect(called(hearth, 'settings.set')).toEqual([
      { catalogue: { url: 'https://models.example.org/catalogue.json' } },
    ]),
  );
  hearth.failNext('catalogue.refresh', 'That does not hold a catalogue.', 'catalogue_invalid');
  await button('Refresh').click();
  await expect.element(page.getByText('That does not hold a catalogue.')).toBeVisible();
  await button('Refresh').click();
  await expect
    .element(page.getByText('Fetched from your address, as of November 1, 2026.', { exact: false }))
    .toBeVisible();
  await address.fill('');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(called(hearth, 'settings.set').at(-1)).toEqual({ catalogue: { url: null } }));
  await vi.waitFor(() => expect(button('Refresh').query()).toBeNull());
});
