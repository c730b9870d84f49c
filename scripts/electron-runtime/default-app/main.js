// Stands in for the default app that Electron's own download carries and an Electron taken out of a packaged program
// lacks: it makes `electron [-r module]... [--switches] <folder or file> [arguments]` load that program.
// The program's main module is awaited, so that it runs before Electron is ready, as it does when packaged
// (registering schemes needs that).
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const { required, program } = readArguments(process.argv.slice(1));
if (program === undefined) {
  console.error('usage: electron [-r module]... [--switches] <folder or file> [arguments]');
  process.exit(1);
}
const requireFromHere = createRequire(path.join(process.cwd(), 'electron-default-app.js'));
for (const id of required) requireFromHere(id);

process.defaultApp = true;
try {
  const main = adopt(path.resolve(program));
  await import(pathToFileURL(requireFromHere.resolve(main)).href);
} catch (error) {
  console.error('The program threw an error while it was loaded');
  console.error(error);
  process.exit(1);
}

/** The modules to load first (test tools hook in there), and the first argument that is not a switch. */
function readArguments(args) {
  const modules = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at];
    if (arg === '--version' || arg === '-v') {
      console.log(`v${process.versions.electron}`);
      process.exit(0);
    }
    if (arg === '-r' || arg === '--require') modules.push(args[++at]);
    else if (arg.startsWith('--require=')) modules.push(arg.slice('--require='.length));
    else if (!arg.startsWith('-')) return { required: modules, program: arg };
  }
  return { required: modules, program: undefined };
}

/** Takes the program's name, version and folders over from its package.json; returns its main file. */
function adopt(at) {
  const manifest = path.join(at, 'package.json');
  if (!existsSync(manifest)) return at;
  const { name, productName, version, main = 'index.js' } = JSON.parse(readFileSync(manifest, 'utf8'));
  if (version) app.setVersion(version);
  if (productName || name) app.name = productName || name;
  if (!app.commandLine.hasSwitch('user-data-dir')) app.setPath('userData', path.join(app.getPath('appData'), app.name));
  app.setAppPath(at);
  return path.join(at, main);
}
