// What there is to know about a model before one fetches it.
import { useTranslation } from 'react-i18next';
import { modelTitle } from '../../lib/index.ts';
import { type CatalogueRow, usableOf } from './find.ts';
import { tokensText } from './names.ts';

export function AboutModel({ row }: { row: CatalogueRow }) {
  const { t, i18n } = useTranslation('models');
  const names = new Intl.DisplayNames(i18n.language, { type: 'language' });
  const lines: [string, string][] = [
    [t('details.fullName'), row.model],
    [t('details.parameters'), row.size],
    [t('details.quantization'), row.quantization],
    [t('details.context'), t('details.tokens', { tokens: tokensText(row.contextLength) })],
    [
      t('details.capabilities'),
      usableOf(row.capabilities)
        .map((one) => t(`capability.${one}`))
        .join(', '),
    ],
    [t('details.languages'), row.languages.map((code) => names.of(code) ?? code).join(', ')],
    [t('details.licence'), row.licence],
  ];
  return (
    <>
      <h3>{modelTitle(row.model)}</h3>
      <p className="mb-3">{row.goodAt}</p>
      <dl className="kv select-text">
        {lines
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name} className="contents">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </>
  );
}
