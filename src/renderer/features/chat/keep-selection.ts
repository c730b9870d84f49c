// What the reader has marked stays marked while the text around it is drawn anew.
//
// A drawing replaces the text of the paragraph that is being written, and the browser then forgets what was marked in it. So
// each selection is also remembered by its words and their place, and put back before the next picture. The place moves when
// what was shown as marks becomes bold text, or a line a list.

interface Kept {
  /** Stays in the page while its inside is drawn anew. */
  scope: Element;
  /** In characters from the beginning of the scope. */
  anchor: number;
  focus: number;
  words: string;
}

/** Keeps the selections inside an element; returns how to end that. Costs nothing while nothing is marked. */
export function keepSelection(root: Element): () => void {
  let kept: Kept | null = null;
  const observer = new MutationObserver(putBack);

  function forget(): void {
    kept = null;
    observer.disconnect();
  }

  function remember(): void {
    forget();
    kept = placeOf(document.getSelection(), root);
    if (kept) observer.observe(kept.scope, { subtree: true, childList: true, characterData: true });
  }

  function putBack(): void {
    const selection = document.getSelection();
    if (!kept || !selection) return;
    const now = placeOf(selection, root);
    if (now?.scope === kept.scope && now.anchor === kept.anchor && now.focus === kept.focus) return;
    const { scope } = kept;
    const moved = movedBy(kept);
    const [anchor, focus] = [kept.anchor, kept.focus].map((chars) => pointAt(scope, chars + moved));
    if (anchor && focus) selection.setBaseAndExtent(anchor.node, anchor.offset, focus.node, focus.offset);
  }

  // A press changes what is marked a moment before the page hears of it; the right button leaves it as it is.
  const press = ({ button }: PointerEvent) => {
    if (button === 0) forget();
  };
  document.addEventListener('pointerdown', press, true);
  document.addEventListener('pointerup', remember, true);
  document.addEventListener('selectionchange', remember);
  return () => {
    forget();
    document.removeEventListener('pointerdown', press, true);
    document.removeEventListener('pointerup', remember, true);
    document.removeEventListener('selectionchange', remember);
  };
}

/** Null where nothing is marked, or not only inside the root. */
function placeOf(selection: Selection | null, root: Element): Kept | null {
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
  if (!anchorNode || !focusNode || !root.contains(anchorNode) || !root.contains(focusNode)) return null;
  const common = selection.getRangeAt(0).commonAncestorContainer;
  const scope = (common instanceof Element ? common : common.parentElement)?.closest('article') ?? root;
  return {
    scope,
    anchor: charsBefore(scope, anchorNode, anchorOffset),
    focus: charsBefore(scope, focusNode, focusOffset),
    words: selection.getRangeAt(0).toString(),
  };
}

/** How far the words are from where they were: 0 where they still are there, or nowhere. */
function movedBy({ scope, anchor, focus, words }: Kept): number {
  const start = Math.min(anchor, focus);
  const text = scope.textContent;
  const found = [text.lastIndexOf(words, start), text.indexOf(words, start)].filter((at) => at >= 0);
  const moves = found.map((at) => at - start).toSorted((a, b) => Math.abs(a) - Math.abs(b));
  return moves[0] ?? 0;
}

function charsBefore(scope: Element, node: Node, offset: number): number {
  const range = document.createRange();
  range.setStart(scope, 0);
  range.setEnd(node, offset);
  return range.toString().length;
}

/** Null where the text has become shorter than that. */
function pointAt(scope: Element, chars: number): { node: Node; offset: number } | null {
  const texts = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
  let left = chars;
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const length = node.nodeValue?.length ?? 0;
    if (left <= length) return { node, offset: left };
    left -= length;
  }
  return null;
}
