// The texts that main and the terminal show, through i18next: one instance, one namespace a file.
import { createInstance } from 'i18next';
import backends from '../../../resources/locales/en/backends.json' with { type: 'json' };
import cli from '../../../resources/locales/en/cli.json' with { type: 'json' };
import demo from '../../../resources/locales/en/demo.json' with { type: 'json' };
import desktop from '../../../resources/locales/en/desktop.json' with { type: 'json' };
import errors from '../../../resources/locales/en/errors.json' with { type: 'json' };
import install from '../../../resources/locales/en/install.json' with { type: 'json' };
import mlx from '../../../resources/locales/en/mlx.json' with { type: 'json' };
import ollama from '../../../resources/locales/en/ollama.json' with { type: 'json' };
import prompts from '../../../resources/locales/en/prompts.json' with { type: 'json' };

export { textOfBytes } from './bytes.ts';
export { durationText } from './durations.ts';
export { sizeText } from './sizes.ts';

const words = createInstance();
void words.init({
  lng: 'en',
  fallbackLng: 'en',
  initAsync: false,
  resources: { en: { backends, cli, demo, desktop, errors, install, mlx, ollama, prompts } },
  // Terminals and windows show plain text; the renderer escapes by itself.
  interpolation: { escapeValue: false },
});

/** What is typed before `hearth`, in every command that a text names. */
let npx: '' | 'npx ' = '';

/** From now on the texts name commands as `npx hearth …`: in a clone nothing else is found. */
export function nameCommandsWithNpx(): void {
  npx = 'npx ';
}

/** The text of `namespace:key` with its values filled in; a key that is missing comes back as it is. */
export function text(
  key: `${'backends' | 'cli' | 'demo' | 'desktop' | 'errors' | 'install' | 'mlx' | 'ollama' | 'prompts'}:${string}`,
  values: Record<string, string | number> = {},
): string {
  return words.t(key, { npx, ...values });
}
