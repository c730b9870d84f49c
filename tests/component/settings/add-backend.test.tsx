import { afterEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { ProbeResult } from '../../../src/contract/backends.ts';
import { setClient } from '../../../src/renderer/lib/index.ts';
import { hideToast } from '../../../src/renderer/ui/index.ts';
import { ANSWERS } from '../../support/component/fake-backends.ts';
import type { FakeHearth } from '../../support/component/fake-hearth.ts';
import { inputsOf, showSettings } from './stage.tsx';

afterEach(() => {
  hideToast();
  setClient(null);
});

const address = () => page.getByRole('textbox', { name: 'Address of a backend' });
const key = () => page.getByLabelText('Key');
const addButton = () => page.getByRole('button', { name: 'Add', exact: true });
const found = () => document.querySelector('.found')?.textContent ?? '';
const says = (text: string) => vi.waitFor(() => expect(found()).toBe(text), { timeout: 5_000 });
const problem = (message: string) => ({ code: 'backend_unreachable' as const, message, params: {} });

async function typed(text: string, result: Partial<ProbeResult> = {}): Promise<FakeHearth> {
  const hearth = await showSettings('backends');
  hearth.backends.probe = () => ({ ...ANSWERS, ...result });
  await userEvent.fill(address(), text);
  return hearth;
}

test('an address is looked at once it stands, and what was found is said beside it', async () => {
  const hearth = await typed('192.168.1.20:1234');
  await says('Answers, 3 models, no key neededWhat you ask there leaves this computer.');
  expect(inputsOf(hearth, 'backends.probe')).toEqual([{ url: '192.168.1.20:1234' }]);
});

test.each<[string, Partial<ProbeResult>, string]>([
  [
    'Ollama',
    { kind: 'ollama', version: '0.33', host: '127.0.0.1:11434' },
    'Ollama 0.33 answers, 3 models, no key needed',
  ],
  ['a query service', { kind: 'query', key: 'unknown', models: [], host: null }, 'A query service answers'],
  ['no models', { models: [], host: null }, 'Answers, no models, no key needed'],
  ['one model', { models: ANSWERS.models.slice(0, 1), key: 'accepted', host: null }, 'Answers, 1 model, key accepted'],
  [
    'nobody',
    { problem: problem('No backend answers at 127.0.0.1:9.'), host: null },
    'No backend answers at 127.0.0.1:9. You can add it all the same.',
  ],
])('what is there is said in words: %s', async (_, result, words) => {
  await typed('somewhere:1', result);
  await says(words);
});

test('what can’t be an address says why, and can’t be taken for one', async () => {
  const hearth = await showSettings('backends');
  hearth.failNext('backends.probe', '“ftp://x” does not name a backend.', 'backend_url_invalid');
  await userEvent.fill(address(), 'ftp://x');
  await says('“ftp://x” does not name a backend.');
});

test('a slip in the scheme is no host called http: what was meant is named, and nothing is asked or added', async () => {
  const hearth = await typed('http//192.168.1.20');
  await says('This is not a web address. Try http://192.168.1.20');
  await expect.element(addButton()).toBeDisabled();
  await userEvent.keyboard('{Enter}');
  await userEvent.fill(address(), 'https:/studio.local/v1');
  await says('This is not a web address. Try https://studio.local/v1');
  await userEvent.fill(address(), 'http://192.168.1.20');
  await says('Answers, 3 models, no key neededWhat you ask there leaves this computer.');
  expect(inputsOf(hearth, 'backends.probe')).toEqual([{ url: 'http://192.168.1.20' }]);
  expect(inputsOf(hearth, 'backends.add')).toEqual([]);
});

test('a look is given up when the address changes, and only the last one counts', async () => {
  const hearth = await showSettings('backends');
  hearth.backends.probe = ({ url }) => (url === 'slow:1' ? null : { ...ANSWERS, host: null });
  await userEvent.fill(address(), 'slow:1');
  await says('Looking');
  await userEvent.fill(address(), 'quick:1');
  await says('Answers, 3 models, no key needed');
  expect(hearth.backends.abandoned).toBe(1);
  await userEvent.clear(address());
  await says('');
});

test('one that asks for a key gets a field for it, which goes with the address', async () => {
  const hearth = await showSettings('backends');
  hearth.backends.probe = ({ key: given }) => ({
    ...ANSWERS,
    host: null,
    models: given === 'right' ? ANSWERS.models : [],
    key: given === undefined ? 'needed' : given === 'right' ? 'accepted' : 'refused',
    problem: given === 'right' ? null : problem('It asks for a key.'),
  });
  await userEvent.fill(address(), 'https://llm.example.org/v1');
  await says('Asks for a key');
  await expect.element(key()).toHaveAttribute('type', 'password');
  await userEvent.fill(key(), 'wrong');
  await says('Refuses this key');
  await userEvent.fill(key(), 'right');
  await says('Answers, 3 models, key accepted');
  await userEvent.click(addButton());
  await vi.waitFor(() =>
    expect(inputsOf(hearth, 'backends.add')).toEqual([{ url: 'https://llm.example.org/v1', key: 'right' }]),
  );
  await expect.element(address()).toHaveValue('');
  expect(key().query()).toBeNull();
  expect(document.body.innerHTML).not.toContain('right"');
});

test('Enter adds; the focus moves to the new row, and the toast offers to let it stand in', async () => {
  const hearth = await typed('192.168.1.20:1234');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect((document.activeElement as HTMLElement).dataset.backend).toBe('added-3'));
  await expect.element(page.getByText('LM Studio added. It is asked only when you choose it.')).toBeVisible();
  expect([...document.querySelectorAll('[data-backend]')].at(-1)?.textContent).toContain('If nothing answers');
  await userEvent.click(page.getByRole('button', { name: 'Use as a stand-in' }));
  await vi.waitFor(() => expect(inputsOf(hearth, 'backends.edit')).toEqual([{ id: 'added-3', standsIn: true }]));
});

test('one that does not answer now can be added all the same', async () => {
  const hearth = await typed('nas:8000', { problem: problem('Nobody answers at nas:8000.') });
  await vi.waitFor(() => expect(found()).toContain('You can add it all the same.'), { timeout: 5_000 });
  await userEvent.click(addButton());
  await vi.waitFor(() => expect(inputsOf(hearth, 'backends.add')).toEqual([{ url: 'nas:8000' }]));
});

test('what main refuses to add stays in the field, with the reason', async () => {
  const hearth = await typed('192.168.1.20:1234');
  hearth.failNext('backends.add', 'LM Studio is in the list already.', 'backend_exists');
  await userEvent.click(addButton());
  await says('LM Studio is in the list already.What you ask there leaves this computer.');
  await expect.element(address()).toHaveValue('192.168.1.20:1234');
});

test('nothing can be added while the field is empty', async () => {
  await showSettings('backends');
  await expect.element(addButton()).toBeDisabled();
});
