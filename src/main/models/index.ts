export type { CatalogueShelf, Downloads, EnsureModel, Library } from './interface.ts';
