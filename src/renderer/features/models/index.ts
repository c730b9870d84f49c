export { ModelsPage } from './models-page.tsx';
export { followModels, loadCatalogue, useModels } from './store.ts';
