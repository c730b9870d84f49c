// Which Ollama Hearth uses: the one that is there, or one it installs for itself, with what that costs told first.
import { Check } from 'lucide-react';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineStatus, InstallStatus } from '../../../contract/engine.ts';
import type { EngineUse, Settings } from '../../../contract/settings.ts';
import { bytesText, isThisComputer } from '../../lib/index.ts';
import type { OptionCard } from '../../ui/index.ts';
import { Badge, OptionCards } from '../../ui/index.ts';
import { useSave } from '../settings/index.ts';
import { InstallProgress } from './install-progress.tsx';
import { InstallOffer, OwnInstallation } from './own-installation.tsx';

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
  const isUsed = settings.engine.use === 'own' || (engine?.isOwnInstallation ?? false);
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
      help: t(isInstalled ? 'use.ownInstalled' : canInstall ? 'use.ownHelp' : 'use.unsupported'),
      isDisabled: !canInstall && !isInstalled,
      ...(isInstalled ? { mark: <Installed /> } : {}),
      ...ownAside(install, t),
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
      {install && (shown === 'own' || isUnderWay || isInstalled) ? (
        <div className="card mt-2 px-4 py-3">
          {isUnderWay ? <InstallProgress install={install} /> : null}
          {install.state === 'none' ? (
            <InstallOffer install={install} isMissing={settings.engine.use === 'own'} />
          ) : null}
          {install.state === 'installed' ? (
            <OwnInstallation
              install={install}
              isUsed={isUsed}
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
  if (engine.isOwnInstallation) return t('use.foundOnlyOwn');
  if (engine.version === null) return t('use.foundProgram', { program: engine.program ?? '' });
  return t('use.foundVersion', { version: engine.version });
}

function ownAside(install: InstallStatus | null, t: TFunction<'engine'>): { aside?: string } {
  if (install?.installedBytes != null) return { aside: t('use.onDisk', { size: bytesText(install.installedBytes) }) };
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
