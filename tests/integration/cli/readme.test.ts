// The terminal as README shows it, and as `hearth doctor` leads there, from an empty data folder: the program as it is built.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { parseCommand } from '../../../src/cli/arguments.ts';
import { assetFor } from '../../../src/main/ollama/install/releases.ts';
import { environment, hasOwnOllama, NO_OLLAMA } from '../../e2e/support/environment.ts';
import { buildForMirror } from '../../support/mirror-build.ts';
import { makeStandInOllama } from '../../support/stand-in-ollama/index.ts';
import { temporaryFolder } from '../../support/storage.ts';

const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const BUILT = new URL('../../../out/main/cli.js', import.meta.url);
/** The words of a model's name, as `hearth pull` takes them. */
const PULL = /^npx hearth pull (\S+)$/;
/** A command in an output: to the end of its quotes, its sentence or its line. */
const NAMED = /npx hearth ((?:"[^"]*"|[^\s”,;(]+)(?: (?:"[^"]*"|[^\s”,;(]+))*)/g;
const STEPS_MAX = 6;
const LIMIT_MS = 120_000;

/** The lines of README that are typed, without what is said beside them. */
const commands = [...README.matchAll(/^ {4}(npx hearth [^#\n]+)/gm)].map(([, line]) => line!.trim());

let home: string;
let standIn: string;
let program: string;
let mirrorUrl: string;

// The stand-in is a shell script, and a computer with an Ollama of its own is not a new user's.
describe.skipIf(process.platform === 'win32' || assetFor(process.platform, process.arch) === null)('a new user', () => {
  beforeEach(async ({ skip }) => {
    if (await hasOwnOllama()) skip('an Ollama runs on this computer');
    if (!existsSync(BUILT)) throw new Error('Hearth is not built: run `npm test -- integration`, which builds it');
    const folder = temporaryFolder();
    const layers = [{ digest: `sha256:${'ab'.repeat(32)}`, bytes: 1_000_000 }];
    const build = await buildForMirror(folder, { replay: { models: [], pull: { layers, bytesPerRecord: 100_000 } } });
    onTestFinished(() => build.mirror.close());
    ({ program, standIn } = build);
    mirrorUrl = build.mirror.url;
    home = path.join(folder, 'data');
    mkdirSync(home);
    // All that is not as on a new computer: where the release comes from.
    writeFileSync(path.join(home, 'settings.json'), JSON.stringify({ install: { baseUrl: mirrorUrl } }));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  });

  test('types what README says, in its order, and everything works', { timeout: LIMIT_MS }, async () => {
    expect(commands.length).toBeGreaterThan(3);
    for (const command of commands) {
      const { code, output } = await type(command);
      expect({ command, code, output: code === 0 ? '' : output }).toEqual({ command, code: 0, output: '' });
      expectGoodAdvice(output);
    }
  });

  test('who asks the doctor is led to an answer, one command after the other', { timeout: LIMIT_MS }, async () => {
    const typed: string[] = [];
    for (;;) {
      const { code, output } = await type('npx hearth doctor');
      expectGoodAdvice(output);
      if (code === 0) break;
      const next = /^ +Next: (npx hearth .+)$/m.exec(output)?.[1];
      expect(next, output).toBeDefined();
      typed.push(next!);
      expect(typed.length).toBeLessThan(STEPS_MAX);
      expect(await type(next!)).toMatchObject({ code: 0 });
    }
    expect(typed).toEqual(['npx hearth engine install', expect.stringMatching(PULL)]);
    expect(await type('npx hearth ask "What is a mutex?"')).toMatchObject({ code: 0 });
  });

  test('who begins in another order is told what comes first', { timeout: LIMIT_MS }, async () => {
    const pulled = await type('npx hearth pull llama3.2:3b');
    expect(pulled).toMatchObject({ code: 1 });
    expect(pulled.output).toMatch(/Next: npx hearth engine install \(.+\), then: npx hearth pull llama3\.2:3b/);
    const listed = await type('npx hearth models');
    expect(listed).toMatchObject({ code: 0 });
    expect(listed.output).toMatch(/^First: npx hearth engine install\nThen: +npx hearth pull \S+$/m);
    const asked = await type('npx hearth ask "What is a mutex?"');
    expect(asked.code).toBe(3);
    for (const { output } of [pulled, listed, asked]) expectGoodAdvice(output);
  });
});

/** Every command that an output names is typed as here, and is one. */
function expectGoodAdvice(output: string): void {
  expect(output).not.toMatch(/(?<!npx )\bhearth (?:ask|models|pull|rm|backend|engine|doctor|help)\b/);
  for (const [, words] of output.matchAll(NAMED))
    expect(() => parseCommand(wordsOf(words!.replace(/\.$/, ''))), words).not.toThrow();
}

const wordsOf = (line: string) =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

/** As a person in a clone types it. */
async function type(command: string): Promise<{ code: number | null; output: string }> {
  const [, , ...args] = wordsOf(command);
  const env = { ...environment(home, NO_OLLAMA), npm_command: 'exec' };
  const child = spawn(process.execPath, [path.join(program, 'bin/hearth.mjs'), ...args], { env, cwd: program });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => (output += piece));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  // A real Ollama keeps what it has pulled; the stand-in is told.
  const model = PULL.exec(command)?.[1];
  if (code === 0 && model !== undefined) await makeStandInOllama(standIn, { replay: { models: [{ name: model }] } });
  return { code, output };
}
