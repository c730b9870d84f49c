// Which model the next question goes to, and a menu of the others that are installed.
import { Check, ChevronDown, Cpu, FlaskConical, Server } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackendsStatus, ModelInfo } from '../../../contract/backends.ts';
import { ariaKeyShortcut, hostName, isThisComputer, matchesShortcut, shortcutKeys } from '../../lib/index.ts';
import { Icon } from '../../ui/index.ts';
import { chosenBackend, modelName } from './origin.ts';

const SHORTCUT = 'Mod+M';

export interface ModelChipProps {
  /** Null until main has told. */
  status: BackendsStatus | null;
  onChoose: (model: string) => void;
}

export function ModelChip({ status, onChoose }: ModelChipProps) {
  const { t } = useTranslation('chat');
  if (!status) return <span className="chip muted">{t('model.looking')}</span>;
  const { chosen } = status;
  const backend = chosenBackend(status);
  const host = backend?.host ?? null;
  const place = host === null || isThisComputer(host) ? chosen.label : hostName(host);
  const model = chosen.model === null ? t('model.none') : modelName(chosen.model);
  const icon = chosen.kind === 'demo' ? FlaskConical : isThisComputer(host) ? Cpu : Server;
  const words = (
    <>
      <Icon icon={icon} size={14} />
      <span className="clip">{chosen.kind === 'demo' ? place : model}</span>
      <span className="chip-place clip">{chosen.kind === 'demo' ? model : place}</span>
    </>
  );
  // The setting names a model of Ollama; the built-in engine's file is chosen in the settings.
  const models = chosen.kind === 'ollama' ? (backend?.models ?? []) : [];
  if (models.length === 0) {
    return (
      <span className="chip" role="img" aria-label={t('model.fixed', { model, label: chosen.label })}>
        {words}
      </span>
    );
  }
  const name = t('model.change', { model, label: chosen.label });
  return (
    <ModelMenu
      name={name}
      title={t('model.menu', { label: place })}
      models={models}
      current={chosen.model}
      onChoose={onChoose}
    >
      {words}
    </ModelMenu>
  );
}

interface ModelMenuProps {
  name: string;
  title: string;
  models: ModelInfo[];
  current: string | null;
  onChoose: (model: string) => void;
  children: React.ReactNode;
}

/** A menu of its own, because it shows which one is chosen and opens by shortcut. Not modal; see ui. */
function ModelMenu({ name, title, models, current, onChoose, children }: ModelMenuProps) {
  const [isOpen, setOpen] = useState(false);
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
          <DropdownMenu.RadioGroup value={current ?? ''} onValueChange={onChoose}>
            {models.map((model) => (
              <DropdownMenu.RadioItem key={model.name} className="mi" value={model.name} textValue={model.name}>
                <span className="mi-check">
                  <DropdownMenu.ItemIndicator>
                    <Icon icon={Check} size={14} />
                  </DropdownMenu.ItemIndicator>
                </span>
                <span className="clip">{modelName(model.name)}</span>
                <span className="end num">{modelSize(model)}</span>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** After choosing, one goes on writing. */
function focusComposer(event: Event) {
  const field = document.querySelector<HTMLElement>('.composer textarea');
  if (!field) return;
  event.preventDefault();
  field.focus();
}

function modelSize({ sizeBytes }: ModelInfo): string {
  if (sizeBytes === null) return '';
  return sizeBytes < 1e9 ? `${Math.max(1, Math.round(sizeBytes / 1e6))} MB` : `${(sizeBytes / 1e9).toFixed(1)} GB`;
}
