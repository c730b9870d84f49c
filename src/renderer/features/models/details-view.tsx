// What a model is, read only.
import { useTranslation } from 'react-i18next';
import type { ReactNode } from 'react';
import type { ModelDetails } from '../../../contract/models.ts';
import { usableOf } from './find.ts';
import { FitBadge, FitNumbers } from './fit.tsx';
import { familyTitle, tokensText } from './names.ts';

export function DetailsView({ details }: { details: ModelDetails }) {
  const { t } = useTranslation('models');
  const { family, parameters, quantization, contextLength, capabilities, license, system, settings, template } =
    details;
  const facts: [string, string | null][] = [
    [t('details.family'), family && familyTitle(family)],
    [t('details.parameters'), parameters],
    [t('details.quantization'), quantization],
    [t('details.context'), contextLength === null ? null : t('details.tokens', { tokens: tokensText(contextLength) })],
    [
      t('details.capabilities'),
      usableOf(capabilities)
        .map((one) => t(`capability.${one}`))
        .join(', '),
    ],
  ];
  return (
    <div className="details">
      <dl className="kv select-text">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd>{value || t('unknown')}</dd>
          </div>
        ))}
      </dl>
      <Part title={t('details.fit')} mark={<FitBadge label={details.fit.label} />}>
        <FitNumbers fit={details.fit} />
      </Part>
      {details.engine === 'ollama' ? (
        <>
          <Part title={t('details.system')}>
            {system ? <p className="said select-text">{system}</p> : <p className="muted">{t('details.noSystem')}</p>}
          </Part>
          <Part title={t('details.settings')}>
            {settings.length === 0 ? (
              <p className="muted">{t('details.noSettings')}</p>
            ) : (
              <ul className="settings-list mono select-text">
                {settings.map(({ name, value }, at) => (
                  // One name may come several times, with the same value even.
                  <li key={`${at} ${name}`}>
                    <span>{name}</span> <span>{value}</span>
                  </li>
                ))}
              </ul>
            )}
          </Part>
        </>
      ) : null}
      {template ? <Folded title={t('details.template')} text={template} /> : null}
      {license ? <Folded title={t('details.licence')} text={license} /> : null}
    </div>
  );
}

function Part({ title, mark, children }: { title: string; mark?: ReactNode; children: ReactNode }) {
  return (
    <section className="part">
      <h3>
        {title} {mark}
      </h3>
      {children}
    </section>
  );
}

/** Long texts stay shut until somebody wants them. */
function Folded({ title, text }: { title: string; text: string }) {
  return (
    <details className="part">
      <summary>{title}</summary>
      {/* A place to scroll to by keys. */}
      <pre className="mono select-text" tabIndex={0} aria-label={title}>
        {text}
      </pre>
    </details>
  );
}
