// One installed model as a row of the table.
import { Copy, Ellipsis, Info, MemoryStick, MessageSquarePlus, Pencil, RefreshCw, Trash2 } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { InstalledModel } from '../../../contract/models.ts';
import { bytesText, modelTitle } from '../../lib/index.ts';
import type { MenuEntry } from '../../ui/index.ts';
import { Badge, Dot, IconButton, RowMenu } from '../../ui/index.ts';
import { familyTitle, tokensText } from './names.ts';
import { whenUsed } from './when-used.ts';

export interface ModelActions {
  chat: (model: InstalledModel) => void;
  remove: (model: InstalledModel) => void;
  details: (model: InstalledModel) => void;
  edit: (model: InstalledModel) => void;
  load: (model: InstalledModel) => void;
  unload: (model: InstalledModel) => void;
  copy: (model: InstalledModel) => void;
  update: (model: InstalledModel) => void;
}

export interface InstalledRowProps {
  model: InstalledModel;
  isLoading: boolean;
  nowMs: number;
  actions: ModelActions;
  onRemove: (model: InstalledModel) => void;
}

/** The same for one model, whatever else is told of it. */
export function keyOf({ engine, name }: Pick<InstalledModel, 'engine' | 'name'>): string {
  return `${engine} ${name}`;
}

function Row({ model, isLoading, nowMs, actions, onRemove }: InstalledRowProps) {
  const { t } = useTranslation('models');
  const { name, engine, sizeBytes, family, contextLength, lastUsedAtMs, loaded, capabilities } = model;
  const title = modelTitle(name);
  const canChat = capabilities.length === 0 || capabilities.includes('completion');
  return (
    <div className="grid-row" role="row" data-model={keyOf(model)}>
      <span role="cell" className="name">
        <b className="clip" data-tip={title === name ? undefined : name}>
          {title}
        </b>
        {engine === 'llamacpp' ? <Badge size="sm">{t('installed.builtIn')}</Badge> : null}
        {isLoading ? (
          <span className="mem live">
            <Dot tone="live" />
            {t('installed.loading')}
          </span>
        ) : loaded ? (
          <span className="mem" data-tip={memoryText(loaded, t)}>
            <Dot tone="ok" />
            {t('installed.inMemory')}
          </span>
        ) : null}
      </span>
      <span role="cell">{sizeBytes === null ? t('unknown') : bytesText(sizeBytes)}</span>
      <span role="cell" className="w-wide clip">
        {family === null ? t('unknown') : familyTitle(family)}
      </span>
      <span role="cell" className="w-wide">
        {contextLength === null ? t('unknown') : tokensText(contextLength)}
      </span>
      <span role="cell" className="w-mid clip">
        {whenUsed(lastUsedAtMs, nowMs)}
      </span>
      <span role="cell" className="act">
        {canChat ? (
          <IconButton
            size="sm"
            icon={MessageSquarePlus}
            label={t('installed.chat', { model: title })}
            onClick={() => actions.chat(model)}
          />
        ) : null}
        <IconButton
          size="sm"
          icon={Trash2}
          label={t('installed.delete', { model: title })}
          onClick={() => onRemove(model)}
          data-delete
        />
        <RowMenu
          label={t('installed.more', { model: title })}
          icon={Ellipsis}
          entries={() => entriesFor(model, isLoading, actions, t)}
        />
      </span>
    </div>
  );
}

/** Hundreds of them, told anew at every change of one: each is drawn anew only when it is the one. */
export const InstalledRow = memo(
  Row,
  (before, after) =>
    before.isLoading === after.isLoading &&
    before.nowMs === after.nowMs &&
    before.actions === after.actions &&
    before.onRemove === after.onRemove &&
    JSON.stringify(before.model) === JSON.stringify(after.model),
);

function entriesFor(
  model: InstalledModel,
  isLoading: boolean,
  actions: ModelActions,
  t: TFunction<'models'>,
): MenuEntry[] {
  const details: MenuEntry = { id: 'details', label: t('menu.details'), icon: Info, run: () => actions.details(model) };
  // A file of the built-in engine is read when it is asked, and holds nothing to change.
  if (model.engine === 'llamacpp') return [details];
  return [
    details,
    model.loaded
      ? { id: 'unload', label: t('menu.unload'), icon: MemoryStick, run: () => actions.unload(model) }
      : {
          id: 'load',
          label: t('menu.load'),
          icon: MemoryStick,
          isDisabled: isLoading,
          run: () => actions.load(model),
        },
    { type: 'rule', id: 'rule' },
    { id: 'edit', label: t('menu.edit'), icon: Pencil, run: () => actions.edit(model) },
    { id: 'copy', label: t('menu.copy'), icon: Copy, run: () => actions.copy(model) },
    { id: 'update', label: t('menu.update'), icon: RefreshCw, run: () => actions.update(model) },
  ];
}

function memoryText({ sizeBytes, gpuBytes }: NonNullable<InstalledModel['loaded']>, t: TFunction<'models'>): string {
  if (sizeBytes === null) return t('installed.memoryUnknown');
  const size = bytesText(sizeBytes);
  return gpuBytes !== null && gpuBytes > 0
    ? t('installed.memoryGpu', { size, gpu: bytesText(Math.min(gpuBytes, sizeBytes)) })
    : t('installed.memory', { size });
}
