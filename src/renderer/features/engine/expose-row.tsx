// Opening Ollama to the network: it has no password, so it says so and asks before anything is changed.
import { TriangleAlert } from 'lucide-react';
import { useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Note, Switch } from '../../ui/index.ts';
import { SettingRow, useSave } from '../settings/index.ts';

export function ExposeRow({ isExposed }: { isExposed: boolean }) {
  const { t } = useTranslation('engine');
  const { error, save } = useSave();
  const [isAsking, setAsking] = useState(false);
  const row = useRef<HTMLDivElement>(null);
  const close = () => {
    setAsking(false);
    // The buttons go; the switch they belong to takes the focus.
    row.current?.querySelector<HTMLElement>('[role=switch]')?.focus();
  };
  const change = (isOn: boolean) => {
    if (isOn) setAsking(true);
    else save({ engine: { isExposed: false } });
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isAsking) return;
    event.preventDefault();
    close();
  };
  return (
    <div ref={row} onKeyDown={press}>
      <SettingRow title={t('setting.expose')} help={t('setting.exposeHelp')} error={error}>
        {(names) => <Switch {...names} isOn={isExposed} onChange={change} />}
      </SettingRow>
      {isAsking || isExposed ? (
        <div className="px-3.5 pb-3" role={isAsking ? 'alert' : undefined}>
          <Note tone="warn" icon={TriangleAlert}>
            {t(isExposed ? 'setting.exposed' : 'setting.exposeWarning')}
            {isAsking && !isExposed ? (
              <div className="row mt-2 gap-2">
                <Button
                  className="text-ink"
                  size="sm"
                  onClick={() => {
                    save({ engine: { isExposed: true } });
                    close();
                  }}
                >
                  {t('setting.exposeYes')}
                </Button>
                <Button className="text-ink-2" size="sm" variant="ghost" onClick={close}>
                  {t('setting.exposeNo')}
                </Button>
              </div>
            ) : null}
          </Note>
        </div>
      ) : null}
    </div>
  );
}
