// The catalogue of error sentences, through i18next like every text.
import { createInstance } from 'i18next';
import en from '../../../resources/locales/en/errors.json' with { type: 'json' };
import type { ErrorCode, ErrorParams } from '../../contract/errors.ts';

const catalogue = createInstance();
void catalogue.init({
  lng: 'en',
  fallbackLng: 'en',
  initAsync: false,
  resources: { en: { errors: en } },
  defaultNS: 'errors',
  interpolation: { escapeValue: false },
});

/** What happened, what Hearth did, what you can do: in the user's language. */
export function sentenceFor(code: ErrorCode, params: ErrorParams): string {
  return catalogue.t(code, params);
}
