// What the menu of models offers beside models: fetching one, what is on its way, whose choice counts, and the way to more.
import { Box, Download, Layers, Pin, Undo2, Wrench } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { ChatChoice } from '../../../contract/conversations.ts';
import { bytesText, isSameModel, isThisComputer, modelTitle, openOnboarding, openSettings } from '../../lib/index.ts';
import { Icon } from '../../ui/index.ts';
import { useDownloadBytes, useModels } from '../models/index.ts';
import type { Next, Rules } from './choice.ts';

/** The chosen model, where Ollama on this computer does not have it and nothing fetches it yet. */
export function Missing({ next, onFetch }: { next: Next; onFetch: (model: string) => void }) {
  const { t } = useTranslation('chat');
  const { model, backend } = next;
  const isComing = useModels(({ downloads }) =>
    (downloads?.downloads ?? []).some((one) => one.state !== 'done' && isSameModel(one.model, model)),
  );
  const isHere = (backend?.models ?? []).some(({ name }) => isSameModel(name, model));
  // Of an Ollama that sleeps nobody knows what it has.
  const isMissing = model !== null && backend?.state === 'ready' && !isHere && !isComing;
  const isOffered = isMissing && isThisComputer(backend.host);
  const bytes = useDownloadBytes(isOffered ? model : null);
  if (!isOffered) return null;
  const title = modelTitle(model);
  return (
    <DropdownMenu.Item className="mi" onSelect={() => onFetch(model)}>
      <Icon icon={Download} size={14} />
      <span className="clip">
        {bytes === null
          ? t('model.download', { model: title })
          : t('model.downloadSized', { model: title, size: bytesText(bytes) })}
      </span>
    </DropdownMenu.Item>
  );
}

/** What is on its way, with how far it is; leads to the page where it can be paused. */
export function Arriving() {
  const { t } = useTranslation('chat');
  const downloads = useModels((state) => state.downloads);
  return (downloads?.downloads ?? [])
    .filter(({ state }) => state !== 'done')
    .map(({ id, model, progress }) => (
      <DropdownMenu.Item key={id} className="mi" onSelect={() => openSettings('models')}>
        <Icon icon={Download} size={14} />
        <span className="clip">{modelTitle(model)}</span>
        <span className="end num">{t('model.arriving', { percent: Math.floor(progress * 100) })}</span>
      </DropdownMenu.Item>
    ));
}

export interface ChoiceItemsProps {
  status: BackendsStatus;
  next: Next;
  choice: ChatChoice | null;
  rules: Rules;
  onChoose: (choice: null) => void;
  onKeep: (choice: ChatChoice) => void;
}

/** Only for a chat with a choice of its own: giving it back where that changes anything, or making it everybody's. */
export function ChoiceItems({ status, next, choice, rules, onChoose, onKeep }: ChoiceItemsProps) {
  const { t } = useTranslation('chat');
  if (!next.isOwn) return null;
  const { chosen } = status;
  const isSame = chosen.id === next.id && chosen.model === next.model;
  const isKept = isSame && rules?.backend === next.id;
  if (isKept) return null;
  return (
    <>
      <DropdownMenu.Separator className="rule" />
      {isSame ? null : (
        <DropdownMenu.Item className="mi" onSelect={() => onChoose(null)}>
          <Icon icon={Undo2} size={14} />
          {t('model.useSettings')}
          <span className="end clip">
            {chosen.model === null
              ? chosen.label
              : t('footer.modelOn', { model: modelTitle(chosen.model), label: chosen.label })}
          </span>
        </DropdownMenu.Item>
      )}
      {!next.backend ? null : (
        <DropdownMenu.Item className="mi" onSelect={() => onKeep({ backend: next.id, model: choice?.model ?? null })}>
          <Icon icon={Pin} size={14} />
          {t('model.keep')}
        </DropdownMenu.Item>
      )}
    </>
  );
}

export function Ways({ status, next }: { status: BackendsStatus; next: Next }) {
  const { t } = useTranslation('chat');
  const ollama = status.backends.find(({ kind }) => kind === 'ollama');
  const needsEngine = next.kind === 'demo' && ollama?.state === 'unavailable';
  return (
    <>
      <DropdownMenu.Separator className="rule" />
      {needsEngine ? (
        <DropdownMenu.Item className="mi" onSelect={openOnboarding}>
          <Icon icon={Wrench} size={14} />
          {t('model.setUp')}
        </DropdownMenu.Item>
      ) : null}
      <DropdownMenu.Item className="mi" onSelect={() => openSettings('models')}>
        <Icon icon={Box} size={14} />
        {t('model.more')}
      </DropdownMenu.Item>
      <DropdownMenu.Item className="mi" onSelect={() => openSettings('backends')}>
        <Icon icon={Layers} size={14} />
        {t('model.backends')}
      </DropdownMenu.Item>
    </>
  );
}
