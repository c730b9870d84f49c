// All that Markdown of models holds, drawn: the marks of lists, steps of headings, lines, addresses, directions.
import '../../../src/renderer/ui/styles.css';
import '../../../src/renderer/features/chat/chat.css';
import '../../../src/renderer/lib/i18n.ts';
import { describe, expect, it, vi } from 'vitest';
import { render } from 'vitest-browser-react';
import { Markdown } from '../../../src/renderer/features/chat/markdown.tsx';
import autolink from '../../fixtures/markdown/autolink.md?raw';
import cjkBold from '../../fixtures/markdown/cjk-bold.md?raw';
import gallery from '../../fixtures/markdown/gallery.md?raw';
import poem from '../../fixtures/markdown/poem.md?raw';
import rtl from '../../fixtures/markdown/rtl.md?raw';

async function show(text: string, isStreaming = false): Promise<HTMLElement> {
  const { container } = await render(<Markdown text={text} isStreaming={isStreaming} />);
  const prose = () => container.querySelector<HTMLElement>('.prose');
  await vi.waitFor(() => expect(prose()?.querySelector('.plain') ?? null).toBeNull(), { timeout: 10_000 });
  const shown = prose();
  if (!shown) throw new Error('nothing is shown');
  return shown;
}

/** The item that begins with these words. */
function item(prose: HTMLElement, words: string): HTMLLIElement {
  const found = [...prose.querySelectorAll('li')].find((li) => li.textContent.trim().startsWith(words));
  if (!found) throw new Error(`no item begins with ${words}`);
  return found;
}

/** Its mark, as the browser counts and draws it. */
function markOf(li: HTMLLIElement): string {
  const type = getComputedStyle(li).listStyleType;
  if (type !== 'decimal') return type;
  const list = li.parentElement as HTMLOListElement;
  return String(list.start + [...list.children].indexOf(li));
}

describe('the gallery', () => {
  it.each([
    ['Numbers at the outside', '1'],
    ['bullets inside', 'circle'],
    ['and numbers again', '1'],
    ['two of them', '2'],
    ['A paragraph and code between', '2'],
    ['The third, after the code', '3'],
    ['Bullets at the outside', 'disc'],
    ['numbers inside', '1'],
    ['and bullets again', 'square'],
    ['four deep', 'square'],
    ['Begins at eight', '8'],
    ['ten', '10'],
    ['three digits', '100'],
    ['A second one', 'disc'],
  ])('the mark of “%s” is %s', async (words, mark) => {
    const prose = await show(gallery);
    expect(markOf(item(prose, words))).toBe(mark);
  });

  it('marks a task by its box alone', async () => {
    const prose = await show(gallery);
    const tasks = [...prose.querySelectorAll('li')].filter((li) => li.querySelector('input'));
    expect(tasks.map(markOf)).toEqual(['none', 'none']);
  });

  it('keeps every mark within the column, however many digits it has', async () => {
    const prose = await show(gallery);
    const { paddingInlineStart } = getComputedStyle(item(prose, 'three digits').parentElement as HTMLElement);
    const two = getComputedStyle(item(prose, 'ten').parentElement as HTMLElement).paddingInlineStart;
    expect(parseFloat(paddingInlineStart)).toBeGreaterThan(parseFloat(two));
  });

  it('has four steps of headings, each smaller than the one before', async () => {
    const prose = await show(gallery);
    const sizes = ['h2', 'h3', 'h4', 'h5'].map((tag) => {
      const heading = prose.querySelector(tag);
      return heading ? parseFloat(getComputedStyle(heading).fontSize) : 0;
    });
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(new Set(sizes).size).toBe(4);
    expect(sizes.at(-1)).toBeGreaterThan(0);
  });

  it('strikes through between two tildes only', async () => {
    const prose = await show(gallery);
    expect([...prose.querySelectorAll('del')].map((del) => del.textContent)).toEqual(['this is gone']);
    expect(prose.textContent).toContain('About ~5 km, between 5~7 of them, in ~/.config');
  });

  it('lets each block run its own way, a list with its marks on one side', async () => {
    const prose = await show(gallery);
    const directionOf = (words: string) => {
      const block = [...prose.querySelectorAll<HTMLElement>('p, li, td')].find((one) =>
        one.textContent.includes(words),
      );
      return block ? getComputedStyle(block).direction : null;
    };
    expect(directionOf('مرحبا')).toBe('rtl');
    expect(directionOf('عنصر أول')).toBe('rtl');
    expect(directionOf('داخل')).toBe('rtl');
    expect(directionOf('One line of a verse')).toBe('ltr');
    expect(directionOf('4.9 GB')).toBe('ltr');
  });
});

describe('cases from the field', () => {
  it('bold beside Chinese punctuation', async () => {
    const prose = await show(cjkBold);
    expect(prose.textContent).not.toContain('**');
    expect([...prose.querySelectorAll('strong')].map((one) => one.textContent)).toEqual([
      '“重点”',
      '注意：',
      '「重点」',
      '粗体（说明）',
    ]);
  });

  it.each([
    [autolink, 'https://example.com/', '。然后继续。'],
    ['See https://example.com/a_(b), please', 'https://example.com/a_(b)', ', please'],
    ['„https://example.com/x“ steht da', 'https://example.com/x', '“ steht da'],
    ['انظر https://example.com/y؟ نعم', 'https://example.com/y', '؟ نعم'],
    ['（www.example.com）后', 'http://www.example.com/', '）后'],
    ['维基 https://zh.wikipedia.org/wiki/中文，很好', `https://zh.wikipedia.org/wiki/${encodeURI('中文')}`, '，很好'],
  ])('an address ends where a person would end it: %s', async (text, href, after) => {
    const prose = await show(text);
    const links = prose.querySelectorAll('a');
    expect([...links].map((link) => link.href)).toEqual([href]);
    expect(prose.textContent).toContain(after);
    expect(links[0]?.textContent).not.toContain(after.trim()[0]);
  });

  it('an address that was written as a link stays as it was written', async () => {
    const prose = await show('[here](https://example.com/。x) and <https://example.com/、y>');
    expect([...prose.querySelectorAll('a')].map((link) => decodeURI(link.href))).toEqual([
      'https://example.com/。x',
      'https://example.com/、y',
    ]);
  });

  it('the lines of a poem', async () => {
    const prose = await show(poem);
    expect(prose.innerText.trim().split('\n')).toEqual(['One line of a verse,', 'and a second line,', 'and a third.']);
  });

  it('a text that runs from right to left, also while it is written, with its code as it is', async () => {
    for (const isStreaming of [true, false]) {
      const prose = await show(rtl, isStreaming);
      const paragraph = prose.querySelector<HTMLElement>('p');
      expect(paragraph?.dir).toBe('rtl');
      expect(getComputedStyle(prose.querySelector('code') ?? prose).unicodeBidi).toBe('isolate');
    }
  });

  it('a quotation, a heading and a table of Hebrew, beside English ones', async () => {
    const prose = await show('# שלום\n\n# Peace\n\n> ציטוט\n\n| א | ב |\n|---|---|\n| ג | x |\n');
    expect([...prose.querySelectorAll('h2')].map((one) => one.dir)).toEqual(['rtl', '']);
    expect(prose.querySelector('blockquote')?.dir).toBe('rtl');
    expect(prose.querySelector('table')?.dir).toBe('rtl');
    expect([...prose.querySelectorAll('td')].map((one) => one.dir)).toEqual(['', 'ltr']);
  });
});
