export { downloadText, isMoving, shareText } from './download-text.ts';
export { ensureModel, isSameModel, useDownload, useDownloadBytes } from './ensure.ts';
export { FitBadge } from './fit.tsx';
export { ModelsPage } from './models-page.tsx';
export { followModels, loadCatalogue, useModels } from './store.ts';
