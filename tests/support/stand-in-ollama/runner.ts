// The grandchild of the stand-in: runs until it is ended, as the real runner with its model does.
const LIFETIME_MS = 10 * 60_000;

if (process.argv.includes('--ignore-sigterm')) process.on('SIGTERM', () => null);
// The same bound as the stand-in's own.
setTimeout(() => process.exit(1), LIFETIME_MS);
process.stdout.write('running\n');
