// Backends in the menu of models: the chosen one with its models open, every other one behind a line of its own.
import { Check, ChevronRight, CircleAlert } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import type { BackendStatus, ModelInfo } from '../../../contract/backends.ts';
import type { ChatChoice } from '../../../contract/conversations.ts';
import type { BackendId } from '../../../contract/ids.ts';
import { bytesText, hostName, isSameModel, modelTitle } from '../../lib/index.ts';
import { Badge, ChoiceItem, Dot, Icon } from '../../ui/index.ts';
import { awayPlace, healthOf } from './backend-words.ts';
import type { Next } from './choice.ts';

type Choose = (choice: ChatChoice) => void;

/** Stands for a model that the backend chooses by itself. */
const ANY = '';

export function ChosenBackend({ next, onChoose }: { next: Next; onChoose: Choose }) {
  const { t } = useTranslation('chat');
  const { backend } = next;
  if (!backend) return <DropdownMenu.Label className="menu-reason">{t('model.removedWhy')}</DropdownMenu.Label>;
  const health = healthOf(backend, t);
  const { models } = backend;
  const current = next.model === null ? ANY : models.find(({ name }) => isSameModel(name, next.model))?.name;
  return (
    <DropdownMenu.Group aria-label={spoken(backend.label, health.word)} aria-description={health.problem ?? undefined}>
      <DropdownMenu.Label className="head menu-backend">
        <BackendLine backend={backend} />
      </DropdownMenu.Label>
      {health.problem === null ? null : <Reason words={health.problem} />}
      <Models id={backend.id} models={models} current={current} hasAny={next.model === null} onChoose={onChoose} />
    </DropdownMenu.Group>
  );
}

export function OtherBackend({ backend, onChoose }: { backend: BackendStatus; onChoose: Choose }) {
  const { t } = useTranslation('chat');
  const { id, label, models } = backend;
  const { problem } = healthOf(backend, t);
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className="mi menu-backend" textValue={label} aria-description={problem ?? undefined}>
        <BackendLine backend={backend} />
        <Icon icon={ChevronRight} size={14} />
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal>
        <DropdownMenu.SubContent
          className="menu float model-menu"
          aria-label={t('model.of', { label })}
          sideOffset={4}
          collisionPadding={8}
        >
          {problem === null ? null : <Reason words={problem} />}
          <Models id={id} models={models} current={undefined} hasAny={models.length === 0} onChoose={onChoose} />
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
  );
}

export interface DemoItemProps {
  demo: BackendStatus;
  isChosen: boolean;
  onChoose: Choose;
}

export function DemoItem({ demo, isChosen, onChoose }: DemoItemProps) {
  return (
    <DropdownMenu.RadioGroup
      value={isChosen ? demo.id : ''}
      onValueChange={() => onChoose({ backend: demo.id, model: null })}
    >
      <DropdownMenu.RadioItem className="mi menu-backend" value={demo.id} textValue={demo.label}>
        <BackendLine backend={demo} />
        <DropdownMenu.ItemIndicator>
          <Icon icon={Check} size={14} />
        </DropdownMenu.ItemIndicator>
      </DropdownMenu.RadioItem>
    </DropdownMenu.RadioGroup>
  );
}

/** Its dot and name, whose computer it is where it is not this one, and how it is. */
function BackendLine({ backend }: { backend: BackendStatus }) {
  const { t } = useTranslation('chat');
  const { tone, word } = healthOf(backend, t);
  const away = awayPlace(backend, t);
  return (
    <>
      <Dot tone={tone} />
      <span className="clip">{backend.label}</span>
      {away === null ? null : (
        <span data-tip={backend.host === null ? undefined : hostName(backend.host)}>
          <Badge size="sm" tone="away">
            {away}
          </Badge>
        </span>
      )}
      <span className="end">{word}</span>
    </>
  );
}

function Reason({ words }: { words: string }) {
  return (
    <DropdownMenu.Label className="menu-reason">
      <Icon icon={CircleAlert} size={14} />
      <span>{words}</span>
    </DropdownMenu.Label>
  );
}

interface ModelsProps {
  id: BackendId;
  models: readonly ModelInfo[];
  /** `ANY` for the backend's own choice; undefined where none of these is chosen. */
  current: string | undefined;
  /** Whether the backend's own choice is offered. */
  hasAny: boolean;
  onChoose: Choose;
}

/** Many scroll; a few letters lead to one of them. */
function Models({ id, models, current, hasAny, onChoose }: ModelsProps) {
  const { t } = useTranslation('chat');
  const titles = models.map(({ name }) => modelTitle(name));
  // Two names may read alike: then the names themselves tell them apart.
  const wordsOf = (name: string, title: string) => (titles.filter((one) => one === title).length > 1 ? name : title);
  const choose = (model: string) => onChoose({ backend: id, model: model === ANY ? null : model });
  return (
    <DropdownMenu.RadioGroup className="menu-models" value={current ?? NONE} onValueChange={choose}>
      {hasAny ? <ChoiceItem value={ANY} words={t('model.usual')} end="" /> : null}
      {models.map(({ name, sizeBytes }) => (
        <ChoiceItem
          key={name}
          value={name}
          words={wordsOf(name, modelTitle(name))}
          end={sizeBytes === null ? '' : bytesText(sizeBytes)}
        />
      ))}
    </DropdownMenu.RadioGroup>
  );
}

/** No model has this name. */
const NONE = '\n';

function spoken(...parts: string[]): string {
  return parts.join(', ');
}
