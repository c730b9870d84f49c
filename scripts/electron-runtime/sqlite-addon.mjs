// better-sqlite3 for an Electron older than 36: its own prebuilt binary needs Node-API 10 and crashes there.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot, runtimeCache } from '../lib/paths.mjs';
import { run } from '../lib/processes.mjs';
import { ensurePrograms } from '../lib/system.mjs';
import { during, SetupError } from '../lib/terminal.mjs';
import { once } from './once.mjs';

const COMPILE_LIMIT_MS = 15 * 60_000;

/**
 * Compiles the addon for Node-API 9 once, with the system's gcc and g++ (about a minute); later calls only look.
 * Everything else it needs is in node_modules.
 * @returns {Promise<string>} the addon's file, for better-sqlite3's option `nativeBinding`
 */
export async function ensureSqliteAddon() {
  const source = path.join(projectRoot, 'node_modules', 'better-sqlite3');
  const { version } = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8'));
  const target = path.join(runtimeCache(), `better-sqlite3-${version}-node-api-9`);
  const folder = await once(target, async (work) => {
    await ensurePrograms(['gcc', 'g++']);
    const copy = path.join(work, 'source');
    for (const part of ['src', 'deps']) cpSync(path.join(source, part), path.join(copy, part), { recursive: true });
    boxStrings(copy);
    const made = path.join(work, 'made');
    mkdirSync(made);
    const line = `building better-sqlite3 ${version} for Node-API 9 (about a minute, once)`;
    await during(line, () => compile(copy, path.join(made, 'better_sqlite3.node')));
    return made;
  });
  return path.join(folder, 'better_sqlite3.node');
}

/** SQLite and the addon at the same time, then both into one file. */
async function compile(copy, addon) {
  const modules = path.join(projectRoot, 'node_modules');
  const sqlite = path.join(copy, 'deps', 'sqlite3');
  const includes = [sqlite, path.join(modules, 'node-api-headers', 'include'), path.join(modules, 'node-addon-api')];
  const both = ['-O2', '-fPIC', '-w', '-DNDEBUG'];
  const [sqliteObject, addonObject] = [path.join(copy, 'sqlite3.o'), path.join(copy, 'addon.o')];
  const napi = ['NAPI_VERSION=9', 'NAPI_DISABLE_CPP_EXCEPTIONS', 'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS'];
  const names = ['NODE_GYP_MODULE_NAME=better_sqlite3', 'BUILDING_NODE_EXTENSION'];
  const defines = [...napi, ...names].map((name) => `-D${name}`);
  const cpp = [...both, '-std=c++20', '-fvisibility=hidden', ...defines, ...includes.map((folder) => `-I${folder}`)];
  await Promise.all([
    must('gcc', [...both, ...sqliteDefines(copy), '-c', path.join(sqlite, 'sqlite3.c'), '-o', sqliteObject]),
    must('g++', [...cpp, '-c', path.join(copy, 'src', 'better_sqlite3.cpp'), '-o', addonObject]),
  ]);
  const libraries = ['-ldl', '-lpthread', '-lm'];
  await must('g++', ['-shared', '-Wl,-Bsymbolic', addonObject, sqliteObject, '-o', addon, ...libraries]);
}

/** SQLite's options as better-sqlite3 sets them, so that full text search and the rest are in. */
function sqliteDefines(copy) {
  const text = readFileSync(path.join(copy, 'deps', 'defines.gypi'), 'utf8');
  return [...text.matchAll(/'([A-Z][A-Z0-9_]+(?:=[^']*)?)'/g)].map(([, define]) => `-D${define}`);
}

/**
 * Node-API 9 has persistent references to objects only; better-sqlite3 keeps some to strings.
 * This puts each such string into an object of its own.
 */
function boxStrings(copy) {
  const box = `struct BoxedString {
  Napi::ObjectReference box;
  BoxedString() {}
  explicit BoxedString(Napi::String text) {
    Napi::Object object = Napi::Object::New(text.Env());
    object.Set(0u, text);
    box = Napi::Persistent(object);
  }
  BoxedString(BoxedString&&) = default;
  BoxedString& operator=(BoxedString&&) = default;
  Napi::String Value() const { return box.Value().Get(0u).As<Napi::String>(); }
};
`;
  const reference = ['Napi::Reference<Napi::String>', 'BoxedString'];
  const latin1 = 'InternalizedFromLatin1(env, str)';
  const utf8 = 'InternalizedFromUtf8(env, name, -1)';
  const macros = '#include "util/macros.cpp"';
  edit(copy, 'src/better_sqlite3.cpp', [[macros, box + macros]]);
  edit(copy, 'src/util/helpers.cpp', [reference]);
  edit(copy, 'src/util/constants.cpp', [reference, [`Napi::Persistent(${latin1})`, `BoxedString(${latin1})`]]);
  edit(copy, 'src/util/bind-map.cpp', [
    reference,
    [`name(Napi::Persistent(${utf8}))`, `name(${utf8})`],
    ['name(Napi::Persistent(pair->name.Value()))', 'name(pair->name.Value())'],
  ]);
}

function edit(copy, name, pairs) {
  const file = path.join(copy, name);
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of pairs) {
    if (!text.includes(from)) throw new Error(`${name}: '${from}' not found: this better-sqlite3 needs another patch`);
    text = text.replaceAll(from, to);
  }
  writeFileSync(file, text);
}

async function must(command, args) {
  const { code, stderr } = await run(command, args, { timeoutMs: COMPILE_LIMIT_MS });
  if (code !== 0) throw new SetupError(`${command} failed (exit code ${code}).\n${stderr.slice(-2000)}`);
}
