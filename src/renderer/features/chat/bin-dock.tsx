// In the place of the composer while one looks into a chat that is in the bin: why nothing can be asked, and the way back.
import './bin-dock.css';
import { RotateCcw, Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { InBin } from '../../../contract/conversations.ts';
import { openBin, useNowMs } from '../../lib/index.ts';
import { Button, Icon } from '../../ui/index.ts';
import { daysLeft } from '../history/index.ts';
import { useChatStore } from './store.ts';

export function BinDock({ bin }: { bin: InBin }) {
  const { t } = useTranslation('chat');
  const nowMs = useNowMs(60_000);
  const trouble = useChatStore((state) => state.trouble);
  const restore = useChatStore((state) => state.restore);
  const button = useRef<HTMLButtonElement>(null);
  // As the composer does: what can be done here has the focus.
  useEffect(() => button.current?.focus({ preventScroll: true }), []);
  const days = daysLeft(bin, nowMs);
  const words = days === 0 ? t('bin.inBinLastDay') : t('bin.inBin', { count: days });
  return (
    <section className="dock" aria-label={t('bin.region')} data-region="composer">
      <div className="col">
        <div className="bin-dock">
          <Icon icon={Trash2} />
          <p className="grow" role="status">
            {trouble ? trouble.message : words}
          </p>
          <Button variant="ghost" onClick={openBin}>
            {t('bin.back')}
          </Button>
          <Button ref={button} variant="primary" icon={RotateCcw} onClick={() => void restore()}>
            {t('bin.restore')}
          </Button>
        </div>
      </div>
    </section>
  );
}
