// Which variables of the environment stand for settings, and whether they count.
import { useTranslation } from 'react-i18next';
import type { EnvironmentValue } from '../../../contract/backends.ts';
import type { DotTone } from '../../ui/index.ts';
import { Dot } from '../../ui/index.ts';

const TONES: Record<EnvironmentValue['state'], DotTone> = { inForce: 'ok', overridden: 'off', invalid: 'bad' };

export function EnvironmentSection({ environment }: { environment: EnvironmentValue[] }) {
  const { t } = useTranslation('backendsPage');
  if (environment.length === 0) return null;
  return (
    <section aria-labelledby="environment">
      <div className="sec">
        <h2 id="environment">{t('environment.title')}</h2>
      </div>
      <p className="help mt-0 mb-2">{t('environment.about')}</p>
      <table className="page-table environment">
        <thead>
          <tr>
            <th scope="col">{t('environment.variable')}</th>
            <th scope="col">{t('environment.value')}</th>
            <th scope="col">{t('environment.state')}</th>
          </tr>
        </thead>
        <tbody>
          {environment.map(({ name, value, state, problem }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>
                <code className="select-text">{value}</code>
              </td>
              <td>
                <span className="hs">
                  <Dot tone={TONES[state]} />
                  <span className={state === 'invalid' ? 'bad' : undefined}>{t(`environment.${state}`)}</span>
                </span>
                {problem ? <p className="em mt-1">{problem.message}</p> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
