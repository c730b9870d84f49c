// Who answered, sorted for a filter: backends, servers and models, each with how many chats have an answer from there.
import type { TFunction } from 'i18next';
import type { KnownSource, SourceFilter } from '../../../contract/conversations.ts';
import { hostName, isThisComputer, modelTitle } from '../../lib/index.ts';

export interface SourceOption {
  /** Tells options apart, also over time. */
  key: string;
  filter: SourceFilter;
  /** In how many chats. */
  count: number;
  /** Whether it is exactly so many: a chat with answers of two models counts twice in the sum of both. */
  isExact: boolean;
}

export interface SourceOptions {
  backends: SourceOption[];
  hosts: SourceOption[];
  models: SourceOption[];
}

/** @param sources in main's order, those used most first */
export function sourceOptions(sources: readonly KnownSource[]): SourceOptions {
  return {
    backends: grouped(sources, ({ kind, label }) => ({ kind, label })),
    // Engines inside Hearth have no server, and one server says no more than its backend.
    hosts: grouped(
      sources.filter(({ host }) => host !== null),
      ({ host }) => ({ host }),
    ),
    models: grouped(
      sources.filter(({ model }) => model !== null),
      ({ model }) => ({ model }),
    ),
  };
}

export function filterKey(filter: SourceFilter): string {
  return JSON.stringify([filter.kind, filter.label, filter.host, filter.model]);
}

/** What a filter lets through, for people. */
export function filterWords({ label, host, model }: SourceFilter, t: TFunction<'app'>): string {
  const where = host === undefined ? null : host === null ? t('history.filter.here') : hostWords(host);
  const which = model === undefined ? null : model === null ? t('history.filter.noModel') : modelTitle(model);
  return [which, label, where].filter(Boolean).join(' · ');
}

function hostWords(host: string): string {
  // Two servers on this computer differ by their port alone.
  return isThisComputer(host) ? host : hostName(host);
}

function grouped(sources: readonly KnownSource[], filterOf: (source: KnownSource) => SourceFilter): SourceOption[] {
  const options = new Map<string, SourceOption>();
  for (const source of sources) {
    const filter = filterOf(source);
    const key = filterKey(filter);
    const known = options.get(key);
    options.set(key, {
      key,
      filter,
      count: source.conversations + (known?.count ?? 0),
      isExact: known === undefined,
    });
  }
  return [...options.values()].toSorted((a, b) => b.count - a.count);
}
