// The words of the windows: i18next with one namespace a file of resources/locales. Sentences of errors come from main.
import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';

const files = import.meta.glob<Record<string, unknown>>(
  [
    '../../../resources/locales/*/app.json',
    '../../../resources/locales/*/backendsPage.json',
    '../../../resources/locales/*/chat.json',
    '../../../resources/locales/*/engine.json',
    '../../../resources/locales/*/facts.json',
    '../../../resources/locales/*/models.json',
    '../../../resources/locales/*/onboarding.json',
  ],
  { eager: true, import: 'default' },
);

const resources: Record<string, Record<string, Record<string, unknown>>> = {};
for (const [path, words] of Object.entries(files)) {
  const [, language = 'en', namespace = 'app'] = /locales\/([^/]+)\/([^/]+)\.json$/.exec(path) ?? [];
  (resources[language] ??= {})[namespace] = words;
}

const i18n = createInstance();
void i18n.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  initAsync: false,
  resources,
  ns: ['app', 'backendsPage', 'chat', 'engine', 'facts', 'models', 'onboarding'],
  defaultNS: 'app',
  interpolation: { escapeValue: false },
});

export { i18n };
