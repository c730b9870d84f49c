// Hearth's own Ollama: what it costs before it is fetched, and updating or removing it once it is there.
import { CircleAlert, Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InstallStatus, ReleaseChoice } from '../../../contract/engine.ts';
import { bytesText, getClient } from '../../lib/index.ts';
import { Button, Note } from '../../ui/index.ts';
import { useAction } from './use-action.ts';

/** Told before anything is asked of the network: what, how much, from where. */
export function InstallOffer({ install, isMissing }: { install: InstallStatus; isMissing: boolean }) {
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

export interface OwnInstallationProps {
  install: InstallStatus;
  isUsed: boolean;
  /** Somebody asked for the newest, and this is it. */
  isNewest: boolean;
  onAsked: (release: ReleaseChoice) => void;
}

export function OwnInstallation({ install, isUsed, isNewest, onAsked }: OwnInstallationProps) {
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
