// What the windows and the terminal are told of the backends.
import type { BackendsStatus, BackendStatus, DemoRule } from '../../../contract/backends.ts';
import type { BackendId } from '../../../contract/ids.ts';
import type { SettingsStore } from '../../settings/index.ts';
import type { Breakers } from '../choice/breaker.ts';
import { isUsable, type Listed, whyNot } from '../choice/chain.ts';
import { mayDemoAnswer } from '../choice/stand-in.ts';
import type { Health } from './health.ts';
import type { Backend } from '../interface.ts';
import type { Registry } from '../registry.ts';

export interface StatusOptions {
  settings: Pick<SettingsStore, 'get'>;
  registry: Registry;
  health: Health;
  breakers: Breakers;
  /** Who may answer a new chat, in order. */
  chatChain: () => readonly Listed[];
  /** The model that a new chat would ask a backend for. */
  modelOf: (backend: Backend) => string | null;
  /** Milliseconds since 1970; null while there was none. */
  lastAnswerAtMs: (id: BackendId) => number | null;
  environment: () => BackendsStatus['environment'];
  secretsIn: () => BackendsStatus['secretsIn'];
  demoRule: () => DemoRule;
}

/** @returns how to read the status of now; nobody is asked for it */
export function createStatus(options: StatusOptions): () => BackendsStatus {
  const { settings, registry, health, breakers, chatChain, modelOf, lastAnswerAtMs, environment, secretsIn, demoRule } =
    options;

  function statusOf({ backend, origin, isOn, standsIn }: Listed): BackendStatus {
    const { id, kind, label, abilities } = backend;
    return {
      id,
      kind,
      label,
      ...health.get(backend),
      ...(isOn ? {} : { state: 'off' as const, problem: null }),
      abilities: [...abilities],
      standsIn,
      restsUntilMs: breakers.of(id).rest()?.untilMs ?? null,
      lastAnswerAtMs: lastAnswerAtMs(id),
      origin,
    };
  }

  return () => {
    const rule = demoRule();
    const on = chatChain().filter(({ isOn }) => isOn);
    const real = on.filter(({ backend }) => backend.kind !== 'demo');
    const reasons = real.map(({ backend }) => whyNot(health.get(backend), backend));
    const usable = mayDemoAnswer(rule, reasons) ? on : real;
    const isAbsent = (one: Listed) => health.get(one.backend).problem?.code === 'mlx_unavailable';
    const { backend } =
      usable.find((one) => isUsable(health.get(one.backend), one.backend)) ??
      usable.find((one) => !isAbsent(one)) ??
      usable[0] ??
      registry.list().at(-1)!;
    return {
      backends: registry.list().map(statusOf),
      chosen: {
        id: backend.id,
        kind: backend.kind,
        label: backend.label,
        model: modelOf(backend),
      },
      isChecking: health.isChecking(),
      demo: rule,
      isOrderAutomatic: settings.get().backends.order.length === 0,
      environment: environment(),
      secretsIn: secretsIn(),
    };
  };
}
