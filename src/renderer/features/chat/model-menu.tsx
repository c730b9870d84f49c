// The menu of the model chip: models that are installed, the chosen one if it is not here, what is on its way, and more.
import { Box, Check, ChevronDown, Download, Wrench } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackendsStatus, ModelInfo } from '../../../contract/backends.ts';
import {
  ariaKeyShortcut,
  bytesText,
  isThisComputer,
  matchesShortcut,
  modelTitle,
  openOnboarding,
  openSettings,
  shortcutKeys,
} from '../../lib/index.ts';
import { Icon } from '../../ui/index.ts';
import { isSameModel, useDownloadBytes, useModels } from '../models/index.ts';
import { chosenBackend } from './origin.ts';

const SHORTCUT = 'Mod+M';

export interface ModelMenuProps {
  status: BackendsStatus;
  name: string;
  title: string;
  onChoose: (model: string) => void;
  /** Fetches a model that was chosen once and is not here. */
  onFetch: (model: string) => void;
  children: ReactNode;
}

/** A menu of its own, because it shows which one is chosen and opens by shortcut. Not modal; see ui. */
export function ModelMenu({ status, name, title, onChoose, onFetch, children }: ModelMenuProps) {
  const [isOpen, setOpen] = useState(false);
  const { chosen } = status;
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      if (event.defaultPrevented || !matchesShortcut(event, SHORTCUT)) return;
      event.preventDefault();
      setOpen(true);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  return (
    <DropdownMenu.Root modal={false} open={isOpen} onOpenChange={setOpen}>
      <DropdownMenu.Trigger asChild>
        <button
          type="button"
          className="chip"
          aria-label={name}
          aria-keyshortcuts={ariaKeyShortcut(SHORTCUT)}
          data-tip={title}
          data-tip-keys={shortcutKeys(SHORTCUT).join(' ')}
        >
          {children}
          <Icon icon={ChevronDown} size={12} />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu float model-menu"
          aria-label={title}
          align="start"
          side="top"
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={focusComposer}
        >
          <DropdownMenu.Label className="head">{title}</DropdownMenu.Label>
          {/* The setting names a model of Ollama; the built-in engine's file is chosen in the settings. */}
          {chosen.kind === 'ollama' ? <Installed status={status} onChoose={onChoose} /> : null}
          {chosen.kind === 'ollama' ? <Missing status={status} onFetch={onFetch} /> : null}
          <Arriving />
          <Ways status={status} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Installed({ status, onChoose }: Pick<ModelMenuProps, 'status' | 'onChoose'>) {
  const models = chosenBackend(status)?.models ?? [];
  const current = models.find(({ name }) => isSameModel(name, status.chosen.model))?.name ?? '';
  return (
    <DropdownMenu.RadioGroup value={current} onValueChange={onChoose}>
      {models.map((model) => (
        <DropdownMenu.RadioItem key={model.name} className="mi" value={model.name} textValue={model.name}>
          <span className="mi-check">
            <DropdownMenu.ItemIndicator>
              <Icon icon={Check} size={14} />
            </DropdownMenu.ItemIndicator>
          </span>
          <span className="clip">{modelTitle(model.name)}</span>
          <span className="end num">{sizeOf(model)}</span>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

/** The chosen model, where Ollama on this computer does not have it and nothing fetches it yet. */
function Missing({ status, onFetch }: Pick<ModelMenuProps, 'status' | 'onFetch'>) {
  const { t } = useTranslation('chat');
  const { model } = status.chosen;
  const backend = chosenBackend(status);
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
function Arriving() {
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

function Ways({ status }: { status: BackendsStatus }) {
  const { t } = useTranslation('chat');
  const ollama = status.backends.find(({ kind }) => kind === 'ollama');
  const needsEngine = status.chosen.kind === 'demo' && ollama?.state === 'unavailable';
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
    </>
  );
}

/** After choosing, one goes on writing; unless another page was chosen. */
function focusComposer(event: Event) {
  const field = document.querySelector<HTMLElement>('.composer textarea');
  if (!field) return;
  event.preventDefault();
  field.focus();
}

function sizeOf({ sizeBytes }: ModelInfo): string {
  return sizeBytes === null ? '' : bytesText(sizeBytes);
}
