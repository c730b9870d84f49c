// The list of backends as a person changes it: added, edited, removed with a chance to take it back, switched, ordered.
//
// One change at a time: each reads what the one before has written, so that none is lost.
import type { AddBackendInput, BackendStatus, EditBackendInput } from '../../../contract/backends.ts';
import { isThisComputer } from '../../../contract/hosts.ts';
import type { BackendId } from '../../../contract/ids.ts';
import type { AddedBackend, SettingsPatch } from '../../../contract/settings.ts';
import { UNDO_MS } from '../../../contract/limits.ts';
import type { Log } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import type { SecretStore, SettingsStore } from '../../settings/index.ts';
import { text as words } from '../../words/index.ts';
import type { Access, BackendList } from '../interface.ts';
import { isLocal, printBackendUrl } from '../url/url.ts';
import { accessAfter, type AccessChange, createAccessBook, NO_ACCESS } from './access.ts';
import { hostname, isSecure, readServerUrl, type ServerUrl } from './address.ts';
import { createLooks } from './looks.ts';
import { freeName, nameOf, newId } from './names.ts';
import { moved } from './order.ts';
import { probe } from '../probe/probe.ts';
import { type Taken, take, withItAgain, withoutIt } from './references.ts';

export interface BackendListOptions {
  settings: SettingsStore;
  secrets: SecretStore;
  /** In the order in which they are shown, also those that are off. */
  listed: () => readonly Pick<BackendStatus, 'id' | 'kind' | 'label' | 'host' | 'origin'>[];
  /** Told when a key or a header changed, which the settings do not show. */
  onAccessChange: () => void;
  log: Log;
  /** Whether a new address is looked at, so that what is found there is what is kept. Default: what was typed is. */
  isLookedAt?: boolean;
  /** How long a removed one can be brought back. Default ten seconds. */
  undoMs?: number;
}

/** The list with what the services need of it. */
export interface BackendListLife extends BackendList {
  /** The key and headers of a backend; none for one that is not in the list. Rejects with `secret_unreadable`. */
  accessOf(id: BackendId): Promise<Access>;
  /** Forgets the keys of removed backends that a crash has left. Call it only while no other Hearth uses the data folder. */
  start(): void;
  /** Removals that wait are carried out. Idempotent; rejects never. */
  stop(): Promise<void>;
}

const SPENT_MAX = 1_000;

export function createBackendList(options: BackendListOptions): BackendListLife {
  const { settings, listed, onAccessChange, log, undoMs = UNDO_MS, isLookedAt = false } = options;
  const looks = createLooks((input, signal) => probe(input, { signal, connectMs: settings.get().timeouts.connectMs }));
  const book = createAccessBook(options.secrets);
  const removed = new Map<BackendId, { taken: Taken; timer: NodeJS.Timeout }>();
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(change: () => Promise<T>): Promise<T> {
    const mine = last.then(change);
    last = mine.catch(() => {});
    return mine;
  }

  const added = () => settings.get().backends.added;

  /** @throws HearthError for one that is not the user's to change, or not there */
  function entryOf(id: BackendId): AddedBackend {
    const entry = added().find((one) => one.id === id);
    if (entry) return entry;
    const { origin, label: name } = statusOf(id);
    const why = origin === 'environment' ? 'fromEnvironment' : 'builtin';
    throw new HearthError('bad_request', { what: words(`backends:list.${why}`, { name }) });
  }

  function statusOf(id: BackendId) {
    const status = listed().find((one) => one.id === id);
    if (!status) throw new HearthError('backend_removed');
    return status;
  }

  function requireNew(url: ServerUrl, except: BackendId | null): void {
    const text = printBackendUrl(url);
    const same = added().find((one) => one.id !== except && one.url === text);
    const builtin = listed().find(
      (one) => one.origin === 'builtin' && one.kind === 'ollama' && isSameOllama(one.host, url),
    );
    // One that comes from the environment makes way for an entry of the user's own.
    if (same ?? builtin) throw new HearthError('backend_exists', { name: same?.name ?? builtin?.label ?? '' });
  }

  /** The path, port and kind that answer there; what was typed where nobody does. */
  async function addressFound(typed: string, { key, headers }: Access): Promise<string> {
    const access = { ...(key === null ? {} : { key }), ...(Object.keys(headers).length === 0 ? {} : { headers }) };
    return (await looks.found({ url: typed, ...access })).url;
  }

  async function addFound(input: AddBackendInput): Promise<void> {
    await inTurn(async () => requireNew(readServerUrl(input.url), null));
    // Nobody waits in line for a server that does not answer.
    const url = await addressFound(input.url, accessAfter(NO_ACCESS, input));
    await inTurn(() => add({ ...input, url }));
  }

  async function editFound(input: EditBackendInput & { url: string }): Promise<void> {
    const { id, url: typed, ...change } = input;
    const access = await inTurn(async () => {
      const before = entryOf(id);
      const url = readServerUrl(typed);
      requireNew(url, id);
      requireConsent(before, url, change);
      // What can't be read is told where it is needed: for an edit it may not be.
      return accessAfter(await book.read(before).catch(() => NO_ACCESS), change);
    });
    const url = await addressFound(typed, access);
    await inTurn(() => edit({ ...input, url }));
  }

  async function add(input: AddBackendInput): Promise<void> {
    const url = readServerUrl(input.url);
    requireNew(url, null);
    const name =
      input.name ??
      freeName(
        nameOf(url),
        listed().map(({ label }) => label),
      );
    const { spentIds } = settings.get().backends;
    const id = newId(name, [
      ...listed().map((one) => one.id),
      ...added().map((one) => one.id),
      ...spentIds,
      // A crash may have left a key without its entry: nobody else may get it.
      ...book.ids(),
    ]);
    const entry = { id, name, url: printBackendUrl(url), standsIn: input.standsIn ?? isLocal(url) };
    await write({ ...entry, hasKey: false, headerNames: [] }, { key: input.key, headers: input.headers });
  }

  async function edit({ id, url: typed, name, standsIn, key, headers }: EditBackendInput): Promise<void> {
    const before = entryOf(id);
    const url = typed === undefined ? null : readServerUrl(typed);
    if (url !== null) {
      requireNew(url, id);
      requireConsent(before, url, { key, headers });
    }
    const entry = {
      ...before,
      ...(url === null ? {} : { url: printBackendUrl(url) }),
      ...(name === undefined ? {} : { name }),
      ...(standsIn === undefined ? {} : { standsIn }),
    };
    await write(entry, { key, headers });
  }

  /** The key first: an entry must never be asked without the key that belongs to it. */
  async function write(entry: AddedBackend, change: AccessChange): Promise<void> {
    const isChanged = change.key !== undefined || Object.keys(change.headers ?? {}).length > 0;
    const changed = isChanged ? await book.change(entry, change) : null;
    const { hasKey, headerNames } = entry;
    const known = changed
      ? { hasKey: changed.access.key !== null, headerNames: Object.keys(changed.access.headers) }
      : { hasKey, headerNames };
    const next = { ...entry, ...known };
    const rest = added();
    const isThere = rest.some(({ id }) => id === entry.id);
    const saved = save({
      backends: { added: isThere ? rest.map((one) => (one.id === entry.id ? next : one)) : [...rest, next] },
    });
    // Both are tried, whatever becomes of the other.
    await Promise.allSettled([saved, changed?.written]);
    const isIn = added().some(({ id }) => id === entry.id);
    // The list is full: what belongs to no entry is not kept.
    if (!isIn) await book.forget(entry.id).catch(() => {});
    if (changed) onAccessChange();
    await saved;
    await changed?.written;
  }

  async function save(patch: SettingsPatch): Promise<void> {
    await settings.set(patch);
  }

  async function remove(id: BackendId): Promise<void> {
    const taken = take(settings.get(), entryOf(id));
    const timer = setTimeout(() => void inTurn(() => forget(id)), undoMs);
    removed.set(id, { taken, timer });
    await save(withoutIt(settings.get(), taken, SPENT_MAX));
  }

  async function undoRemove(id: BackendId): Promise<void> {
    if (added().some((one) => one.id === id)) return;
    const removal = removed.get(id);
    if (!removal) {
      throw new HearthError('bad_request', { what: words('backends:list.tooLate', { seconds: undoMs / 1_000 }) });
    }
    clearTimeout(removal.timer);
    removed.delete(id);
    await save(withItAgain(settings.get(), removal.taken));
  }

  async function forget(id: BackendId): Promise<void> {
    const removal = removed.get(id);
    clearTimeout(removal?.timer);
    removed.delete(id);
    if (added().some((one) => one.id === id)) return;
    await book.forget(id).catch((error: unknown) => log.warn('A key could not be deleted', { id, error }));
  }

  async function setOn(id: BackendId, isOn: boolean): Promise<void> {
    statusOf(id);
    if (id === 'demo') return save({ ifNothingAnswers: isOn ? 'demo' : 'say' });
    return save({ backends: { switches: { ...settings.get().backends.switches, [id]: isOn } } });
  }

  async function move(id: BackendId, index: number): Promise<void> {
    statusOf(id);
    // It is the last, wherever it is put.
    if (id === 'demo') return;
    const ids = listed().map((one) => one.id);
    await save({ backends: { order: moved(ids, settings.get().backends.order, { id, index }) } });
  }

  return {
    probe: (input, signal) => looks.look(input, signal),
    add: (input) => (isLookedAt ? addFound(input) : inTurn(() => add(input))),
    edit(input) {
      const { url } = input;
      return isLookedAt && url !== undefined ? editFound({ ...input, url }) : inTurn(() => edit(input));
    },
    remove: (id) => inTurn(() => remove(id)),
    undoRemove: (id) => inTurn(() => undoRemove(id)),
    setOn: (id, isOn) => inTurn(() => setOn(id, isOn)),
    move: (id, index) => inTurn(() => move(id, index)),
    resetOrder: () => inTurn(() => save({ backends: { order: [] } })),
    accessOf(id) {
      const entry = added().find((one) => one.id === id);
      return entry && (entry.hasKey || entry.headerNames.length > 0) ? book.read(entry) : Promise.resolve(NO_ACCESS);
    },
    start() {
      const { spentIds } = settings.get().backends;
      // Only of what was removed: settings that were lost are no reason to lose the keys as well.
      for (const id of book.ids()) if (spentIds.includes(id) && !removed.has(id)) void inTurn(() => forget(id));
    },
    async stop() {
      for (const id of removed.keys()) void inTurn(() => forget(id));
      await last;
    },
  };
}

/** An Ollama without a model of its own is the built-in one when it is at its place. */
function isSameOllama(builtin: string | null, url: ServerUrl): boolean {
  if (builtin === null || url.scheme !== 'ollama' || url.model !== null) return false;
  const isSamePort = /:\d+$/.exec(builtin)?.[0] === /:\d+$/.exec(url.host)?.[0];
  return builtin === url.host || (isSamePort && isThisComputer(builtin) && isThisComputer(url.host));
}

/** A key goes to the host that it was entered for; for another one the user says so by entering it again. */
function requireConsent(before: AddedBackend, url: ServerUrl, { key, headers = {} }: AccessChange): void {
  const was = serverOf(before.url);
  if (was !== null && hostname(was) === hostname(url) && (isSecure(url) || !isSecure(was))) return;
  const named = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const isAllNamed = before.headerNames.every((name) => named.has(name.toLowerCase()));
  if (isAllNamed && (key !== undefined || !before.hasKey)) return;
  throw new HearthError('bad_request', {
    what: words('backends:list.otherHost', { host: was === null ? before.name : hostname(was) }),
  });
}

/** Null for an address that was written into the settings by hand and names no server. */
function serverOf(text: string): ServerUrl | null {
  try {
    return readServerUrl(text);
  } catch {
    return null;
  }
}
