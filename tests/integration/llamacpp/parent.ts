// A parent to be killed: asks for a long answer and prints the engine's process id while it is being written.
import { beginLongAnswer, openBench, TINY_MODEL } from './support.ts';

const bench = await openBench();
await beginLongAnswer(bench.engine.forFile(TINY_MODEL));
console.log(bench.engine.pid());
