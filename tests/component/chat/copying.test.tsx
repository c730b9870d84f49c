// What is copied of a conversation: its words with the numbers of their lists, without what stands around them.
import { describe, expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import copySelection from '../../fixtures/markdown/copy-selection.md?raw';
import { answerMessage, conversationOf, demoSource, questionMessage } from '../../support/answers.ts';
import { showChat } from './stage.tsx';

async function show(question: string, answer: string): Promise<void> {
  const message = answerMessage('done', answer, { source: demoSource });
  await showChat({ conversations: [conversationOf('Copying', [questionMessage(question), message])] });
  await vi.waitFor(() => expect(document.querySelector('.prose:not(:has(> .plain))')).not.toBeNull(), {
    timeout: 10_000,
  });
}

/** Copies as the browser does it by keys or menu, and gives what came into the clipboard. */
function copied(): { text: string; html: string } {
  const data = new DataTransfer();
  const target = getSelection()?.anchorNode?.parentElement ?? document.body;
  target.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
  return { text: data.getData('text/plain'), html: data.getData('text/html') };
}

function select(from: Node, to: Node = from): void {
  getSelection()?.setBaseAndExtent(from, 0, to, to instanceof Text ? to.length : to.childNodes.length);
}

/** The text node that begins with these words. */
function words(text: string): Text {
  const walker = document.createTreeWalker(document.querySelector('.talk') ?? document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (walker.currentNode.textContent?.startsWith(text)) return walker.currentNode as Text;
  throw new Error(`nothing begins with ${text}`);
}

const article = () => document.querySelector('.answer') ?? document.body;

describe('copied text', () => {
  it('is the answer alone, without badge, language, buttons and footer', async () => {
    await show('How?', copySelection);
    select(article());
    const { text, html } = copied();
    expect(text).toBe('First do this:\n\ndef f(x):\n    return x\n\nThen that.');
    expect(html).not.toMatch(/Python|Copy|Demo|button|class=|style=/);
    expect(html).toContain('<pre><code>def f(x):\n    return x</code></pre>');
  });

  it('comes by the keys into the real clipboard', async () => {
    await show('How?', copySelection);
    let got = '';
    const listen = (event: ClipboardEvent) => (got = event.clipboardData?.getData('text/plain') ?? '');
    window.addEventListener('copy', listen, { once: true });
    select(article());
    await userEvent.copy();
    expect(got).toContain('First do this:');
    expect(got).not.toContain('Copy');
  });

  it('has the numbers and bullets of lists in lists', async () => {
    await show('How?', '1. one\n   - in it\n     1. deep\n   - more\n2. two\n\n   with a paragraph\n');
    select(article());
    expect(copied().text).toBe('1. one\n   - in it\n     1. deep\n   - more\n\n2. two\n\n   with a paragraph');
    expect(copied().html).toContain('<ol start="1">');
  });

  it('has the numbers that one sees where only a part of a list was selected', async () => {
    await show('How?', '7. seven\n8. eight\n9. nine\n10. ten\n');
    select(words('eight'), words('nine'));
    expect(copied().text).toBe('8. eight\n9. nine');
    expect(copied().html).toContain('<ol start="8">');
  });

  it('is only what was selected within one line, without a mark', async () => {
    await show('How?', '- a **bold** word\n- another\n');
    getSelection()?.setBaseAndExtent(words('a '), 2, words(' word'), 3);
    expect(copied()).toEqual({ text: 'bold wo', html: '<strong>bold</strong> wo' });
  });

  it('keeps lines, quotations, tasks and tables', async () => {
    await show('How?', 'a,\nb\n\n> c\n>\n> d\n\n- [x] e\n- [ ] f\n\n| g | h |\n|---|---|\n| i | j |\n');
    select(article());
    expect(copied().text).toBe('a,\nb\n\n> c\n> \n> d\n\n- [x] e\n- [ ] f\n\ng\th\ni\tj');
  });

  it('has question and answer one after the other, and every line of a long question', async () => {
    const long = Array.from({ length: 700 }, (_each, index) => `line  ${index}`).join('\n');
    await show(long, 'Yes.');
    select(document.body);
    expect(copied().text).toBe(`${long}\n\nYes.`);
  });

  it('leaves text beside the conversation to the browser', async () => {
    await show('How?', 'Yes.');
    select(document.querySelector('.hint') ?? document.body);
    expect(copied().text).toBe('');
  });
});
