// The menu of the model chip: for this chat, every backend that is on with its models, what is missing or on its way, and more.
import { ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { ChatChoice } from '../../../contract/conversations.ts';
import { ariaKeyShortcut, cannotRunHere, matchesShortcut, shortcutKeys } from '../../lib/index.ts';
import { Icon } from '../../ui/index.ts';
import type { Next, Rules } from './choice.ts';
import { ChosenBackend, DemoItem, OtherBackend } from './model-menu-backends.tsx';
import { Arriving, ChoiceItems, Missing, Ways } from './model-menu-items.tsx';

const SHORTCUT = 'Mod+M';

export interface ModelMenuProps {
  status: BackendsStatus;
  /** Where the chat's next question goes. */
  next: Next;
  choice: ChatChoice | null;
  rules: Rules;
  /** Nothing can answer: then no backend is shown as the chosen one. */
  isNobody: boolean;
  /** Names the chip. */
  name: string;
  onChoose: (choice: ChatChoice | null) => void;
  onKeep: (choice: ChatChoice) => void;
  /** Fetches a model that was chosen once and is not here. */
  onFetch: (model: string) => void;
  children: ReactNode;
}

/** A menu of its own, because it shows which one is chosen and opens by shortcut. Not modal; see ui. */
export function ModelMenu(props: ModelMenuProps) {
  const { status, next, choice, rules, isNobody, name, onChoose, onKeep, onFetch, children } = props;
  const { t } = useTranslation('chat');
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
  // What this computer can't run is named in the settings, not every time that one chooses.
  const others = status.backends.filter(
    (one) => one.id !== next.id && one.kind !== 'demo' && one.state !== 'off' && !cannotRunHere(one),
  );
  // Also where it stands in for nobody: by name it always answers.
  const demo = status.backends.find(({ kind }) => kind === 'demo');
  return (
    <DropdownMenu.Root modal={false} open={isOpen} onOpenChange={setOpen}>
      <DropdownMenu.Trigger asChild>
        <button
          type="button"
          className="chip"
          aria-label={name}
          aria-keyshortcuts={ariaKeyShortcut(SHORTCUT)}
          data-tip={t('model.menu')}
          data-tip-keys={shortcutKeys(SHORTCUT).join(' ')}
        >
          {children}
          <Icon icon={ChevronDown} size={12} />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu float model-menu"
          aria-label={t('model.menu')}
          align="start"
          side="top"
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={focusComposer}
        >
          {next.kind === 'demo' || isNobody ? null : <ChosenBackend next={next} onChoose={onChoose} />}
          {next.kind === 'ollama' ? <Missing next={next} onFetch={onFetch} /> : null}
          <Arriving />
          {others.length > 0 || demo ? (
            <>
              <DropdownMenu.Separator className="rule" />
              {others.map((backend) => (
                <OtherBackend key={backend.id} backend={backend} onChoose={onChoose} />
              ))}
              {demo ? <DemoItem demo={demo} isChosen={next.kind === 'demo'} onChoose={onChoose} /> : null}
            </>
          ) : null}
          <ChoiceItems {...{ status, next, choice, rules, onChoose, onKeep }} />
          <Ways status={status} next={next} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** After choosing, one goes on writing; unless another page was chosen. */
function focusComposer(event: Event) {
  const field = document.querySelector<HTMLElement>('.composer textarea');
  if (!field) return;
  event.preventDefault();
  field.focus();
}
