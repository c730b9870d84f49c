// The main window: puts the app into its page.
import '../ui/styles.css';
import '../lib/i18n.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { isMac } from '../lib/index.ts';
import { App } from './app.tsx';
import { CrashBoundary } from './crash-boundary.tsx';
import { keepMenusToText } from './right-click.ts';

document.documentElement.classList.toggle('is-mac', isMac);
keepMenusToText();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <CrashBoundary>
      <App />
    </CrashBoundary>
  </StrictMode>,
);
