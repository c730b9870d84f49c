// The models one could get: what they are good at, what they cost, and whether they fit.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../../../contract/models.ts';
import { bytesText, modelTitle } from '../../lib/index.ts';
import { Popover, Segmented } from '../../ui/index.ts';
import { AboutModel } from './about-model.tsx';
import type { RowState } from './catalogue-row.tsx';
import { CatalogueRowView } from './catalogue-row.tsx';
import { CatalogueSource } from './catalogue-source.tsx';
import type { CatalogueRow } from './find.ts';
import { FitNumbers } from './fit.tsx';

export type Segment = 'fitting' | 'all';

export interface CatalogueSectionProps {
  catalogue: Catalogue;
  /** Those that are shown. */
  rows: CatalogueRow[];
  /** How many more would be shown if they fitted. */
  hiddenCount: number;
  segment: Segment;
  onSegment: (segment: Segment) => void;
  /** What is known of a variant beyond the catalogue. */
  stateOf: (model: string) => RowState;
  onGet: (model: string) => void;
  sourceUrl: string | null;
}

interface Opened {
  what: 'fit' | 'about';
  row: CatalogueRow;
  anchor: HTMLElement;
}

export function CatalogueSection(props: CatalogueSectionProps) {
  const { catalogue, rows, hiddenCount, segment, onSegment, stateOf, onGet, sourceUrl } = props;
  const { t } = useTranslation('models');
  const [opened, setOpened] = useState<Opened | null>(null);
  const freeBytes = rows[0]?.fit.freeBytes ?? catalogue.hardware.freeMemoryBytes;
  return (
    <section aria-labelledby="models-catalogue">
      <div className="sec is-tall">
        <h2 id="models-catalogue">{t('catalogue.heading')}</h2>
        <Segmented
          label={t('catalogue.segment')}
          value={segment}
          options={[
            { value: 'fitting', label: t('catalogue.fitting') },
            { value: 'all', label: t('catalogue.all') },
          ]}
          onChange={onSegment}
        />
        <span className="aside num">{t('catalogue.measured', { size: bytesText(freeBytes) })}</span>
      </div>
      {rows.length === 0 ? (
        <p className="nothing">
          {t(hiddenCount > 0 ? 'catalogue.noneFits' : 'catalogue.noMatch', { count: hiddenCount })}
        </p>
      ) : (
        <div className="grid-table catalogue" role="table" aria-labelledby="models-catalogue">
          <div role="rowgroup">
            <div className="grid-row head" role="row">
              <span role="columnheader">{t('catalogue.name')}</span>
              <span role="columnheader">{t('catalogue.download')}</span>
              <span role="columnheader" className="w-mid">
                {t('catalogue.memory')}
              </span>
              <span role="columnheader">{t('catalogue.fit')}</span>
              <span role="columnheader">
                <span className="sr">{t('catalogue.get')}</span>
              </span>
            </div>
          </div>
          <div className="grid-rows" role="rowgroup">
            {rows.map((row) => (
              <CatalogueRowView
                key={row.model}
                row={row}
                state={stateOf(row.model)}
                isSuggested={row.model === catalogue.suggested}
                onGet={onGet}
                onOpen={(what, anchor) => setOpened({ what, row, anchor })}
              />
            ))}
          </div>
        </div>
      )}
      <CatalogueSource catalogue={catalogue} url={sourceUrl} />
      {opened ? (
        <Popover
          key={`${opened.what} ${opened.row.model}`}
          anchor={opened.anchor}
          label={t(`catalogue.${opened.what}Of`, { model: modelTitle(opened.row.model) })}
          align={opened.what === 'about' ? 'start' : 'end'}
          onClose={() => setOpened(null)}
        >
          {opened.what === 'fit' ? <FitNumbers fit={opened.row.fit} /> : <AboutModel row={opened.row} />}
        </Popover>
      ) : null}
    </section>
  );
}
