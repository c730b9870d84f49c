import '../../../src/renderer/ui/styles.css';
import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { Button, ContextMenu, Menu, Select } from '../../../src/renderer/ui/index.ts';

test('menus and selects add no style element, which the page would refuse', async () => {
  const run = vi.fn();
  await render(
    <>
      <Menu trigger={<Button>Open</Button>} label="Things" entries={[{ id: 'one', label: 'One', run }]} />
      <ContextMenu label="More" entries={() => [{ id: 'two', label: 'Two', run }]}>
        <p>Here</p>
      </ContextMenu>
      <Select label="Pick" value="a" options={[{ value: 'a', label: 'A' }]} onChange={run} />
    </>,
  );
  const before = document.querySelectorAll('style').length;
  await userEvent.click(page.getByRole('button', { name: 'Open' }));
  await expect.element(page.getByRole('menuitem', { name: 'One' })).toBeVisible();
  expect(document.querySelectorAll('style')).toHaveLength(before);
  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect(run).toHaveBeenCalledOnce();
  await userEvent.click(page.getByText('Here'), { button: 'right' });
  await expect.element(page.getByRole('menuitem', { name: 'Two' })).toBeVisible();
  expect(document.querySelectorAll('style')).toHaveLength(before);
});
