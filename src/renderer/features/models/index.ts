export { downloadText, isMoving, shareText } from './download-text.ts';
export { ensureModel, isSameModel, useDownload, useDownloadBytes, useIsInstalled } from './ensure.ts';
export { ModelsPage } from './models-page.tsx';
export { followModels, loadCatalogue, useModels } from './store.ts';
