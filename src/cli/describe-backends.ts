// The backends as a table, and one of them in a line.
import type { BackendStatus, BackendsStatus, EnvironmentValue, ProbeResult } from '../contract/backends.ts';
import { isThisComputer } from '../contract/hosts.ts';
import { text } from '../main/words/index.ts';
import { tableText } from './describe-numbers.ts';
import { failureText } from './failure.ts';

const COLUMNS = ['order', 'id', 'name', 'state', 'place', 'latency', 'models'] as const;

/** In the order in which they are tried, and below it why some can't answer, and which one is next. */
export function backendsText({ backends, chosen }: BackendsStatus): string {
  const head = COLUMNS.map((name) => text(`cli:backend.column.${name}`));
  const rows = backends.map((one, index) => [
    // Asked only by name: it has no place in the order.
    one.standsIn ? String(index + 1) : '–',
    one.id,
    one.label,
    stateText(one),
    placeText(one.host),
    latencyText(one.latencyMs),
    one.models.length === 0 ? '' : String(one.models.length),
  ]);
  // Below it: sentences would make a table wider than any terminal.
  const reasons = backends.flatMap(({ label, problem }) =>
    problem === null ? [] : [`${text('cli:backend.reason', { label, reason: failureText(problem) })}\n`],
  );
  const { label, model } = chosen;
  const next =
    model === null ? text('cli:backend.next', { name: label }) : text('cli:backend.nextModel', { name: label, model });
  return [tableText([head, ...rows]), ...(reasons.length > 0 ? ['\n', ...reasons] : []), `\n${next}\n`].join('');
}

/** For example `Ollama · ready · this computer · 3 ms · 4 models`. */
export function oneLine(one: BackendStatus): string {
  const models = one.models.length === 0 ? '' : modelsText(one.models.length);
  return joined([one.label, stateText(one), placeText(one.host), latencyText(one.latencyMs), models]);
}

/** Which variables count, which do not, and why. */
export function environmentLines(values: readonly EnvironmentValue[]): string[] {
  return values.map(({ name, value, state, problem }) => {
    if (problem === null) return text(`cli:backend.environment.${state}`, { name, value });
    // This one names the variable itself.
    if (problem.code === 'environment_invalid') return problem.message;
    return text('cli:backend.environment.invalid', { name, reason: problem.message });
  });
}

/** What a look at an address found, each line with its break. */
export function probeLines({ url, name, host, version, latencyMs, models, key, problem }: ProbeResult): string[] {
  const found = joined([
    name,
    version ?? '',
    placeText(host),
    latencyText(latencyMs),
    problem === null ? modelsText(models.length) : '',
  ]);
  const lines = [found, text('cli:backend.kept', { url })];
  if (key !== 'unknown') lines.push(text(`cli:backend.key.${key}`));
  return lines.map((line) => `${line}\n`);
}

function stateText({ state, restsUntilMs }: BackendStatus): string {
  return text(`cli:backend.state.${restsUntilMs !== null && state !== 'off' ? 'resting' : state}`);
}

function placeText(host: string | null): string {
  return host === null || isThisComputer(host) ? text('cli:backend.here') : host;
}

function latencyText(latencyMs: number | null): string {
  return latencyMs === null ? '' : text('cli:backend.latency', { ms: Math.round(latencyMs) });
}

function modelsText(count: number): string {
  return text('cli:backend.models', { count });
}

const joined = (parts: readonly string[]) => parts.filter((part) => part !== '').join(' · ');
