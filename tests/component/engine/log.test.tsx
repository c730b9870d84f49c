import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { setClient } from '../../../src/renderer/lib/index.ts';
import { hideToast } from '../../../src/renderer/ui/index.ts';
import { button, called, showEngine, until } from './stage.tsx';

let copied: string | null = null;
beforeEach(() => {
  copied = null;
  vi.spyOn(navigator.clipboard, 'writeText').mockImplementation((text) => {
    copied = text;
    return Promise.resolve();
  });
});
afterEach(() => {
  hideToast();
  setClient(null);
  vi.restoreAllMocks();
});

const numbered = (count: number, from = 1) => Array.from({ length: count }, (_, index) => `line ${from + index}.`);
const log = () => page.getByRole('log', { name: 'Log' });
const scroller = () => log().element() as HTMLElement;
const line = (text: string) => log().getByText(text, { exact: true });
const drawn = () => [...scroller().querySelectorAll<HTMLElement>('[data-line]')];
const isAtEnd = () => {
  const at = scroller();
  return at.scrollHeight - at.scrollTop - at.clientHeight < 2;
};
/** Puts it there once it has come to rest; what is on screen afterwards is drawn. */
async function scrollTo(top: number): Promise<void> {
  await until(async () => {
    scroller().scrollTop = top;
    await frame();
    await frame();
    expect(scroller().scrollTop).toBe(Math.min(top, scroller().scrollHeight - scroller().clientHeight));
    expect(drawn().some((one) => isInView(one))).toBe(true);
  });
}
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
function isInView(one: HTMLElement): boolean {
  const frame = scroller().getBoundingClientRect();
  const at = one.getBoundingClientRect();
  return at.top >= frame.top && at.bottom <= frame.bottom;
}

test('it begins with the last 100 lines, at the end, and follows', async () => {
  const hearth = await showEngine({ lines: numbered(500) });
  await expect.element(line('line 500.')).toBeVisible();
  await expect.element(page.getByText('100 lines', { exact: true })).toBeVisible();
  expect(called(hearth, 'engine.followLog')).toEqual([{ lines: 100 }]);
  hearth.engine.say('line 501.', 'line 502.');
  await expect.element(line('line 502.')).toBeVisible();
  await until(() => expect(isAtEnd()).toBe(true));
  await expect.element(page.getByText('102 lines', { exact: true })).toBeVisible();
});

test('who has scrolled up stays there while lines come, and goes back by one press', async () => {
  const hearth = await showEngine({ lines: numbered(100) });
  await expect.element(line('line 100.')).toBeVisible();
  await until(() => expect(isAtEnd()).toBe(true));
  expect(button('Latest').query()).toBeNull();
  await scrollTo(600);
  await expect.element(button('Latest')).toBeVisible();
  const before = scroller().scrollTop;
  hearth.engine.say(...numbered(50, 101));
  await expect.element(page.getByText('150 lines', { exact: true })).toBeVisible();
  expect(scroller().scrollTop).toBe(before);
  await userEvent.click(button('Latest'));
  await expect.element(line('line 150.')).toBeVisible();
  await until(() => expect(button('Latest').query()).toBeNull());
});

test('who scrolls up while lines pour in is not pulled back', async () => {
  const hearth = await showEngine({ lines: numbered(100) });
  await expect.element(line('line 100.')).toBeVisible();
  let next = 101;
  const pour = setInterval(() => hearth.engine.say(`line ${next++}.`), 8);
  try {
    await userEvent.wheel(log(), { delta: { y: -60 } });
    await expect.element(button('Latest')).toBeVisible();
    const from = next;
    const top = scroller().scrollTop;
    await until(() => expect(next).toBeGreaterThan(from + 40));
    expect(scroller().scrollTop).toBeLessThanOrEqual(top);
    expect(isAtEnd()).toBe(false);
  } finally {
    clearInterval(pour);
  }
});

test('more of it can be read, and what is on screen stays where it is', async () => {
  const hearth = await showEngine({ lines: numbered(3_000) });
  await expect.element(line('line 3000.')).toBeVisible();
  await scrollTo(0);
  await expect.element(line('line 2901.')).toBeVisible();
  await userEvent.selectOptions(page.getByRole('combobox', { name: 'How much of the log' }), 'Last 1,000');
  await expect.element(page.getByText('1000 lines', { exact: true })).toBeVisible();
  await until(() => expect(isInView(line('line 2901.').element() as HTMLElement)).toBe(true));
  await userEvent.selectOptions(page.getByRole('combobox', { name: 'How much of the log' }), 'Up to 100,000');
  await expect.element(page.getByText('3000 lines', { exact: true })).toBeVisible();
  expect(called(hearth, 'engine.followLog').at(-1)).toEqual({ lines: 100_000 });
});

test('a hundred thousand lines are a few elements, and a thousand more draw no line again', async () => {
  const hearth = await showEngine({ lines: numbered(99_000) });
  await userEvent.selectOptions(page.getByRole('combobox', { name: 'How much of the log' }), 'Up to 100,000');
  await expect.element(line('line 99000.')).toBeVisible();
  const nodes = () => scroller().querySelectorAll('*').length;
  expect(nodes()).toBeLessThan(300);
  await scrollTo(1_000_000);
  expect(nodes()).toBeLessThan(300);

  const before = drawn();
  const changes = new MutationObserver(() => undefined);
  changes.observe(scroller(), { childList: true, subtree: true, characterData: true });
  for (let at = 0; at < 1_000; at += 100) hearth.engine.say(...numbered(100, 99_001 + at));
  await expect.element(page.getByText('100000 lines', { exact: true })).toBeVisible();
  expect(changes.takeRecords()).toEqual([]);
  changes.disconnect();
  expect(drawn()).toEqual(before);

  // Full: the oldest go, it says so, and what is on screen stays.
  const first = drawn().find((one) => isInView(one));
  const top = first?.getBoundingClientRect().top;
  hearth.engine.say(...numbered(500, 100_001));
  await expect
    .element(page.getByText('The window holds the last 100000 lines. Older ones are in the file.'))
    .toBeVisible();
  await until(() => expect(scroller().scrollTop).toBe(1_000_000 - 500 * 20));
  expect(first?.isConnected).toBe(true);
  expect(first?.getBoundingClientRect().top).toBe(top);
  expect(nodes()).toBeLessThan(300);
  await userEvent.click(button('Latest'));
  await expect.element(line('line 100500.')).toBeVisible();
});

test('without Follow it stands still, and shows what came when it goes on', async () => {
  const hearth = await showEngine({ lines: numbered(20) });
  await expect.element(line('line 20.')).toBeVisible();
  await userEvent.click(page.getByRole('switch', { name: 'Follow' }));
  hearth.engine.say('line 21.', 'line 22.');
  await expect.element(page.getByText('20 lines · 2 new')).toBeVisible();
  expect(line('line 22.').query()).toBeNull();
  await userEvent.click(page.getByRole('switch', { name: 'Follow' }));
  await expect.element(line('line 22.')).toBeVisible();
});

test('a search shows the lines that hold it, marked, also those that come', async () => {
  const hearth = await showEngine({ lines: ['level=INFO ready', 'level=WARN slow', 'other'] });
  const field = page.getByRole('searchbox', { name: 'Find in the log' });
  await userEvent.fill(field, 'warn');
  await expect.element(page.getByText('1 of 3 lines').first()).toBeVisible();
  await until(() => expect(drawn()).toHaveLength(1));
  expect(scroller().querySelector('mark')?.textContent).toBe('WARN');
  hearth.engine.say('level=INFO fine', 'level=WARN again');
  await expect.element(page.getByText('2 of 5 lines').first()).toBeVisible();
  await until(() => expect(drawn()).toHaveLength(2));
  await userEvent.fill(field, '(');
  await expect.element(page.getByText('No line holds “(”.')).toBeVisible();
  await userEvent.click(field);
  await userEvent.keyboard('{Escape}');
  await until(() => expect(drawn()).toHaveLength(5));
});

test('all of it can be copied, or what a search shows', async () => {
  await showEngine({ lines: numbered(100) });
  await expect.element(line('line 100.')).toBeVisible();
  await userEvent.click(button('Copy all'));
  await expect.element(page.getByText('100 lines copied')).toBeVisible();
  expect(copied).toBe(numbered(100).join('\n'));
  await userEvent.fill(page.getByRole('searchbox'), 'line 9.');
  await until(() => expect(drawn()).toHaveLength(1));
  await userEvent.click(button('Copy all'));
  await until(() => expect(copied).toBe('line 9.'));
});

test('a selection is copied whole, also where its lines are no longer drawn', async () => {
  await showEngine({ lines: numbered(100) });
  await expect.element(line('line 100.')).toBeVisible();
  await scrollTo(0);
  await expect.element(line('line 1.')).toBeVisible();
  const text = (words: string) => line(words).element().firstChild as Text;
  const selection = document.getSelection();
  selection?.setBaseAndExtent(text('line 2.'), 5, text('line 3.'), 4);
  await expect.element(button('Copy selection')).toBeVisible();
  await scrollTo(2_000);
  await expect.element(line('line 100.')).toBeVisible();
  // As Shift with a press does: the start is far away and still drawn.
  selection?.extend(text('line 100.'), 8);
  await until(async () => {
    await userEvent.click(button('Copy selection'));
    expect(copied).toBe(['2.', ...numbered(97, 3), 'line 100'].join('\n'));
  });
  expect(line('line 50.').query()).toBeNull();

  scroller().focus();
  await userEvent.keyboard('{Control>}a{/Control}');
  const copying = new ClipboardEvent('copy', { clipboardData: new DataTransfer(), bubbles: true, cancelable: true });
  await until(() => {
    scroller().dispatchEvent(copying);
    expect(copying.clipboardData?.getData('text/plain')).toBe(numbered(100).join('\n'));
  });
});

test('hostile lines are plain text', async () => {
  const hostile = '<img src=x onerror="document.title=1"><b>level=ERROR</b> [a](javascript:alert(1))';
  await showEngine({ lines: [hostile] });
  await until(() => expect(drawn()[0]?.textContent).toBe(hostile));
  expect(scroller().querySelector('img, b, a')).toBeNull();
  expect(scroller().querySelector('.error')?.textContent).toBe('level=ERROR');
});

test('long lines scroll sideways, or wrap', async () => {
  await showEngine({ lines: ['word '.repeat(400), 'end'] });
  await expect.element(line('end')).toBeVisible();
  expect(scroller().scrollWidth).toBeGreaterThan(scroller().clientWidth);
  await userEvent.click(button('Wrap long lines'));
  await until(() => expect(scroller().scrollWidth).toBe(scroller().clientWidth));
  await until(() => expect(drawn()[0]?.getBoundingClientRect().height).toBeGreaterThan(40));
  await until(() => {
    const rows = drawn().map((one) => one.getBoundingClientRect());
    expect(rows[1]?.top).toBeGreaterThanOrEqual(rows[0]?.bottom ?? 0);
  });
});

test('a log that can’t be read says so and is asked for again', async () => {
  const hearth = await showEngine({ lines: ['one'] });
  await expect.element(line('one')).toBeVisible();
  hearth.failNext('engine.followLog', 'The file is locked.');
  hearth.engine.log.end();
  await expect
    .element(page.getByText('The log can’t be read right now: The file is locked. Hearth tries again by itself.'))
    .toBeVisible();
  await expect.element(line('one')).toBeVisible();
  hearth.engine.lines.push('two');
  await expect.element(line('two')).toBeVisible();
  expect(page.getByText('The file is locked.', { exact: false }).query()).toBeNull();
});

test('an empty log says why it is empty', async () => {
  const hearth = await showEngine();
  await expect.element(page.getByText('Nothing yet.', { exact: false })).toBeVisible();
  hearth.engine.set({ owner: 'other' });
  await expect
    .element(page.getByText('Hearth keeps the log of an Ollama that it starts itself.', { exact: false }))
    .toBeVisible();
  hearth.failNext('engine.openLogFolder', 'There is no file manager.');
  await userEvent.click(button('Open log folder'));
  await expect.element(page.getByText('There is no file manager.')).toBeVisible();
});
