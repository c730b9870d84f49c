// Which model the next question goes to, or how far it is on its way; opens the menu of models.
import { Cpu, FlaskConical, Server } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import { hostName, isThisComputer, modelTitle } from '../../lib/index.ts';
import { Icon } from '../../ui/index.ts';
import { useDownloadPercent } from '../models/index.ts';
import { ModelMenu } from './model-menu.tsx';
import { chosenBackend } from './origin.ts';

export interface ModelChipProps {
  /** Null until main has told. */
  status: BackendsStatus | null;
  onChoose: (model: string) => void;
  /** Fetches a model that was chosen once and is not here. */
  onFetch: (model: string) => void;
}

export function ModelChip({ status, onChoose, onFetch }: ModelChipProps) {
  const { t } = useTranslation('chat');
  const chosenModel = status?.chosen.kind === 'ollama' ? status.chosen.model : null;
  // Drawn anew at every percent, not at every word of the download.
  const percent = useDownloadPercent(chosenModel);
  if (!status) return <span className="chip muted">{t('model.looking')}</span>;
  const { chosen } = status;
  const backend = chosenBackend(status);
  const host = backend?.host ?? null;
  const place = host === null || isThisComputer(host) ? chosen.label : hostName(host);
  const model = chosen.model === null ? t('model.none') : modelTitle(chosen.model);
  const icon = chosen.kind === 'demo' ? FlaskConical : isThisComputer(host) ? Cpu : Server;
  const rest = chosen.kind === 'demo' ? model : place;
  const second = percent === null ? rest : t('model.arriving', { percent });
  const name = t('model.change', { model, label: chosen.label });
  return (
    <ModelMenu
      status={status}
      name={name}
      title={chosen.kind === 'demo' ? t('model.menuPlain') : t('model.menu', { label: place })}
      onChoose={onChoose}
      onFetch={onFetch}
    >
      <Icon icon={icon} size={14} />
      <span className="clip">{chosen.kind === 'demo' ? place : model}</span>
      <span className="chip-place clip num">{second}</span>
    </ModelMenu>
  );
}
