// Unit and integration tests run on Node, component tests in a real browser; see tests/README.md.
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

const chromium = process.env.HEARTH_CHROMIUM ?? '/usr/bin/chromium';
/** As in playwright.config.ts. The second try is told beside the test's name. */
const retry = process.env.CI ? 1 : 0;

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], environment: 'node', testTimeout: 15_000 },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          environment: 'node',
          testTimeout: 30_000,
          hookTimeout: 30_000,
          // Real child processes on two cores: one file at a time keeps their waits honest.
          fileParallelism: false,
          retry,
        },
      },
      {
        // Only `npm run test:real` runs these: they need a real model.
        test: {
          name: 'real',
          include: ['tests/real/**/*.test.ts'],
          environment: 'node',
          testTimeout: 300_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        plugins: [react(), tailwindcss()],
        // Found only while tests run, they would be bundled anew in the middle, with a second React.
        optimizeDeps: {
          include: [
            '@dnd-kit/core',
            '@dnd-kit/sortable',
            '@dnd-kit/utilities',
            '@orpc/client',
            '@orpc/client/message-port',
            '@orpc/contract',
            '@orpc/server',
            '@orpc/server/message-port',
            '@tanstack/react-virtual',
            'axe-core',
            'i18next',
            'lucide-react',
            'radix-ui',
            'react',
            'react-dom/client',
            'react-i18next',
            'remark-cjk-friendly',
            'react/jsx-dev-runtime',
            'streamdown',
            'vitest-browser-react',
            'zod',
            'zustand',
          ],
        },
        test: {
          name: 'component',
          retry,
          include: ['tests/component/**/*.test.tsx'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            viewport: { width: 1280, height: 800 },
            provider: playwright({
              launchOptions: {
                executablePath: chromium,
                args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
