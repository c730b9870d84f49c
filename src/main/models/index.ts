export { createCatalogueShelf } from './catalogue/shelf.ts';
export { createHardware } from './fit/hardware.ts';
export { createFitMeter } from './fit/meter.ts';
export type { CatalogueShelf, Downloads, EnsureModel, Library } from './interface.ts';
export { openDownloads } from './downloads/downloads.ts';
export { createEnsureModel } from './ensure.ts';
export { readGguf } from './gguf/read.ts';
export { createLibrary } from './library/library.ts';
export { followOllama, pauseOllama } from './library/own-engine.ts';
