// `npm run check:imports`: fails when an import breaks a rule of .dependency-cruiser.cjs, and when nothing was read.
// `node scripts/check-imports.mjs FOLDER` checks another copy of the project.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cruise } from 'dependency-cruiser';
import { projectRoot } from './lib/paths.mjs';

const root = path.resolve(process.argv[2] ?? projectRoot);
const { forbidden, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');

// The paths in the rules start at the project's folder.
process.chdir(root);
const { output } = await cruise(['src'], { ...options, ruleSet: { forbidden, options }, validate: true });
const { violations, totalCruised } = output.summary;
const unread = sources('src').filter((file) => !output.modules.some(({ source }) => source === file));

for (const { rule, from, to, cycle } of violations) {
  const way = cycle?.length > 0 ? [from, ...cycle.map(({ name }) => name)].join(' → ') : `${from} → ${to}`;
  const { comment } = forbidden.find(({ name }) => name === rule.name);
  console.error(`${way}\n  ${rule.name}: ${comment}`);
}
for (const file of unread) console.error(`${file} was not read by the check`);
if (totalCruised === 0) console.error('The check read no file at all: its parser does not work.');

const hasFailed = violations.length > 0 || unread.length > 0 || totalCruised === 0;
if (!hasFailed) console.log(`imports: ${totalCruised} files and packages, no breach`);
process.exitCode = hasFailed ? 1 : 0;

function sources(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => path.posix.join(folder, name.replaceAll('\\', '/')))
    .filter((name) => /(?<!\.d)\.tsx?$/.test(name));
}
