// The page Models of the settings: what is here, what is on its way, what one could get, and files of one's own.
import './models.css';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import type { FileWork, InstalledModel } from '../../../contract/models.ts';
import { getClient } from '../../lib/index.ts';
import { Skeleton, TopBar, useKeptFocus } from '../../ui/index.ts';
import { useEngine } from '../engine/index.ts';
import { StreamFault, useSettings } from '../settings/index.ts';
import { modelActions } from './actions.ts';
import { ArrivingSection } from './arriving-section.tsx';
import { CatalogueSection } from './catalogue-section.tsx';
import type { CatalogueSectionProps, Segment } from './catalogue-section.tsx';
import { CatalogueTrouble, useCatalogue } from './use-catalogue.tsx';
import { DiskBar } from './disk-bar.tsx';
import { DropZone } from './drop-zone.tsx';
import { EngineTrouble } from './engine-trouble.tsx';
import { catalogueRows, matchesInstalled, matchesRow, unlistedName } from './find.ts';
import { arrivingStates, getModel, openDownloads, stateOf } from './get.ts';
import { InstalledSection } from './installed-section.tsx';
import { NoModels } from './no-models.tsx';
import type { Opened } from './opened.tsx';
import { OpenedDialog, pickFile, pickFolder } from './opened.tsx';
import { OfferByName } from './offer-by-name.tsx';
import { PageHead } from './page-head.tsx';
import { isLeaving } from './remove.ts';
import { useModels } from './store.ts';
import { tellFailure, tellSentence } from './tell.ts';

export interface ModelsPageProps {
  /** Leads to a new chat; the model has been chosen by then. */
  onNewChat: () => void;
}

export function ModelsPage({ onNewChat }: ModelsPageProps) {
  const { t } = useTranslation('models');
  // Of downloads only which there are: how far they are is for the parts that show it.
  const models = useModels((state) => state.models);
  const openNames = useModels(useShallow(({ downloads }) => openDownloads(downloads?.downloads ?? []).map(nameOf)));
  const { catalogue, problem: catalogueProblem, retry: retryCatalogue } = useCatalogue();
  const owner = useEngine((state) => state.engine?.owner ?? null);
  const engine = useEngine((state) => state.engine);
  const sourceUrl = useSettings((state) => state.settings?.catalogue.url ?? null);
  const backend = useSettings((state) => state.settings?.backend ?? 'auto');
  const [query, setQuery] = useState('');
  const [segment, setSegment] = useState<Segment>('fitting');
  const [opened, setOpened] = useState<Opened | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const content = useRef<HTMLDivElement>(null);
  useKeptFocus(content);
  // The page that opens takes the focus, so that keys and screen readers start there.
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    // Others may have changed what is there. A failure is part of what main tells of the models.
    getClient()
      .models.refresh()
      .catch(() => undefined);
  }, []);

  const here = models?.installed?.filter((model) => !isLeaving(models, model)) ?? null;
  const shown = here?.filter((model) => matchesInstalled(query, model)) ?? [];
  const rows = useMemo(() => (catalogue ? catalogueRows(catalogue) : []), [catalogue]);
  const found = rows.filter((row) => matchesRow(query, row));
  const shownRows = segment === 'all' ? found : found.filter(({ fit }) => fit.label !== 'too_big');
  const listed = [...(here ?? []).map(({ name }) => name), ...openNames, ...shownRows.map(({ model }) => model)];
  const offer = unlistedName(query, listed);
  // The same as long as it can be: hundreds of rows hold them.
  const actions = useMemo(() => modelActions({ backend, onNewChat, onOpen: setOpened }), [backend, onNewChat]);
  const openFile = (path: string) =>
    setOpened((now) => ({ type: 'import', path, number: now?.type === 'import' ? now.number + 1 : 0 }));
  const chooseFile = () => void pickFile().then((path) => path && openFile(path), tellFailure);
  const chooseFolder = () => void pickFolder().then((to) => to && setOpened({ type: 'move', to }), tellFailure);
  // One that still waits for main when it is closed must not close the next.
  const close = () => setOpened((now) => (now === opened ? null : now));
  const isNothing = query !== '' && shown.length === 0 && shownRows.length === 0;

  return (
    <>
      <TopBar />
      <div ref={content} className="page models" data-region="settings">
        <PageHead headingRef={heading} query={query} onQuery={setQuery} onImport={chooseFile} />
        {models?.disk ? (
          <DiskBar disk={models.disk} onMove={owner === 'other' || isMoving(models.work) ? undefined : chooseFolder} />
        ) : null}
        {models?.problem ? <EngineTrouble problem={models.problem} engine={engine} /> : null}
        <Arriving work={models?.work ?? null} />
        {here === null ? (
          models?.problem ? null : (
            <Looking />
          )
        ) : here.length === 0 ? (
          query === '' && !models?.problem ? (
            <NoModels rows={rows} suggested={catalogue?.suggested ?? null} isArriving={openNames.length > 0} />
          ) : null
        ) : (
          <InstalledSection
            models={shown}
            count={here.length}
            totalBytes={here.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0)}
            loading={models?.loading ?? []}
            actions={actions}
          />
        )}
        {catalogueProblem ? <CatalogueTrouble problem={catalogueProblem} onRetry={retryCatalogue} /> : null}
        {catalogue ? (
          <CatalogueNow
            catalogue={catalogue}
            rows={shownRows}
            hiddenCount={found.length - shownRows.length}
            segment={segment}
            onSegment={setSegment}
            here={here ?? []}
            onGet={(model) => void getModel(model).catch(tellFailure)}
            sourceUrl={sourceUrl}
          />
        ) : catalogueProblem ? null : (
          <Skeleton label={t('catalogue.loading')} />
        )}
        {offer ? (
          <OfferByName name={offer} onGet={() => void getModel(offer).then(() => setQuery(''), tellFailure)} />
        ) : null}
        <span className="sr" role="status">
          {isNothing ? t(offer ? 'find.onlyByName' : 'find.nothing', { query }) : null}
        </span>
      </div>
      <DropZone onDrop={openFile} onRefuse={tellSentence} />
      <OpenedDialog opened={opened} disk={models?.disk ?? null} onClose={close} onOther={chooseFile} />
    </>
  );
}

/** Until main has told what is here, or why it does not tell. */
function Looking() {
  const { t } = useTranslation('models');
  const problem = useModels((state) => state.problem);
  return problem ? <StreamFault problem={problem} /> : <Skeleton label={t('installed.looking')} />;
}

/** Draws itself at every word of a download. */
function Arriving({ work }: { work: FileWork[] | null }) {
  const downloads = useModels((state) => state.downloads);
  return <ArrivingSection downloads={downloads} work={work} />;
}

/** Draws itself when one of its rows has another state, or another percent of it. */
function CatalogueNow({ here, ...rest }: Omit<CatalogueSectionProps, 'stateOf'> & { here: InstalledModel[] }) {
  const arriving = useModels(useShallow(({ downloads }) => arrivingStates(downloads?.downloads ?? [])));
  return <CatalogueSection {...rest} stateOf={(model) => stateOf(model, here, arriving)} />;
}

const nameOf = ({ model }: { model: string }) => model;

const isMoving = (work: { kind: string; problem: unknown }[]) =>
  work.some(({ kind, problem }) => kind === 'move' && problem === null);
