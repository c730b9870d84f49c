// A parent to be killed: asks a question in the given folder, tells that it was answered, and stays.
import { ask, openMlxBench } from './support.ts';

const bench = await openMlxBench('stand-in/plain', { folder: process.argv[2] ?? '.' });
for await (const event of bench.backend.chat(ask('hello'), AbortSignal.timeout(20_000)))
  if (event.type === 'done') process.stdout.write('answered\n');
setTimeout(() => process.exit(1), 120_000);
