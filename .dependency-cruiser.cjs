// The import rules of ARCHITECTURE.md, checked by `npm run check:imports`.

/** Rooms of main from the highest to the lowest; rooms of one line do not know each other. */
const LEVELS = [
  ['ipc', 'gateway'],
  ['chat'],
  ['insights'],
  ['queue'],
  ['backends'],
  ['models'],
  ['ollama'],
  ['storage', 'settings'],
  ['diagnostics'],
  ['waits'],
  ['errors'],
  ['words'],
];

const upward = LEVELS.flatMap((rooms, level) => {
  const notBelow = LEVELS.slice(0, level + 1).flat();
  return rooms.map((room) => ({
    name: `${room}-imports-downwards`,
    comment: `main/${room} may import only rooms below it`,
    severity: 'error',
    from: { path: `^src/main/${room}/` },
    to: { path: `^src/main/(${[...notBelow, 'shell'].join('|')})/`, pathNot: `^src/main/${room}/` },
  }));
});

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    ...upward,
    rule('no-cycles', 'nothing imports itself in a circle', { path: '^src/' }, { circular: true }),
    rule('imports-exist', 'every import leads to a file or a package', { path: '^src/' }, { couldNotResolve: true }),
    rule(
      'packages-are-listed',
      'what the program imports is a dependency in package.json (electron comes with the program)',
      { path: '^src/' },
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], pathNot: '(^|/)node_modules/electron/' },
    ),
    rule(
      'contract-stands-alone',
      'the contract imports only itself, zod and @orpc/contract',
      { path: '^src/contract/' },
      { pathNot: ['^src/contract/', '(^|/)node_modules/(zod|@orpc/contract)/'] },
    ),
    rule(
      'windows-know-only-the-contract',
      'renderer and preload import of ours only the contract, the words in resources/locales and themselves',
      { path: '^src/(renderer|preload)/' },
      {
        path: '^(src|resources|scripts|bin|tests|bench)/',
        pathNot: ['^src/contract/', '^src/$1/', '^resources/locales/'],
      },
    ),
    rule(
      'windows-have-no-node',
      "a window has no Node: neither its modules nor electron's",
      { path: '^src/renderer/' },
      { dependencyTypes: ['core'] },
    ),
    rule(
      'only-the-shell-knows-electron',
      'electron is imported by main/shell, main/index.ts and the preload only',
      { path: '^src/', pathNot: ['^src/main/shell/', '^src/main/index\\.ts$', '^src/preload/'] },
      { path: ['^electron$', '(^|/)node_modules/electron/'] },
    ),
    rule(
      'features-by-their-door',
      'a feature is imported through its index.ts',
      { path: '^src/renderer/features/([^/]+)/' },
      {
        path: '^src/renderer/features/[^/]+/',
        pathNot: ['^src/renderer/features/$1/', '^src/renderer/features/[^/]+/index\\.tsx?$'],
      },
    ),
    rule(
      'features-by-their-door-from-outside',
      'a feature is imported through its index.ts',
      { path: '^src/renderer/', pathNot: '^src/renderer/features/' },
      { path: '^src/renderer/features/[^/]+/', pathNot: '^src/renderer/features/[^/]+/index\\.tsx?$' },
    ),
    rule(
      'design-system-knows-no-feature',
      'renderer/ui and renderer/lib know neither features nor windows',
      { path: '^src/renderer/(ui|lib)/' },
      { path: '^src/renderer/', pathNot: '^src/renderer/(ui|lib)/' },
    ),
    rule(
      'rooms-by-their-door',
      'a room of main is imported through its index.ts',
      { path: '^src/main/([^/]+)/' },
      { path: '^src/main/[^/]+/', pathNot: ['^src/main/$1/', '^src/main/[^/]+/index\\.ts$'] },
    ),
    rule(
      'rooms-by-their-door-from-outside',
      'a room of main is imported through its index.ts',
      { path: '^src/(cli/|main/[^/]+\\.ts$)' },
      { path: '^src/main/[^/]+/', pathNot: '^src/main/[^/]+/index\\.ts$' },
    ),
    rule(
      'terminal-opens-no-window',
      'the terminal program knows neither the shell nor a window',
      { path: '^src/cli/' },
      { path: ['^src/main/shell/', '^src/main/index\\.ts$', '^src/(renderer|preload)/'] },
    ),
    rule(
      'nobody-imports-the-ends',
      'the desktop start and the terminal program are imported by nobody',
      { path: '^src/(main|contract|renderer|preload)/' },
      { path: ['^src/main/index\\.ts$', '^src/cli/'] },
    ),
    rule(
      'program-without-tests',
      'the program imports nothing of tests, benches and scripts',
      { path: '^src/' },
      { path: '^(tests|bench|scripts|bin)/' },
    ),
  ],
  options: {
    // TypeScript 7 has no parser for other programs, and with none this tool silently finds nothing.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: '(^|/)node_modules/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
