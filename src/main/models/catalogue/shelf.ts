// The catalogue as it is shown: the newest one there is, with what fits this computer.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFile } from 'atomically';
import shipped from '../../../../resources/catalogue.json' with { type: 'json' };
import type { Catalogue, CatalogueFile, InstalledModel } from '../../../contract/models.ts';
import type { Log } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { isSameModel } from '../../ollama/index.ts';
import type { SettingsStore } from '../../settings/index.ts';
import { text } from '../../words/index.ts';
import type { FitMeter } from '../fit/interface.ts';
import type { CatalogueShelf } from '../interface.ts';
import { downloadCatalogue } from './download.ts';
import { checkCatalogue, readCatalogue } from './file.ts';
import { suggestedModel } from './suggest.ts';

const FILE_NAME = 'catalogue.json';
/** Held by another program (a virus scanner, a backup) it is tried again for so long. */
const WRITE_RETRY_MS = 2_000;

export interface ShelfOptions {
  /** The data folder: a refreshed catalogue is kept there. */
  folder: string;
  settings: Pick<SettingsStore, 'get'>;
  meter: FitMeter;
  /** What is here, as far as it is known; cheap, asked at every look. */
  installed: () => readonly Pick<InstalledModel, 'name' | 'loaded'>[];
  log: Log;
}

interface Current {
  source: Catalogue['source'];
  file: CatalogueFile;
}

/** Asks the network only in `refresh`, and only the address that the user has set. */
export function createCatalogueShelf({ folder, settings, meter, installed, log }: ShelfOptions): CatalogueShelf {
  const keptPath = path.join(folder, FILE_NAME);
  let current: Promise<Current> | null = null;

  /** The kept one unless it is older: an update of Hearth brings a newer one of its own. */
  async function read(): Promise<Current> {
    const ours: Current = { source: 'shipped', file: shippedCatalogue() };
    const kept = await readFile(keptPath, 'utf8').catch(() => null);
    if (kept === null) return ours;
    const file = readCatalogue(kept)?.file ?? null;
    if (file === null) log.warn('The kept catalogue could not be read; the shipped one is used', { path: keptPath });
    return file !== null && file.updated >= ours.file.updated ? { source: 'refreshed', file } : ours;
  }

  async function get(signal: AbortSignal): Promise<Catalogue> {
    signal.throwIfAborted();
    const { source, file } = await (current ??= read());
    const here = installed();
    const entries = await Promise.all(
      file.entries.map(async (entry) => ({ ...entry, variants: await Promise.all(entry.variants.map(fitted)) })),
    );
    async function fitted(variant: CatalogueFile['entries'][number]['variants'][number]) {
      const found = here.find(({ name }) => isSameModel(name, variant.model));
      const facts = { ...variant, weightsBytes: variant.downloadBytes, loaded: found?.loaded ?? null };
      return { ...variant, fit: await meter.fitOf(facts), isInstalled: found !== undefined };
    }
    const hardware = await meter.hardware();
    signal.throwIfAborted();
    return { updated: file.updated, source, hardware, entries, suggested: suggestedModel(entries) };
  }

  async function refresh(signal: AbortSignal): Promise<Catalogue> {
    const { catalogue, engine } = settings.get();
    const { url } = catalogue;
    if (url === null) throw new HearthError('bad_request', { what: text('ollama:catalogue.noUrl') });
    const before = await (current ??= read());
    const found = await downloadCatalogue({ url, proxy: engine.proxy, signal });
    const sound = readCatalogue(found);
    if (sound === null) throw new HearthError('catalogue_invalid', { url });
    const { file, leftOut } = sound;
    if (leftOut > 0) log.warn('Models of the catalogue could not be read and were left out', { leftOut });
    if (file.updated < before.file.updated) {
      throw new HearthError('catalogue_invalid', { url }, { detail: `of ${file.updated}, older than the one here` });
    }
    await writeFile(keptPath, `${JSON.stringify(file)}\n`, { mode: 0o600, timeout: WRITE_RETRY_MS }).catch(
      (error: unknown) => log.warn('The refreshed catalogue could not be kept; it counts until the end', { error }),
    );
    current = Promise.resolve({ source: 'refreshed', file });
    return get(signal);
  }

  return { get, refresh };
}

/** Checked by a test at every change, and here because its types do not say so. */
function shippedCatalogue(): CatalogueFile {
  const file = checkCatalogue(shipped);
  if (file === null) throw new HearthError('internal', {}, { detail: 'resources/catalogue.json is not valid' });
  return file;
}
