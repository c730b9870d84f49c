export { createCatalogueShelf } from './catalogue/shelf.ts';
export { createHardware } from './fit/hardware.ts';
export { createFitMeter } from './fit/meter.ts';
export type { CatalogueShelf, Downloads, EnsureModel, Library } from './interface.ts';
