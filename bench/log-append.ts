// What a line costs that joins a full log of a hundred thousand, against one that joins a full log of a thousand: the view of
// the engine's log must not slow down as it fills. Both drop their oldest line for each that comes, and a search runs.
import { LINES_MAX, LogLines } from '../src/renderer/features/engine/log-lines.ts';
import { reportRatio } from './support/report.ts';

const GOAL = 1.5;
const FEW = 1_000;
const BATCH = 100;
/** Enough that each log is filled anew several times, so that the rare large clean-up counts too. */
const BATCHES = 5_000;
const LEVELS = ['INFO', 'WARN', 'ERROR'];

const line = (index: number) =>
  `time=2026-01-01T10:00:00.${index % 1_000}Z level=${LEVELS[index % LEVELS.length]} source=routes.go:${index} msg="line"`;

const few = filled(FEW);
const many = filled(LINES_MAX);
// In turns, so that a moment in which the computer is busy hits both.
let fewMs = 0;
let manyMs = 0;
for (let batch = 0; batch < BATCHES; batch += 1) {
  const lines = Array.from({ length: BATCH }, (_, index) => line(batch * BATCH + index));
  const isWarmUp = batch < BATCHES / 10;
  const first = timed(() => few.append(lines));
  const second = timed(() => many.append(lines));
  if (isWarmUp) continue;
  fewMs += first;
  manyMs += second;
}
const perLineUs = (ms: number) => (ms * 1_000) / (BATCHES * 0.9 * BATCH);
reportRatio('log-append', manyMs / fewMs, GOAL, { us_1k: perLineUs(fewMs), us_100k: perLineUs(manyMs) });

function filled(limit: number): LogLines {
  const log = new LogLines({ limit, soon: (run) => run() });
  log.find('level=warn');
  log.append(Array.from({ length: limit }, (_, index) => line(index)));
  return log;
}

function timed(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}
