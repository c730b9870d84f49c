// Which Ollama Hearth uses: the one that is there, or one it installs for itself, with what that costs told first.
import { Check, CircleAlert, Download } from 'lucide-react';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineStatus, InstallStatus, ReleaseChoice } from '../../../contract/engine.ts';
import type { EngineUse, Settings } from '../../../contract/settings.ts';
import { bytesText, getClient, isThisComputer } from '../../lib/index.ts';
import type { OptionCard } from '../../ui/index.ts';
import { Badge, Button, Note, OptionCards } from '../../ui/index.ts';
import { useSave } from '../settings/index.ts';
import { InstallProgress } from './install-progress.tsx';
import { useAction } from './use-action.ts';

export interface ChooseSectionProps {
  engine: EngineStatus | null;
  install: InstallStatus | null;
  settings: Settings;
}

export function ChooseSection({ engine, install, settings }: ChooseSectionProps) {
  const { t } = useTranslation('engine');
  const use = useSave();
  /** Chosen here before there is one: nothing is saved until it is installed. Null until somebody chooses. */
  const [isOwnWanted, setOwnWanted] = useState<boolean | null>(null);
  /** The version that was there when a newer one was asked for. */
  const [newestBefore, setNewestBefore] = useState<string | null>(null);
  const isInstalled = install !== null && install.installedVersion !== null;
  const isUnderWay = install !== null && install.state !== 'none' && install.state !== 'installed';
  const canInstall = install?.offer != null;
  const shown: EngineUse = settings.engine.use === 'own' || (isOwnWanted ?? isUnderWay) ? 'own' : 'found';

  const choose = (value: EngineUse) => {
    setOwnWanted(value === 'own');
    const isReady = value === 'found' || isInstalled;
    if (isReady && value !== settings.engine.use) use.save({ engine: { use: value } });
  };
  const options: OptionCard<EngineUse>[] = [
    { value: 'found', title: t('use.found'), help: foundHelp(engine, settings, t), aside: t('use.noDownload') },
    {
      value: 'own',
      title: t(isInstalled ? 'use.own' : 'use.install'),
      help: t(canInstall || isInstalled ? 'use.ownHelp' : 'use.unsupported'),
      isDisabled: !canInstall && !isInstalled,
      ...(isInstalled ? { mark: <Installed /> } : {}),
      ...ownAside(install),
    },
  ];
  return (
    <>
      <div className="sec">
        <h2>{t('use.title')}</h2>
      </div>
      <OptionCards label={t('use.title')} value={shown} options={options} onChange={choose} />
      {use.error ? (
        <p className="em" role="alert">
          {use.error}
        </p>
      ) : null}
      {install && (shown === 'own' || isUnderWay) ? (
        <div className="card mt-2 px-4 py-3">
          {isUnderWay ? <InstallProgress install={install} /> : null}
          {install.state === 'none' ? <Offer install={install} isMissing={settings.engine.use === 'own'} /> : null}
          {install.state === 'installed' ? (
            <Owned
              install={install}
              isUsed={settings.engine.use === 'own'}
              isNewest={newestBefore !== null && newestBefore === install.installedVersion}
              onAsked={(release) => setNewestBefore(release === 'newest' ? install.installedVersion : null)}
            />
          ) : null}
        </div>
      ) : null}
    </>
  );
}

function foundHelp(engine: EngineStatus | null, settings: Settings, t: TFunction<'engine'>): string {
  if (engine?.host && !isThisComputer(engine.host)) return t('use.foundElsewhere', { host: engine.host });
  if (settings.engine.use !== 'found' || !engine || engine.state === 'absent') return t('use.foundHelp');
  if (engine.version === null) return t('use.foundProgram', { program: engine.program ?? '' });
  return t('use.foundVersion', { version: engine.version });
}

function ownAside(install: InstallStatus | null): { aside?: string } {
  if (install?.installedBytes != null) return { aside: bytesText(install.installedBytes) };
  return install?.offer ? { aside: bytesText(install.offer.sizeBytes) } : {};
}

function Installed() {
  const { t } = useTranslation('engine');
  return (
    <Badge size="sm" tone="ok" icon={Check}>
      {t('use.installed')}
    </Badge>
  );
}

/** Told before anything is asked of the network: what, how much, from where. */
function Offer({ install, isMissing }: { install: InstallStatus; isMissing: boolean }) {
  const { t } = useTranslation('engine');
  const { run, isBusy, failure } = useAction();
  if (!install.offer) return <p className="text-13 text-ink-2">{t('use.unsupported')}</p>;
  const { version, sizeBytes, diskBytes, host } = install.offer;
  return (
    <>
      {isMissing ? (
        <div className="mb-3">
          <Note tone="warn" icon={CircleAlert}>
            {t('install.missing')}
          </Note>
        </div>
      ) : null}
      <div className="row gap-3">
        <div className="grow">
          <b className="block text-13 font-strong">{t('install.offer', { version })}</b>
          <small className="num block text-12 text-ink-3">
            {t('install.offerAbout', { host, disk: bytesText(diskBytes) })}
          </small>
        </div>
        <Button
          variant="primary"
          icon={Download}
          isBusy={isBusy}
          onClick={() => run(() => getClient().install.start({ release: 'pinned' }))}
        >
          {t('install.download', { size: bytesText(sizeBytes) })}
        </Button>
      </div>
      <Failure message={failure?.message} />
    </>
  );
}

interface OwnedProps {
  install: InstallStatus;
  isUsed: boolean;
  /** Somebody asked for the newest, and this is it. */
  isNewest: boolean;
  onAsked: (release: ReleaseChoice) => void;
}

function Owned({ install, isUsed, isNewest, onAsked }: OwnedProps) {
  const { t } = useTranslation('engine');
  const { run, isBusy, failure } = useAction();
  const [isSure, setSure] = useState(false);
  const version = install.installedVersion ?? '';
  const size = bytesText(install.installedBytes ?? 0);
  const tested = install.offer && install.offer.version !== version ? install.offer.version : null;
  const update = (release: ReleaseChoice) => {
    run(async () => {
      await getClient().install.start({ release });
      onAsked(release);
    });
  };
  const remove = () => {
    if (!isSure) {
      setSure(true);
      return;
    }
    setSure(false);
    run(() => getClient().install.remove());
  };
  return (
    <>
      <div className="row flex-wrap gap-2">
        <div className="grow">
          <b className="block text-13 font-strong">{t('install.ownVersion', { version })}</b>
          <small className="block text-12 text-ink-3" role="status">
            {isNewest ? t('install.isNewest') : t(isUsed ? 'install.inUse' : 'install.notUsed')}
          </small>
        </div>
        {tested === null ? null : (
          <Button size="sm" isBusy={isBusy} onClick={() => update('pinned')}>
            {t('install.toTested', { version: tested })}
          </Button>
        )}
        <Button size="sm" isBusy={isBusy} onClick={() => update('newest')}>
          {t('install.toNewest')}
        </Button>
        <Button
          size="sm"
          variant="danger"
          isBusy={isBusy}
          onClick={remove}
          onBlur={() => setSure(false)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || !isSure) return;
            event.preventDefault();
            setSure(false);
          }}
        >
          {isSure ? t('install.removeSure', { size }) : t('install.remove')}
        </Button>
      </div>
      {isSure ? <p className="help">{t('install.removeAbout')}</p> : null}
      <Failure message={failure?.message} />
    </>
  );
}

function Failure({ message }: { message: string | undefined }) {
  if (message === undefined) return null;
  return (
    <p className="em" role="alert">
      {message}
    </p>
  );
}
