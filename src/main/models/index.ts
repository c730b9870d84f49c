export { createCatalogueShelf } from './catalogue/shelf.ts';
export { createHardware } from './fit/hardware.ts';
export { createFitMeter } from './fit/meter.ts';
export type { CatalogueShelf, Downloads, EnsureModel, Library } from './interface.ts';
export { type DownloadsOptions, openDownloads } from './downloads/downloads.ts';
export { createEnsureModel, type EnsureOptions } from './ensure.ts';
