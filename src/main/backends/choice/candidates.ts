// Which backends one question goes to: its own wish, else what the user chose for its kind, in the order of the list.
import type { DemoRule } from '../../../contract/backends.ts';
import type { AnswerSource } from '../../../contract/conversations.ts';
import type { BackendId } from '../../../contract/ids.ts';
import type { Settings } from '../../../contract/settings.ts';
import { errorInfo, HearthError } from '../../errors/index.ts';
import { chainOf, isUsable, type Listed, whyNot } from './chain.ts';
import { type Preference, preferenceFor, hasName, ifFailsOf, isBackground, modelPreferred } from './preference.ts';
import type { Health } from '../health/health.ts';
import type { Backend, Candidate, Choice, Wish } from '../interface.ts';
import type { Registry } from '../registry.ts';
import { mayDemoAnswer } from './stand-in.ts';
import { isModelPath, parseBackendUrl } from '../url/url.ts';

/** A question that nobody seems to be there for looks once more first, for at most this long. */
const LAST_LOOK_MS = 300;
/** One that is asked again wants to know whether that has changed. */
const RETRY_LOOK_MS = 2_000;
/** What is known of an engine that was passed over is looked at anew after this long, beside the question. */
const STALE_MS = 30_000;

export interface CandidateFinder {
  /**
   * Rejects with `backend_url_invalid`, or with `backend_off` where the only backend that was named is off. No candidate at
   * all is no error here: `skipped` tells why.
   *
   * @param asked the settings as they were when the question was asked; the list is always that of now
   */
  find(wish: Wish, asked: Settings): Promise<Choice>;
  /** When the demo answers a question of a new chat where it was not named. */
  ruleOf(settings: Settings): DemoRule;
  /** The model that a question of a new chat would ask a backend for. */
  modelOf(backend: Backend, settings: Settings): string | null;
}

export interface CandidateFinderOptions {
  registry: Registry;
  health: Health;
  /** When the demo may answer where nobody chose it, by these settings. */
  demoRule: (settings: Settings) => DemoRule;
}

export function createCandidateFinder({ registry, health, demoRule }: CandidateFinderOptions): CandidateFinder {
  const isReady = (backend: Backend) => isUsable(health.get(backend), backend);
  const isReal = ({ kind }: Backend) => kind !== 'demo';
  const namesOf = (backend: Backend) => health.get(backend).models.map(({ name }) => name);
  const wishedOf = (chosen: Preference, backend: Backend) => modelPreferred(chosen, backend, namesOf(backend));

  /** MLX that this computer can't run or that nobody set up is not what an answer was first meant for, unless it was named. */
  function withoutAbsent(chain: readonly Listed[], named: BackendId | null): readonly Listed[] {
    const isAbsent = (backend: Backend) =>
      backend.id !== named && !isReady(backend) && health.get(backend).problem?.code === 'mlx_unavailable';
    return chain.filter(({ backend }) => !isAbsent(backend));
  }

  /** The candidates of a chain, after looking as far as needed to know the first of them. */
  async function readyOf(
    chain: readonly Listed[],
    { named, lookMs, rule }: { named: BackendId | null; lookMs: number; rule: DemoRule },
  ): Promise<{ backends: Backend[]; skipped: AnswerSource['skipped'] }> {
    const on = chain.filter(({ isOn }) => isOn).map(({ backend }) => backend);
    for (const backend of on) {
      await health.known(backend);
      if (isReady(backend)) break;
    }
    const real = on.filter(isReal);
    // An engine that was started a minute ago is found without a button: at once where nothing else is there, else by the
    // question after this one.
    if (real.length > 0 && !real.some(isReady)) await Promise.all(real.map((one) => health.look(one, lookMs)));
    else for (const one of real.slice(0, real.findIndex(isReady))) health.refresh(one, STALE_MS);
    const first = on.find(isReady);
    const backends: Backend[] = [];
    const skipped: AnswerSource['skipped'] = [];
    for (const { backend, isOn } of withoutAbsent(chain, named)) {
      const { kind, label } = backend;
      if (backends.length > 0 || backend === first) {
        // How one behind the first is, is seen when it is needed.
        const isWelcome = isReal(backend) || backends.length > 0 || mayDemoAnswer(rule, skipped.map(reasonOf));
        if (isOn && isWelcome) backends.push(backend);
      } else {
        const reason = isOn ? whyNot(health.get(backend), backend) : errorInfo('backend_off', { backend: label });
        skipped.push({ kind, label, reason });
      }
    }
    return { backends, skipped };
  }

  /** The engine that has the model; where none is known to have it, the one that says best what there is instead. */
  async function holderOf(model: string, { backend: id }: Pick<Preference, 'backend'>): Promise<Backend> {
    const chosen = id === null ? null : registry.get(id);
    if (chosen) return withModel(chosen.backend, model);
    const ollama = registry.at({ scheme: 'ollama', model: null, host: null });
    if (isModelPath(model)) return registry.withFile(model);
    // One that stands in for nobody is not asked for a model that only it has, either: it was not named.
    const real = registry.list().filter(({ backend, isOn, standsIn }) => isOn && standsIn && isReal(backend));
    await Promise.all(real.filter(({ origin }) => origin === 'builtin').map(({ backend }) => health.known(backend)));
    const holder = real.find(({ backend }) => hasName(namesOf(backend), model));
    return holder ? withModel(holder.backend, model) : ollama;
  }

  function withModel(backend: Backend, model: string | null): Backend {
    return backend.kind === 'llamacpp' && model !== null ? registry.withFile(model) : backend;
  }

  /** Nothing stands in for a backend or a model that was named for this question. */
  function named(backend: Backend, model: string | null): Choice {
    // The switch of the demo is about standing in.
    if (registry.get(backend.id)?.isOn === false && isReal(backend))
      throw new HearthError('backend_off', { backend: backend.label });
    return { candidates: [{ backend, model }], skipped: [], demo: isReal(backend) ? 'never' : 'always' };
  }

  async function chooseNamed(wish: Wish & { backend: string }, asked: Settings): Promise<Choice> {
    const wished = wish.model ?? null;
    const listed = wish.backend.includes('://') ? null : registry.find(wish.backend);
    if (listed) return named(withModel(listed.backend, wished), wished);
    const url = parseBackendUrl(wish.backend);
    if (url.scheme === 'local') {
      const { backend, model } = asked;
      // Hearth's own choice, whatever the settings say.
      const auto = { backend: null, model: backend === 'auto' ? model : null, isOwn: false };
      if (wished !== null) return named(await holderOf(wished, auto), wished);
      return chooseFrom(auto, wish, asked);
    }
    const inUrl = 'model' in url && url.scheme !== 'llamacpp' ? url.model : null;
    return named(registry.at(url), url.scheme === 'demo' ? null : (inUrl ?? wished));
  }

  async function chooseFrom(
    chosen: Preference,
    { purpose = 'chat', isRetry = false }: Wish,
    asked: Settings,
  ): Promise<Choice> {
    const list = registry.list();
    const ifFails = ifFailsOf(asked, purpose);
    const isGone = chosen.backend !== null && !list.some(({ backend }) => backend.id === chosen.backend);
    const gone: AnswerSource['skipped'] = [];
    if (isGone) {
      const label = chosen.backend ?? '';
      gone.push({ kind: 'openai', label, reason: errorInfo('backend_removed', { backend: label }) });
      if (ifFails === 'stop') return { candidates: [], skipped: gone, demo: 'never' };
    }
    const first = isGone ? null : chosen.backend;
    const rule = ruleFor(chosen, asked);
    const chain = chainOf(list, { first, ifFails, isBackground: isBackground(purpose) });
    const lookMs = isRetry ? RETRY_LOOK_MS : LAST_LOOK_MS;
    const { backends, skipped } = await readyOf(chain, { named: first, lookMs, rule });
    const candidates = backends.map((backend): Candidate => {
      const model = wishedOf(chosen, backend);
      return { backend: withModel(backend, model), model };
    });
    return {
      candidates: ifFails === 'stop' ? candidates.slice(0, 1) : candidates,
      skipped: [...gone, ...skipped],
      demo: rule,
    };
  }

  /** Who chose an engine does not look around any more: what is wrong with it is the answer, unless the demo was chosen too. */
  function ruleFor({ backend }: Preference, asked: Settings): DemoRule {
    if (backend === 'demo') return 'always';
    const rule = demoRule(asked);
    return backend !== null && rule === 'ifNobodyIsThere' ? 'never' : rule;
  }

  return {
    async find(wish, asked) {
      const { backend, model = null, purpose = 'chat' } = wish;
      if (backend !== undefined) return chooseNamed({ ...wish, backend }, asked);
      const chosen = preferenceFor(asked, purpose, wish.choice);
      if (model !== null) return named(await holderOf(model, chosen), model);
      return chooseFrom(chosen, wish, asked);
    },
    ruleOf: (settings) => ruleFor(preferenceFor(settings, 'chat', undefined), settings),
    modelOf: (backend, settings) => backend.modelFor(wishedOf(preferenceFor(settings, 'chat', undefined), backend)),
  };
}

const reasonOf = ({ reason }: AnswerSource['skipped'][number]) => reason;
