// Families of models, folded away: how each is asked, what the user changed of it, and where the values come from.
import { ChevronRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Family, FamilyChange } from '../../../contract/backends.ts';
import type { Settings } from '../../../contract/settings.ts';
import { asErrorInfo, getClient } from '../../lib/index.ts';
import { Badge, Button, Fault, Icon, Skeleton } from '../../ui/index.ts';
import { valuesText } from './families.ts';
import { FamilyForm } from './family-form.tsx';
import { useSave } from './use-save.ts';

export function FamiliesSection({ settings }: { settings: Settings }) {
  const { t } = useTranslation('backendsPage');
  const [isOpen, setIsOpen] = useState(false);
  return (
    <section aria-labelledby="families">
      <div className="sec">
        <h2 id="families">{t('families.title')}</h2>
        <span className="aside">{t('families.aside')}</span>
      </div>
      <details className="fold" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary>
          <Icon icon={ChevronRight} size={14} />
          {t('families.show')}
        </summary>
        {isOpen ? <Families settings={settings} /> : null}
      </details>
    </section>
  );
}

function Families({ settings }: { settings: Settings }) {
  const { t } = useTranslation('backendsPage');
  const [families, setFamilies] = useState<Family[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (problem !== null) return undefined;
    const life = new AbortController();
    getClient()
      .backends.families(undefined, { signal: life.signal })
      .then(setFamilies)
      .catch((error: unknown) => {
        if (!life.signal.aborted) setProblem(asErrorInfo(error).message);
      });
    return () => life.abort();
  }, [problem]);
  if (problem !== null) {
    return (
      <Fault
        role="alert"
        actions={
          <Button size="sm" onClick={() => setProblem(null)}>
            {t('families.again')}
          </Button>
        }
      >
        {problem}
      </Fault>
    );
  }
  if (families === null) return <Skeleton label={t('families.loading')} />;
  return (
    <>
      <p className="help mt-1 mb-2">{t('families.about')}</p>
      <div className="card list">
        {families.map((family) => (
          <FamilyRow key={family.id} family={family} change={settings.families[family.id]} />
        ))}
      </div>
    </>
  );
}

function FamilyRow({ family, change }: { family: Family; change: FamilyChange }) {
  const { t } = useTranslation('backendsPage');
  const { error, save } = useSave();
  const isChanged = Object.keys(change).length > 0;
  return (
    <details className="family">
      <summary>
        <Icon icon={ChevronRight} size={14} />
        <b>{family.label}</b>
        <span className="clip num">{valuesText(family, change, t)}</span>
        {isChanged ? <Badge size="sm">{t('families.changed')}</Badge> : null}
      </summary>
      <FamilyForm
        family={family}
        change={change}
        error={error}
        onChange={(next) => save({ families: { [family.id]: next } })}
      />
    </details>
  );
}
