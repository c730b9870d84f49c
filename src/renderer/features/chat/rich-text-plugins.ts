// What we change in the tree of an answer's Markdown: where lines break and addresses end, which way a block runs, no pictures.

interface MarkdownNode {
  type: string;
  value?: string;
  url?: string;
  children?: MarkdownNode[];
  position?: { start: { offset?: number } } | undefined;
}

interface HtmlNode {
  type: string;
  tagName?: string;
  value?: string;
  properties?: Record<string, unknown>;
  children?: HtmlNode[];
}

/** A line that the model ended is ended; of all tags `<br>` alone is more than the text that it is: tables need it. */
export function lineBreaks() {
  return (tree: MarkdownNode) => replaceEach(tree, breaksIn);
}

function breaksIn(node: MarkdownNode): MarkdownNode[] | null {
  if (node.type === 'html' && /^<br\s*\/?>$/i.test(node.value ?? '')) return [{ type: 'break' }];
  if (node.type !== 'text' || !node.value?.includes('\n')) return null;
  const lines = node.value.split('\n');
  return lines.flatMap((line, index): MarkdownNode[] => [
    ...(index === 0 ? [] : [{ type: 'break' }]),
    ...(line === '' ? [] : [{ type: 'text', value: line }]),
  ]);
}

/**
 * An address that was only written down ends where a person would end it: before the punctuation of a text in another
 * script, which would else become part of its host.
 */
export function addressEnds() {
  return (tree: MarkdownNode) => replaceEach(tree, shortened);
}

/** Full stops, commas, quotes and brackets that no address contains. */
const NOT_IN_ADDRESSES =
  /[\u00ab\u00bb\u2018-\u201f\u2026\u3000-\u303f\u061b\u061f\u060c\u06d4\u0964\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]/;

function shortened(node: MarkdownNode): MarkdownNode[] | null {
  const [words, ...more] = node.children ?? [];
  if (node.type !== 'link' || words?.type !== 'text' || more.length > 0 || !isAsWritten(node, words)) return null;
  const shown = words.value ?? '';
  const end = NOT_IN_ADDRESSES.exec(shown)?.index;
  if (end === undefined) return null;
  const address = (node.url ?? '').slice(0, (node.url ?? '').length - (shown.length - end));
  const rest: MarkdownNode = { type: 'text', value: shown.slice(end) };
  // Nothing is left of `https://。`
  if (!/[\p{L}\p{N}]$|\/$/u.test(address) || /^https?:\/*$/.test(address))
    return [{ type: 'text', value: shown.slice(0, end) }, rest];
  return [{ ...node, url: address, children: [{ ...words, value: shown.slice(0, end) }] }, rest];
}

/** Not one with brackets around it: that one ends where its writer says. */
function isAsWritten(link: MarkdownNode, words: MarkdownNode): boolean {
  return link.position?.start.offset === words.position?.start.offset && (link.url ?? '').endsWith(words.value ?? '');
}

function replaceEach(node: MarkdownNode, replace: (node: MarkdownNode) => MarkdownNode[] | null): void {
  if (!node.children) return;
  node.children = node.children.flatMap((child) => {
    const instead = replace(child);
    if (instead) return instead;
    replaceEach(child, replace);
    return [child];
  });
}

/** Each block runs the way of its own first letters; a list with all its marks on one side, the way it begins. */
export function directions() {
  return (tree: HtmlNode) => direct(tree, 'ltr');
}

type Direction = 'ltr' | 'rtl';

const WITH_DIRECTION = new Set([
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'ul',
  'ol',
  'blockquote',
  'table',
  'th',
  'td',
]);
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

function direct(node: HtmlNode, around: Direction): void {
  let inside = around;
  if (WITH_DIRECTION.has(node.tagName ?? '')) {
    inside = directionOf(node) ?? around;
    if (inside !== around) node.properties = { ...node.properties, dir: inside };
  }
  for (const child of node.children ?? []) direct(child, inside);
}

/** By the first letter that has one; code has none: it stands in a text of either. */
function directionOf(node: HtmlNode): Direction | null {
  if (node.type === 'text') {
    const letter = /\p{L}/u.exec(node.value ?? '')?.[0];
    return letter === undefined ? null : RIGHT_TO_LEFT.test(letter) ? 'rtl' : 'ltr';
  }
  if (node.tagName === 'code' || node.tagName === 'pre') return null;
  for (const child of node.children ?? []) {
    const direction = directionOf(child);
    if (direction !== null) return direction;
  }
  return null;
}

/** In place of every picture. */
export const BLOCKED_IMAGE = 'blocked-image';

/** Takes every picture out of the tree before anything could be made of it. */
export function withoutImages() {
  return (tree: HtmlNode) => renameImages(tree);
}

function renameImages(node: HtmlNode): void {
  if (node.tagName === 'img') node.tagName = BLOCKED_IMAGE;
  node.children?.forEach(renameImages);
}
