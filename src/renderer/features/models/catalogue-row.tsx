// One variant of a model of the catalogue as a row of the table.
import { Check } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { bytesText, modelTitle } from '../../lib/index.ts';
import { Badge, Button, Icon } from '../../ui/index.ts';
import type { CatalogueRow } from './find.ts';
import { FitButton } from './fit.tsx';

/** Not here, on its way (so many percent), waiting or paused, or here. */
export type RowState =
  | { type: 'absent' }
  | { type: 'running'; percent: number }
  | { type: 'listed' }
  | { type: 'installed' };

export interface CatalogueRowProps {
  row: CatalogueRow;
  state: RowState;
  isSuggested: boolean;
  onGet: (model: string) => void;
  onOpen: (what: 'fit' | 'about', anchor: HTMLElement) => void;
}

function Row({ row, state, isSuggested, onGet, onOpen }: CatalogueRowProps) {
  const { t } = useTranslation('models');
  const { model, goodAt, downloadBytes, fit } = row;
  const title = modelTitle(model);
  return (
    <div className="grid-row" role="row">
      <span role="cell" className="name">
        <button
          type="button"
          className="bare name-button"
          aria-haspopup="dialog"
          aria-label={t('catalogue.aboutOf', { model: title })}
          onClick={(event) => onOpen('about', event.currentTarget)}
        >
          <b className="clip">{title}</b>
        </button>
        {isSuggested ? <Badge size="sm">{t('catalogue.suggested')}</Badge> : null}
        <span className="good clip" data-tip={goodAt}>
          {goodAt}
        </span>
      </span>
      <span role="cell">{bytesText(downloadBytes)}</span>
      <span role="cell" className="w-mid">
        {fit.needBytes === null ? t('unknown') : bytesText(fit.needBytes)}
      </span>
      <span role="cell">
        <FitButton fit={fit} title={title} onOpen={(anchor) => onOpen('fit', anchor)} />
      </span>
      <span role="cell" className="act">
        <Get row={row} state={state} title={title} onGet={onGet} onWhy={(anchor) => onOpen('fit', anchor)} />
      </span>
    </div>
  );
}

export const CatalogueRowView = memo(
  Row,
  (before, after) =>
    before.row === after.row &&
    before.isSuggested === after.isSuggested &&
    JSON.stringify(before.state) === JSON.stringify(after.state),
);

interface GetProps {
  row: CatalogueRow;
  state: RowState;
  title: string;
  onGet: (model: string) => void;
  onWhy: (anchor: HTMLElement) => void;
}

function Get({ row, state, title, onGet, onWhy }: GetProps) {
  const { t } = useTranslation('models');
  switch (state.type) {
    case 'installed':
      return (
        <span className="have">
          <Icon icon={Check} size={12} />
          {t('catalogue.installed')}
        </span>
      );
    case 'running':
      return <span className="have live num">{t('catalogue.percent', { percent: state.percent })}</span>;
    case 'listed':
      return <span className="have">{t('catalogue.listed')}</span>;
    case 'absent':
      break;
    default:
      return state satisfies never;
  }
  if (row.fit.label === 'too_big') {
    return (
      <Button
        size="sm"
        variant="ghost"
        aria-haspopup="dialog"
        aria-label={t('catalogue.whyOf', { model: title })}
        onClick={(event) => onWhy(event.currentTarget)}
      >
        {t('catalogue.why')}
      </Button>
    );
  }
  const size = bytesText(row.downloadBytes);
  return (
    <Button size="sm" aria-label={t('catalogue.getOf', { model: title, size })} onClick={() => onGet(row.model)}>
      {t('catalogue.get')}
    </Button>
  );
}
