import '../../../src/renderer/ui/styles.css';
import { useEffect, useState } from 'react';
import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { Button, Dialog, Popover, RowMenu } from '../../../src/renderer/ui/index.ts';
import { Ellipsis } from 'lucide-react';

const button = (name: string) => page.getByRole('button', { name, exact: true });

function Scene({ onClose = () => undefined }: { onClose?: () => void }) {
  const [isOpen, setOpen] = useState(false);
  const [isHere, setIsHere] = useState(true);
  const close = () => {
    onClose();
    setOpen(false);
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>Open</Button>
      <RowMenu label="More" icon={Ellipsis} entries={() => [{ id: 'a', label: 'Choose', run: () => setOpen(true) }]} />
      {isOpen ? (
        <Dialog title="Things" closeLabel="Close" onClose={close}>
          {isHere ? <Button onClick={() => setIsHere(false)}>Vanish</Button> : null}
        </Dialog>
      ) : null}
    </>
  );
}

test('a dialog keeps the focus, closes by Esc, its button or a press beside it, and gives the focus back', async () => {
  await render(<Scene />);
  const dialog = page.getByRole('dialog', { name: 'Things' });
  for (const leave of [
    () => userEvent.keyboard('{Escape}'),
    () => button('Close').click(),
    () => dialog.element().dispatchEvent(new PointerEvent('pointerdown', { bubbles: true })),
  ]) {
    await button('Open').click();
    await expect.element(dialog).toBeVisible();
    expect(dialog.element().contains(document.activeElement)).toBe(true);
    await leave();
    await vi.waitFor(() => expect(dialog.query()).toBeNull());
    await expect.element(button('Open')).toHaveFocus();
  }
});

test('lies over the whole window, and tells what colour that gives the system’s buttons while it is there', async () => {
  await render(<Scene />);
  const told = () => [...document.head.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')];
  expect(told()).toHaveLength(0);
  await button('Open').click();
  const dialog = page.getByRole('dialog', { name: 'Things' }).element();
  expect(getComputedStyle(dialog, '::backdrop').inset).toBe('0px');
  expect(told()).toHaveLength(2);
  for (const theme of ['light', 'dark'] as const) {
    const meta = told().find(({ media }) => media.includes(theme));
    expect(distance(meta?.content ?? '', underScrim(theme))).toBeLessThan(6);
  }
  await button('Close').click();
  await vi.waitFor(() => expect(told()).toHaveLength(0));
});

/** Red, green and blue of a page with a scrim over it, as the browser draws them. */
function underScrim(theme: 'light' | 'dark'): string {
  const probe = document.createElement('i');
  probe.style.colorScheme = theme;
  document.body.append(probe);
  const colorOf = (value: string) => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const context = document.createElement('canvas').getContext('2d');
  if (!context) throw new Error('no canvas');
  for (const token of ['var(--paper)', 'var(--scrim)']) {
    context.fillStyle = colorOf(token);
    context.fillRect(0, 0, 1, 1);
  }
  probe.remove();
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return `#${[red, green, blue].map((one) => one.toString(16).padStart(2, '0')).join('')}`;
}

const distance = (a: string, b: string) =>
  [1, 3, 5].reduce(
    (sum, at) => sum + Math.abs(parseInt(a.slice(at, at + 2), 16) - parseInt(b.slice(at, at + 2), 16)),
    0,
  );

test('Esc is the window’s again as soon as the dialog is gone', async () => {
  let save = () => {};
  const saved = new Promise<void>((resolve) => (save = resolve));
  function Saving() {
    const [isOpen, setOpen] = useState(true);
    useEffect(() => void saved.then(() => setOpen(false)), []);
    if (!isOpen) return null;
    return (
      <Dialog title="Things" closeLabel="Close" onClose={() => undefined}>
        Saving
      </Dialog>
    );
  }
  await render(<Saving />);
  const heard = vi.fn<() => void>();
  const listen = (event: KeyboardEvent) => event.defaultPrevented || heard();
  document.addEventListener('keydown', listen);
  // In the moment in which it goes, before anything else can happen.
  const watcher = new MutationObserver(() => {
    if (document.querySelector('dialog') !== null) return;
    watcher.disconnect();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
  });
  watcher.observe(document.body, { childList: true, subtree: true });
  save();
  await vi.waitFor(() => expect(page.getByRole('dialog').query()).toBeNull());
  await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce());
  document.removeEventListener('keydown', listen);
});

test('Esc is the dialog’s own, also when what had the focus is gone', async () => {
  const heard = vi.fn<() => void>();
  const listen = (event: KeyboardEvent) => event.defaultPrevented || heard();
  document.addEventListener('keydown', listen);
  const onClose = vi.fn<() => void>();
  await render(<Scene onClose={onClose} />);
  await button('Open').click();
  await button('Vanish').click();
  await vi.waitFor(() => expect(button('Vanish').query()).toBeNull());
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  expect(heard).not.toHaveBeenCalled();
  document.removeEventListener('keydown', listen);
});

test('opened from a menu, it gives the focus back to the button of that menu', async () => {
  await render(<Scene />);
  button('More').element().focus();
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(page.getByRole('menuitem', { name: 'Choose' })).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('dialog', { name: 'Things' })).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(page.getByRole('dialog').query()).toBeNull());
  await expect.element(button('More')).toHaveFocus();
});

test('the menu of a row opens and closes by its button', async () => {
  await render(<Scene />);
  await button('More').click();
  await expect.element(page.getByRole('menu', { name: 'More' })).toBeVisible();
  await button('More').click();
  await vi.waitFor(() => expect(page.getByRole('menu').query()).toBeNull());
  expect(button('More').element().getAttribute('aria-expanded')).toBe('false');
});

function WithPopover() {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <Button onClick={(event) => setAnchor(anchor ? null : event.currentTarget)}>Numbers</Button>
      {anchor ? (
        <Popover anchor={anchor} label="The numbers" onClose={() => setAnchor(null)}>
          <p>42</p>
        </Popover>
      ) : null}
    </>
  );
}

test('a popover opens and closes by its button, and by Esc, and adds no style element', async () => {
  await render(<WithPopover />);
  const styles = document.querySelectorAll('style').length;
  const panel = page.getByRole('dialog', { name: 'The numbers' });
  await button('Numbers').click();
  await expect.element(panel).toBeVisible();
  expect(document.querySelectorAll('style')).toHaveLength(styles);
  await button('Numbers').click();
  await vi.waitFor(() => expect(panel.query()).toBeNull());
  await button('Numbers').click();
  await expect.element(panel).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(panel.query()).toBeNull());
  await expect.element(button('Numbers')).toHaveFocus();
});
