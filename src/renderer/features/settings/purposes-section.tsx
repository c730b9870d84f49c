// Which backend does what: a line for each purpose, with its backend, its model, and what happens when that fails.
import { ArrowUpRight, Bookmark, MessageSquare, Plug, Smile, Type, Zap } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { BackendStatus } from '../../../contract/backends.ts';
import type { IfFails, Purpose, Settings } from '../../../contract/settings.ts';
import { Badge, Icon, Select } from '../../ui/index.ts';
import { DraftField } from './draft-field.tsx';
import type { Chosen, ModelChoice } from './purposes.ts';
import { backendOptions, chosenFor, leavesComputer, modelChoice, patchFor, PURPOSES, withBackend } from './purposes.ts';
import { useSave } from './use-save.ts';

export interface PurposesSectionProps {
  settings: Settings;
  backends: readonly BackendStatus[];
}

const ICONS: Record<Purpose, LucideIcon> = {
  chat: MessageSquare,
  quickAsk: Zap,
  gateway: Plug,
  titles: Type,
  facts: Bookmark,
  emotion: Smile,
};

/** Stands for null in the list of models; no model has an empty name. */
const ANY_MODEL = '';
const MODEL_MAX_CHARS = 300;

export function PurposesSection({ settings, backends }: PurposesSectionProps) {
  const { t } = useTranslation('backendsPage');
  return (
    <section aria-labelledby="purposes">
      <div className="sec">
        <h2 id="purposes">{t('purposes.title')}</h2>
        <span className="aside">{t('purposes.aside')}</span>
      </div>
      <table className="page-table purposes">
        <thead>
          <tr>
            <th scope="col">{t('purposes.purpose')}</th>
            <th scope="col">{t('purposes.backend')}</th>
            <th scope="col">{t('purposes.model')}</th>
            <th scope="col">{t('purposes.ifFails')}</th>
          </tr>
        </thead>
        <tbody>
          {PURPOSES.map((purpose) => (
            <PurposeRow key={purpose} purpose={purpose} settings={settings} backends={backends} />
          ))}
        </tbody>
      </table>
      <p className="help">{t('purposes.background')}</p>
    </section>
  );
}

function PurposeRow({ purpose, settings, backends }: PurposesSectionProps & { purpose: Purpose }) {
  const { t } = useTranslation('backendsPage');
  const { error, save } = useSave();
  const chosen = chosenFor(purpose, settings);
  const chatChoice = settings.backend;
  const keep = (next: Chosen) => save(patchFor(purpose, next, settings));
  const nameOf = (column: string) => t('purposes.of', { purpose: t(`purposes.${purpose}`), column });
  return (
    <tr>
      <th scope="row">
        <span className="purpose">
          <Icon icon={ICONS[purpose]} size={14} />
          <span>
            <b>{t(`purposes.${purpose}`)}</b>
            <span className="about">{t(`purposes.${purpose}About`)}</span>
            {leavesComputer(chosen, backends) ? (
              <Badge size="sm" tone="away" icon={ArrowUpRight}>
                {t('purposes.leaves')}
              </Badge>
            ) : null}
          </span>
        </span>
        {error ? (
          <p className="em mt-0" role="alert">
            {error}
          </p>
        ) : null}
      </th>
      <td>
        <Select
          label={nameOf(t('purposes.backend'))}
          value={chosen.backend}
          options={backendOptions(purpose, backends, chosen.backend, t)}
          onChange={(backend) => keep(withBackend(chosen, backend, chatChoice))}
        />
      </td>
      <td>
        <ModelCell
          label={nameOf(t('purposes.model'))}
          choice={modelChoice(purpose, chosen, { backends, chatChoice })}
          model={chosen.model}
          isAsChat={purpose !== 'chat' && settings.purposes[purpose].backend === null}
          onChange={(model) => keep({ ...chosen, model })}
        />
      </td>
      <td>
        {chosen.ifFails === null ? (
          <span className="no-choice">{t(purpose === 'titles' ? 'purposes.firstWords' : 'purposes.skip')}</span>
        ) : (
          <Select<IfFails>
            label={nameOf(t('purposes.ifFails'))}
            value={chosen.ifFails}
            options={[
              { value: 'next', label: t('purposes.next') },
              { value: 'stop', label: t('purposes.stop') },
            ]}
            onChange={(ifFails) => keep({ ...chosen, ifFails })}
          />
        )}
      </td>
    </tr>
  );
}

interface ModelCellProps {
  label: string;
  choice: ModelChoice;
  model: string | null;
  isAsChat: boolean;
  onChange: (model: string | null) => void;
}

function ModelCell({ label, choice, model, isAsChat, onChange }: ModelCellProps) {
  const { t } = useTranslation('backendsPage');
  const anyModel = t(isAsChat ? 'purposes.asChat' : 'purposes.anyModel');
  if (choice.type === 'none') return <span className="no-choice">{t(`purposes.${choice.word}`)}</span>;
  if (choice.type === 'text') {
    return (
      <DraftField
        label={label}
        value={model ?? ''}
        placeholder={anyModel}
        maxLength={MODEL_MAX_CHARS}
        check={() => null}
        onSave={(text) => onChange(text === '' ? null : text)}
      />
    );
  }
  const options = [
    { value: ANY_MODEL, label: anyModel },
    ...choice.models.map((name) => ({ value: name, label: name })),
  ];
  if (model !== null && !choice.models.includes(model)) {
    options.push({ value: model, label: t('purposes.modelMissing', { model }) });
  }
  return (
    <Select
      label={label}
      value={model ?? ANY_MODEL}
      options={options}
      onChange={(name) => onChange(name === ANY_MODEL ? null : name)}
    />
  );
}
