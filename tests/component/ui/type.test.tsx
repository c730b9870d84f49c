// The letters: the same everywhere, but for code.
import '../../../src/renderer/ui/styles.css';
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { Badge } from '../../../src/renderer/ui/index.ts';

test('what sets its own size keeps the features of the page’s letters; code has none', async () => {
  await render(
    <div className="prose">
      <Badge>badge</Badge>
      <table className="tbl">
        <tbody>
          <tr>
            <td>cell</td>
          </tr>
        </tbody>
      </table>
      <code>code</code>
    </div>,
  );
  const featuresOf = (word: string) => getComputedStyle(page.getByText(word).element()).fontFeatureSettings;
  const ofPage = getComputedStyle(document.body).fontFeatureSettings;
  expect(ofPage).toContain('cv11');
  expect(featuresOf('badge')).toBe(ofPage);
  expect(featuresOf('cell')).toBe(ofPage);
  expect(featuresOf('code')).toBe('normal');
});
