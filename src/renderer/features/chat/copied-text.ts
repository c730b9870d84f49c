// What is copied of a conversation: the words of questions and answers with the numbers of their lists, and nothing around them.
import { useEffect } from 'react';
import type { RefObject } from 'react';

/** Where words stand; everything beside them (badges, footers, buttons) is there for the window alone. */
const WORDS = '.prose, .bubble, .thought-text';
/** From where on a selection is taken: below, its parts belong together. */
const BLOCKS = 'p, h2, h3, h4, h5, li, td, th, pre, blockquote, ol, ul, table';
/** Blocks that mean nothing without their own tag. */
const WHOLE = 'pre, ol, ul, table';
/** What stays of a page's elements, with the attributes that carry meaning. */
const KEPT = new Map<string, readonly string[]>([
  ...['p', 'h2', 'h3', 'h4', 'h5', 'blockquote', 'li', 'ul', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'pre'].map(
    (tag) => [tag, []] as const,
  ),
  ...['strong', 'em', 'del', 'code', 'sup', 'sub', 'br', 'hr'].map((tag) => [tag, []] as const),
  ['ol', ['start']],
  ['a', ['href']],
]);

interface CopiedText {
  text: string;
  html: string;
}

/** Puts the words alone into the clipboard when text of the conversation is copied, by keys or by a menu. */
export function useCopiedWords(conversation: RefObject<Element | null>): void {
  useEffect(() => {
    const copy = (event: ClipboardEvent) => {
      const isField = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (event.defaultPrevented || isField || conversation.current === null) return;
      const copied = copiedText(getSelection(), conversation.current);
      if (copied === null) return;
      event.preventDefault();
      event.clipboardData?.setData('text/plain', copied.text);
      event.clipboardData?.setData('text/html', copied.html);
    };
    document.addEventListener('copy', copy);
    return () => document.removeEventListener('copy', copy);
  }, [conversation]);
}

/** The words of a selection; null where it holds none, or other text alone: then the browser's own copy is right. */
function copiedText(selection: Selection | null, conversation: Element): CopiedText | null {
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const parts = document.createElement('div');
  for (const words of conversation.querySelectorAll(WORDS))
    if (range.intersectsNode(words)) collect(words, range, parts);
  const text = textOf(parts).replace(/^\n+|\n+$/g, '');
  return text === '' ? null : { text, html: parts.innerHTML };
}

function collect(words: Element, range: Range, into: Element): void {
  const { commonAncestorContainer: common } = range;
  const inside = common instanceof Element ? common : common.parentElement;
  const block = inside && words.contains(inside) ? inside.closest(BLOCKS) : null;
  const top = block && words.contains(block) && block !== words ? block : words;
  if (top.matches(WHOLE)) copy(top, range, into);
  else {
    const target = words.matches('.prose') ? into : into.appendChild(asTyped());
    for (const child of top.childNodes) {
      // A long question stands in pieces of whole lines.
      if (child instanceof HTMLDivElement && target.hasChildNodes() && range.intersectsNode(child)) target.append('\n');
      copy(child, range, target);
    }
  }
}

/** What people and thoughts say is no Markdown: its lines and spaces stay. */
function asTyped(): HTMLElement {
  const words = document.createElement('p');
  words.style.whiteSpace = 'pre-wrap';
  return words;
}

/** Only what lies in the range, and of that only what can be selected. */
function copy(node: Node, range: Range, into: Element): void {
  if (!range.intersectsNode(node)) return;
  if (node instanceof Text) {
    const from = node === range.startContainer ? range.startOffset : 0;
    const to = node === range.endContainer ? range.endOffset : node.length;
    const isKept = node.parentElement && getComputedStyle(node.parentElement).whiteSpace.startsWith('pre');
    into.append(isKept ? node.data.slice(from, to) : node.data.slice(from, to).replace(/\s+/g, ' '));
    return;
  }
  if (!(node instanceof HTMLElement)) return;
  if (node instanceof HTMLInputElement) {
    into.append(node.checked ? '[x]' : '[ ]');
    return;
  }
  const { userSelect, display } = getComputedStyle(node);
  if (userSelect === 'none' || display === 'none') return;
  const tag = node.tagName.toLowerCase();
  const attributes = KEPT.get(tag);
  let target = into;
  if (attributes) {
    target = into.appendChild(document.createElement(tag));
    for (const name of attributes) {
      const value = node.getAttribute(name);
      if (value !== null) target.setAttribute(name, value);
    }
  }
  for (const child of node.childNodes) copy(child, range, target);
  if (target instanceof HTMLOListElement) startAtFirst(node as HTMLOListElement, range, target);
}

/** A list of which the first items were left out goes on with the numbers that one sees. */
function startAtFirst(list: HTMLOListElement, range: Range, copied: HTMLOListElement): void {
  const before = [...list.children].findIndex((item) => range.intersectsNode(item));
  copied.start = list.start + Math.max(0, before);
}

const LIST = /^(OL|UL)$/;
const BLOCK = /^(P|H\d|BLOCKQUOTE|PRE|OL|UL|TABLE|HR|DIV)$/;

/** As one would write it by hand: blank lines between paragraphs, marks before the items of a list. */
function textOf(element: Element): string {
  let text = '';
  let before: Element | null = null;
  const hasBlocks = [...element.children].some(({ tagName }) => BLOCK.test(tagName));
  for (const child of element.childNodes) {
    if (child instanceof Text) {
      // Between two blocks there is only the space of the page.
      if (hasBlocks && child.data.trim() === '' && (before === null || BLOCK.test(before.tagName))) continue;
      text += before?.tagName === 'BR' && text.endsWith('\n') ? child.data.trimStart() : child.data;
      continue;
    }
    if (!(child instanceof Element)) continue;
    if (BLOCK.test(child.tagName) && text !== '') {
      const isTight = element.tagName === 'LI' && LIST.test(child.tagName);
      text = `${text.trimEnd()}${isTight ? '\n' : '\n\n'}`;
    } else if (before !== null && BLOCK.test(before.tagName)) text = `${text.trimEnd()}\n\n`;
    text += blockText(child);
    before = child;
  }
  return text;
}

function blockText(element: Element): string {
  switch (element.tagName) {
    case 'BR':
      return '\n';
    case 'HR':
      return '---';
    case 'PRE':
      return (element.textContent ?? '').replace(/\n$/, '');
    case 'BLOCKQUOTE':
      return textOf(element).trim().replace(/^/gm, '> ');
    case 'OL':
    case 'UL':
      return listText(element);
    case 'TABLE':
      return [...element.querySelectorAll('tr')]
        .map((row) => [...row.children].map((cell) => textOf(cell).trim().replace(/\n/g, ' ')).join('\t'))
        .join('\n');
    default:
      return textOf(element);
  }
}

function listText(list: Element): string {
  const items = [...list.children].map((item, index) => {
    const mark = list instanceof HTMLOListElement ? `${list.start + index}. ` : '- ';
    return (
      mark +
      textOf(item)
        .trim()
        .replace(/\n(?=[^\n])/g, `\n${' '.repeat(mark.length)}`)
    );
  });
  return items.join(items.some((item) => item.includes('\n\n')) ? '\n\n' : '\n');
}
