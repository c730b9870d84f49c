// The cards of the three engines: what was found, what it costs, and why one can't be chosen.
import { Check } from 'lucide-react';
import type { TFunction } from 'i18next';
import { bytesText } from '../../lib/index.ts';
import type { OptionCard } from '../../ui/index.ts';
import { Badge } from '../../ui/index.ts';
import type { EngineChoice, FoundState, Known } from './engines.ts';
import { foundState, ollamaOf } from './engines.ts';

export function cardsFor(known: Known, t: TFunction<'onboarding'>): OptionCard<EngineChoice>[] {
  const { install } = known;
  const found = foundState(known);
  const isHere = install?.installedVersion !== null && install?.installedVersion !== undefined;
  return [
    {
      value: 'found',
      title: t('engine.found.title'),
      help: foundHelp(known, found, t),
      isDisabled: found === 'missing' || found === 'looking',
      ...(found === 'found' && {
        mark: (
          <Badge size="sm" tone="ok" icon={Check}>
            {t('engine.found.badge')}
          </Badge>
        ),
        aside: t('engine.noDownload'),
      }),
    },
    isHere
      ? {
          value: 'own',
          title: t('engine.own.installedTitle'),
          help: t('engine.own.installedHelp', { version: install?.installedVersion }),
          aside: t('engine.noDownload'),
        }
      : {
          value: 'own',
          title: t('engine.own.title'),
          help: install?.offer ? t('engine.own.help', { host: install.offer.host }) : t('engine.own.unsupported'),
          isDisabled: !install?.offer,
          ...(install?.offer && { aside: t('engine.own.size', { size: bytesText(install.offer.sizeBytes) }) }),
        },
    {
      value: 'builtIn',
      title: t('engine.builtIn.title'),
      help: t('engine.builtIn.help'),
      aside: t('engine.builtIn.included'),
    },
  ];
}

function foundHelp(known: Known, found: FoundState, t: TFunction<'onboarding'>): string {
  const ollama = ollamaOf(known.backends);
  if (found === 'looking') return t('engine.found.looking');
  if (found === 'unsought') return t('engine.found.unsought');
  if (found === 'missing') return ollama?.problem?.message ?? t('engine.found.missing');
  if (ollama?.state === 'asleep') return t('engine.found.asleep');
  const count = ollama?.models.length ?? 0;
  const models = count === 0 ? t('engine.found.noModels') : t('engine.found.models', { count });
  return t(ollama?.isOwned ? 'engine.found.started' : 'engine.found.running', { version: ollama?.version, models });
}
