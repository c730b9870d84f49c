// Plants a breach of every import rule in a small copy of the project's layout: each must be found.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const repository = path.resolve(import.meta.dirname, '../../..');
const { forbidden } = createRequire(import.meta.url)('../../../.dependency-cruiser.cjs') as {
  forbidden: { name: string }[];
};

const SOUND: Record<string, string> = {
  'src/contract/index.ts': "import { z } from 'zod'; export const id = z.string();",
  'src/main/errors/index.ts': "export * from './sentences.ts';",
  'src/main/errors/sentences.ts': 'export const sentence = 1;',
  'src/main/storage/index.ts': "import { sentence } from '../errors/index.ts'; export const rows = sentence;",
  'src/main/queue/index.ts': "import type { id } from '../../contract/index.ts'; export type Job = typeof id;",
  'src/main/shell/index.ts': "import { app } from 'electron'; import '../services.ts'; app.quit();",
  'src/main/services.ts': "import { rows } from './storage/index.ts'; export const services = rows;",
  'src/main/index.ts': "import './shell/index.ts';",
  'src/cli/index.ts': "import { services } from '../main/services.ts'; console.log(services);",
  'src/preload/index.ts': "import { ipcRenderer } from 'electron'; ipcRenderer.send('ready');",
  'src/renderer/ui/index.ts': 'export const Button = 1;',
  'src/renderer/features/chat/index.ts': "import { Button } from '../../ui/index.ts'; export const Chat = Button;",
  'src/renderer/features/chat/store.ts': 'export const store = 1;',
  'src/renderer/features/history/index.ts': "export { Chat } from '../chat/index.ts';",
  'src/renderer/main/index.tsx':
    "import '../features/history/index.ts'; import words from '../../../resources/locales/en/app.json'; words;",
  'resources/locales/en/app.json': '{}',
  'scripts/lib/paths.mjs': 'export const root = 1;',
};

/** A file with a forbidden import, by the rule that forbids it. */
const BREACHES: Record<string, [file: string, content: string]> = {
  'no-cycles': ['src/main/errors/sentences.ts', "import './index.ts';"],
  'imports-exist': ['src/main/queue/lost.ts', "import './nowhere.ts';"],
  'packages-are-listed': ['src/main/queue/tool.ts', "import 'vitest';"],
  'contract-stands-alone': ['src/contract/path.ts', "import 'node:path';"],
  'windows-know-only-the-contract': [
    'src/renderer/main/direct.ts',
    "import type { rows } from '../../main/storage/index.ts';",
  ],
  'windows-have-no-node': ['src/renderer/lib/files.ts', "import 'node:fs';"],
  'only-the-shell-knows-electron': ['src/main/storage/window.ts', "import { app } from 'electron'; app.quit();"],
  'features-by-their-door': ['src/renderer/features/history/peek.ts', "import '../chat/store.ts';"],
  'features-by-their-door-from-outside': ['src/renderer/main/peek.ts', "import '../features/chat/store.ts';"],
  'design-system-knows-no-feature': ['src/renderer/ui/peek.ts', "export { Chat } from '../features/chat/index.ts';"],
  'rooms-by-their-door': ['src/main/storage/peek.ts', "import '../errors/sentences.ts';"],
  'rooms-by-their-door-from-outside': [
    'src/cli/peek.ts',
    "const late = () => import('../main/errors/sentences.ts'); late;",
  ],
  'terminal-opens-no-window': ['src/cli/window.ts', "import '../main/shell/index.ts';"],
  'nobody-imports-the-ends': ['src/main/services-too.ts', "import '../cli/index.ts';"],
  'program-without-tests': ['src/main/script.ts', "import '../../scripts/lib/paths.mjs';"],
};
for (const room of forbidden
  .map(({ name }) => /^(\w+)-imports-downwards$/.exec(name)?.[1])
  .filter((name) => name !== undefined)) {
  const above = room === 'ipc' || room === 'gateway' ? 'shell' : 'ipc';
  BREACHES[`${room}-imports-downwards`] = [`src/main/${room}/upward.ts`, `import '../${above}/index.ts';`];
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hearth-imports-'));
  symlinkSync(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  write('package.json', JSON.stringify({ name: 'planted', type: 'module', dependencies: { zod: '*', electron: '*' } }));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('check-imports', () => {
  it('passes a sound tree', () => {
    plantSoundTree();
    expect(check()).toMatchObject({ status: 0, stderr: '' });
  });

  it('knows a breach for every rule', () => {
    expect(Object.keys(BREACHES).toSorted()).toEqual(forbidden.map(({ name }) => name).toSorted());
  });

  it('finds every planted breach', () => {
    plantSoundTree();
    write('src/main/ipc/index.ts', 'export const served = 1;');
    for (const [file, content] of Object.values(BREACHES)) write(file, content);
    const { status, stderr } = check();
    expect(status).toBe(1);
    for (const [rule, [file]] of Object.entries(BREACHES)) expect(found(stderr, rule), rule).toContain(file);
  });

  it('fails when there is nothing to read', () => {
    mkdirSync(path.join(folder, 'src'));
    const { status, stderr } = check();
    expect(status).toBe(1);
    expect(stderr).toContain('read no file');
  });

  it('fails on a file that cannot be parsed', () => {
    plantSoundTree();
    write('src/main/queue/broken.ts', 'export const = ;');
    expect(check().status).not.toBe(0);
  });
});

function plantSoundTree() {
  for (const [file, content] of Object.entries(SOUND)) write(file, content);
}

function write(file: string, content: string) {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), content);
}

/** What the report says above the lines that name a rule. */
function found(report: string, rule: string) {
  const lines = report.split('\n');
  return lines.filter((_, at) => lines[at + 1]?.startsWith(`  ${rule}:`)).join('\n');
}

function check() {
  const script = path.join(repository, 'scripts/check-imports.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
  return { status, stderr };
}
