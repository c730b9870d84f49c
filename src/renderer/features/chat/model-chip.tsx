// Where this chat's next question goes, or how far its model is on its way; opens the menu of models.
import { Cpu, FlaskConical, Server, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { ChatChoice } from '../../../contract/conversations.ts';
import { hostName, isNobodyThere, isThisComputer, modelTitle } from '../../lib/index.ts';
import { Icon } from '../../ui/index.ts';
import { useDownloadPercent } from '../models/index.ts';
import { canAnswer, nextOf } from './choice.ts';
import type { Rules } from './choice.ts';
import { ModelMenu } from './model-menu.tsx';

export interface ModelChipProps {
  /** Null until main has told. */
  status: BackendsStatus | null;
  /** The chat's own; null where the settings decide. */
  choice: ChatChoice | null;
  rules: Rules;
  onChoose: (choice: ChatChoice | null) => void;
  /** Makes the choice the one of the settings as well. */
  onKeep: (choice: ChatChoice) => void;
  /** Fetches a model that was chosen once and is not here. */
  onFetch: (model: string) => void;
}

export function ModelChip({ status, choice, rules, ...rest }: ModelChipProps) {
  const { t } = useTranslation('chat');
  const next = status && nextOf(status, choice);
  // Drawn anew at every percent, not at every word of the download.
  const percent = useDownloadPercent(next?.kind === 'ollama' ? next.model : null);
  if (!status || !next) return <span className="chip muted">{t('model.looking')}</span>;
  const { backend, kind } = next;
  const isNobody = !next.isOwn && isNobodyThere(status, rules?.backend ?? null);
  const label = backend || next.label !== '' ? next.label : t('model.removed');
  const host = backend?.host ?? null;
  const isHere = isThisComputer(host);
  const place = isHere ? label : hostName(host ?? '');
  const model = next.model === null ? t(next.isOwn ? 'model.usual' : 'model.none') : modelTitle(next.model);
  const isOut = isNobody || backend === null || !canAnswer(backend);
  const isPlain = kind === 'demo' || (kind === 'query' && next.model === null);
  const icon = isOut ? TriangleAlert : kind === 'demo' ? FlaskConical : isHere ? Cpu : Server;
  const [first, rest2] = isNobody
    ? [t('model.nobody'), '']
    : isPlain
      ? [label, kind === 'demo' ? t('model.none') : isHere ? '' : place]
      : [model, place];
  const second = percent === null ? rest2 : t('model.arriving', { percent });
  // Its name holds what one sees of it, and who that is where the place alone shows.
  const shown = [...new Set([first, second, label])].filter((part) => part !== '').join(', ');
  return (
    <ModelMenu
      status={status}
      next={next}
      choice={choice}
      rules={rules}
      isNobody={isNobody}
      name={isNobody ? t('model.changeNobody') : t(isOut ? 'model.changeOut' : 'model.change', { shown })}
      {...rest}
    >
      <Icon icon={icon} size={14} />
      <span className="clip">{first}</span>{' '}
      {second === '' ? null : <span className="chip-place clip num">{second}</span>}
    </ModelMenu>
  );
}
