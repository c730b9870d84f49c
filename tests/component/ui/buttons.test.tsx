import '../../../src/renderer/ui/styles.css';
import { PanelLeft } from 'lucide-react';
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { IconButton, Segmented, TooltipLayer } from '../../../src/renderer/ui/index.ts';

test('an icon button has a name, and shows it with its shortcut', async () => {
  await render(
    <>
      <IconButton icon={PanelLeft} label="Hide sidebar" shortcut="Mod+B" />
      <TooltipLayer />
    </>,
  );
  const button = page.getByRole('button', { name: 'Hide sidebar' });
  expect(button.element().getAttribute('aria-keyshortcuts')).toBe('Control+B');
  await userEvent.hover(button);
  await expect.element(page.getByText('Hide sidebarCtrl B')).toBeVisible();
  await userEvent.unhover(button);
  await expect.element(page.getByText('Hide sidebarCtrl B')).not.toBeVisible();
});

test('a row of choices is moved through with arrows, and is one tab stop', async () => {
  let value = 'a';
  const draw = () => (
    <Segmented
      label="Letters"
      value={value}
      options={['a', 'b', 'c'].map((each) => ({ value: each, label: each.toUpperCase() }))}
      onChange={(next) => (value = next)}
    />
  );
  const screen = await render(draw());
  await userEvent.tab();
  await userEvent.keyboard('{ArrowLeft}');
  expect(value).toBe('c');
  await screen.rerender(draw());
  await expect.element(page.getByRole('radio', { name: 'C' })).toBeChecked();
  await expect.element(page.getByRole('radio', { name: 'C' })).toHaveFocus();
  const stops = page
    .getByRole('radio')
    .elements()
    .filter((one) => (one as HTMLElement).tabIndex === 0);
  expect(stops).toHaveLength(1);
});
