// What the reader has marked stays marked while the answer goes on.
import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { showChat } from './stage.tsx';

const composer = page.getByRole('textbox', { name: 'Message' });
const marked = () => document.getSelection()?.toString() ?? '';
const prose = () => document.querySelector('.answer:last-of-type .prose');

/** What is left when marks and spaces are taken away. */
const lettersOf = (text: string | undefined) => (text ?? '').replaceAll(/[^a-z]/gi, '');

async function begin(text: string) {
  const main = await showChat();
  await composer.fill('Tell');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(main.calls.attach.length).toBeGreaterThan(0));
  const answer = main.answer();
  answer.start();
  answer.say(text);
  await vi.waitFor(() => expect(lettersOf(prose()?.textContent)).toContain(lettersOf(text.split('\n').at(-1))));
  return answer;
}

/** Marks a word of the answer, as a double click does. */
function mark(word: string): void {
  const texts = document.createTreeWalker(prose() ?? document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const at = node.nodeValue?.indexOf(word) ?? -1;
    if (at >= 0) document.getSelection()?.setBaseAndExtent(node, at, node, at + word.length);
  }
  expect(marked()).toBe(word);
}

/** Until the page has heard of it. */
const heard = () => new Promise((resolve) => document.addEventListener('selectionchange', resolve, { once: true }));

/** Until it is remembered: a drawing in the moment before the page has heard of it takes it away, as from a person who drags on. */
const markAndHear = (word: string) =>
  vi.waitFor(async () => {
    const told = heard();
    mark(word);
    await told;
    expect(marked()).toBe(word);
  });

test.each([
  ['the paragraph being written', 'Once upon a **time** there was a mutex', ' that let one thread in'],
  ['bold text being written', 'Once upon a **time there', ' was** a mutex'],
  ['a list being written', '- Once upon\n- a time there', ' was\n- a mutex'],
  ['a table being written', '| a | b |\n|---|---|\n| there | was', ' a |\n| c | d |\n'],
  ['code being written', '```js\nconst there = 1;', '\nconst more = 2;\n```\nAnd so on.'],
])('a word marked in %s stays marked', async (_where, before, after) => {
  const answer = await begin(before);
  await markAndHear('there');
  let said = '';
  for (const piece of after.match(/.{1,4}/gs) ?? []) {
    said += piece;
    answer.say(piece);
    await vi.waitFor(() => expect(lettersOf(prose()?.textContent)).toContain(lettersOf(said)));
    expect(marked()).toBe('there');
  }
  answer.settle();
  await expect.element(page.getByRole('button', { name: 'Send' })).toBeInTheDocument();
  expect(marked()).toBe('there');
});

test('what is marked backwards stays so, and a press ends it', async () => {
  const answer = await begin('Once upon a time there was a mutex');
  const [node] = prose()?.querySelector('p')?.childNodes ?? [];
  if (!node) throw new Error('no text');
  const told = heard();
  document.getSelection()?.setBaseAndExtent(node, 16, node, 5);
  await told;
  answer.say(' that let one thread in');
  await vi.waitFor(() => expect(prose()?.textContent).toContain('thread in'));
  expect(marked()).toBe('upon a time');
  expect(document.getSelection()?.focusOffset).toBe(5);
  await composer.click();
  answer.say(' at a time.');
  await vi.waitFor(() => expect(prose()?.textContent).toContain('at a time.'));
  expect(marked()).toBe('');
});
