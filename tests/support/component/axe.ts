// What axe finds on the page as it stands: one line a finding, so that a test says at once what and where.
import axe from 'axe-core';

/** WCAG 2.2 to AA, what axe holds for good practice, and that a name holds the words one sees. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export interface AxeOptions {
  /** A part of the window, where the rest of it isn't on the page. */
  within?: Element | Document;
  /** Rules that can't be judged there, each with its reason beside it. */
  without?: string[];
}

/** Empty when there is nothing to mend. Colours are judged once nothing fades any more. */
export async function axeFindings({ within = document, without = [] }: AxeOptions = {}): Promise<string[]> {
  await Promise.allSettled(
    document
      .getAnimations()
      .filter((one) => one.effect?.getComputedTiming().iterations !== Infinity)
      .map((one) => one.finished),
  );
  const { violations } = await axe.run(within, {
    runOnly: { type: 'tag', values: RULES },
    rules: {
      'label-content-name-mismatch': { enabled: true },
      ...Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
    },
    resultTypes: ['violations'],
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.html.slice(0, 300)}`),
  );
}
