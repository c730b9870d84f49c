import { lazy } from 'react';

/** Read when it is first opened: the start does not carry it. */
export const ModelsPage = lazy(async () => ({ default: (await import('./models-page.tsx')).ModelsPage }));

export { causeText, downloadText, isMoving, shareText } from './download-text.ts';
export { ensureModel, useDownload, useDownloadBytes, useDownloadPercent } from './ensure.ts';
export { FitBadge } from './fit.tsx';
export { useDownloadWords } from './use-download-words.ts';
export { followModels, loadCatalogue, useModels } from './store.ts';
