// Which backends one question goes to: its own wish, else the chat's choice, else the purpose's, else the settings'.
import type { AnswerSource, ChatChoice } from '../../contract/conversations.ts';
import type { BackendId } from '../../contract/ids.ts';
import type { IfFails, Purpose, Settings } from '../../contract/settings.ts';
import { errorInfo } from '../errors/index.ts';
import type { SettingsStore } from '../settings/index.ts';
import { chainOf, isUsable, type Listed, whyNot } from './choose.ts';
import type { Health } from './health.ts';
import type { Backend, BackendPlan, Wish } from './interface.ts';
import type { Registry } from './registry.ts';
import { isModelPath, parseBackendUrl } from './url.ts';

/** A question that would go to the demo looks once more first, for at most this long. */
const LAST_LOOK_MS = 300;

export type Choice = Pick<BackendPlan, 'candidates' | 'skipped' | 'model'>;

export interface Chooser {
  /** Rejects with `backend_url_invalid`. No candidate at all is no error here: `skipped` tells why. */
  choose(wish: Wish): Promise<Choice>;
  /** The model that a question with this wish would ask a backend for. */
  modelOf(backend: Backend, wish: Pick<Wish, 'purpose' | 'choice'>): string | null;
}

export function createChooser(options: { registry: Registry; health: Health; settings: SettingsStore }): Chooser {
  const { registry, health, settings } = options;
  const isReady = (backend: Backend) => isUsable(health.get(backend), backend);
  const isReal = ({ kind }: Backend) => kind !== 'demo';

  /** The candidates of a chain, after looking as far as needed to know the first of them. */
  async function candidatesOf(chain: readonly Listed[]): Promise<Pick<Choice, 'candidates' | 'skipped'>> {
    const on = chain.filter(({ isOn }) => isOn).map(({ backend }) => backend);
    for (const backend of on) {
      await health.known(backend);
      if (isReady(backend)) break;
    }
    const real = on.filter(isReal);
    // An engine that was started a minute ago is found without a button.
    if (real.length > 0 && !real.some(isReady)) await Promise.all(real.map((one) => health.look(one, LAST_LOOK_MS)));
    const candidates: Backend[] = [];
    const skipped: AnswerSource['skipped'] = [];
    for (const { backend, isOn } of chain) {
      const { kind, label } = backend;
      if (!isOn) skipped.push({ kind, label, reason: errorInfo('backend_off', { backend: label }) });
      // One behind the first usable may not have been looked at yet: should it be needed, it tells by itself.
      else if (isReady(backend) || (candidates.length > 0 && !health.isKnown(backend))) candidates.push(backend);
      // What lies behind the first candidate was not passed over for it.
      else if (candidates.length === 0) skipped.push({ kind, label, reason: whyNot(health.get(backend), backend) });
    }
    return { candidates, skipped };
  }

  /** The engine that has the model; where none is known to have it, the one that says best what there is instead. */
  async function holderOf(model: string, choice: Settings['backend']): Promise<Backend> {
    const chosen = choice === 'auto' ? null : registry.get(choice);
    if (chosen?.backend.kind === 'llamacpp') return registry.withFile(model);
    if (chosen) return chosen.backend;
    const ollama = registry.at({ scheme: 'ollama', model: null, host: null });
    if (isModelPath(model)) return registry.withFile(model);
    const real = registry.list().filter(({ backend, isOn }) => isOn && isReal(backend));
    await Promise.all(real.filter(({ origin }) => origin === 'builtin').map(({ backend }) => health.known(backend)));
    const holder = real.find(({ backend }) =>
      // Names of Ollama's may have slashes too, as in `hf.co/someone/model`.
      health.get(backend).models.some(({ name }) => name === model || name === `${model}:latest`),
    );
    if (holder?.backend.kind === 'llamacpp') return registry.withFile(model);
    return holder?.backend ?? ollama;
  }

  function modelOf(backend: Backend, wish: Pick<Wish, 'purpose' | 'choice'>): string | null {
    return backend.modelFor(wishedModel(backend, wish));
  }

  /** The model chosen by name for this backend; null leaves it to the backend. */
  function wishedModel({ id, kind }: Backend, { purpose, choice }: Pick<Wish, 'purpose' | 'choice'>): string | null {
    const chosen = choiceOf(settings.get(), purpose ?? 'chat', choice);
    const isMeant = chosen.backend === null ? kind === 'ollama' : chosen.backend === id;
    // The file of the built-in engine has a setting of its own; a model of before may still stand beside it.
    return isMeant && kind !== 'demo' && (kind !== 'llamacpp' || chosen.isOwn) ? chosen.model : null;
  }

  async function chooseOne(wish: Wish & { backend: string }): Promise<Choice> {
    const wished = wish.model ?? null;
    const listed = wish.backend.includes('://') ? null : registry.find(wish.backend);
    if (listed) return { candidates: [await withModel(listed.backend, wished)], skipped: [], model: wished };
    const url = parseBackendUrl(wish.backend);
    if (url.scheme === 'local') return choose({ ...wish, backend: undefined, choice: undefined, isAuto: true });
    const named = 'model' in url && url.scheme !== 'llamacpp' ? url.model : null;
    return { candidates: [registry.at(url)], skipped: [], model: url.scheme === 'demo' ? null : (named ?? wished) };
  }

  async function withModel(backend: Backend, model: string | null): Promise<Backend> {
    return backend.kind === 'llamacpp' && model !== null ? registry.withFile(model) : backend;
  }

  async function choose(wish: Wish & { isAuto?: true }): Promise<Choice> {
    const { backend, model = null } = wish;
    if (backend !== undefined) return chooseOne({ ...wish, backend });
    const used = settings.get();
    const purpose = wish.purpose ?? 'chat';
    const chosen = wish.isAuto
      ? { backend: null, model: used.backend === 'auto' ? used.model : null, isOwn: false }
      : choiceOf(used, purpose, wish.choice);
    if (model !== null) return { candidates: [await holderOf(model, chosen.backend ?? 'auto')], skipped: [], model };
    const list = registry.list();
    const isGone = chosen.backend !== null && !list.some((one) => one.backend.id === chosen.backend);
    const first = isGone ? null : chosen.backend;
    const ifFails = ifFailsOf(used, purpose);
    const chain = chainOf(list, { first, ifFails, isBackground: isBackground(purpose) });
    const { candidates, skipped } = await candidatesOf(chain);
    if (isGone) {
      const label = chosen.backend ?? '';
      skipped.unshift({ kind: 'openai', label, reason: errorInfo('backend_removed', { backend: label }) });
    }
    const asked = ifFails === 'stop' || isBackground(purpose) ? candidates.slice(0, 1) : candidates;
    const [head] = asked;
    if (!head) return { candidates: asked, skipped, model: null };
    const wished = wish.isAuto ? (head.kind === 'ollama' ? chosen.model : null) : wishedModel(head, wish);
    const [, ...rest] = asked;
    return { candidates: [await withModel(head, wished), ...rest], skipped, model: wished };
  }

  return { choose, modelOf };
}

/** What the chat, else the purpose, else the settings say. `isOwn`: not the general setting. */
function choiceOf(
  settings: Settings,
  purpose: Purpose,
  choice: ChatChoice | undefined,
): { backend: BackendId | null; model: string | null; isOwn: boolean } {
  const general = { backend: settings.backend, model: settings.model };
  const own = purpose === 'chat' ? choice : settings.purposes[purpose];
  if (!own || (own.backend === null && own.model === null)) return { ...idOf(general), isOwn: false };
  // A model without a backend is one of the backend that would be asked anyway.
  return { ...idOf({ backend: own.backend ?? general.backend, model: own.model }), isOwn: true };
}

function idOf({ backend, model }: { backend: string; model: string | null }): {
  backend: BackendId | null;
  model: string | null;
} {
  return { backend: backend === 'auto' ? null : backend, model };
}

function isBackground(purpose: Purpose): boolean {
  return purpose === 'titles' || purpose === 'facts' || purpose === 'emotion';
}

function ifFailsOf(settings: Settings, purpose: Purpose): IfFails {
  if (purpose === 'chat') return settings.ifFails;
  return purpose === 'quickAsk' || purpose === 'gateway' ? settings.purposes[purpose].ifFails : 'stop';
}
