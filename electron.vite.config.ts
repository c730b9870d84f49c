// Builds main (with the terminal program and the workers as further entries), preload and renderer into out/.
import { cpSync } from 'node:fs';
import path from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

// Set by hand: the build tool would guess them from whichever Electron is installed.
const NODE_TARGET = 'node20.18';
const CHROMIUM_TARGET = 'chrome130';

const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
/** The dev server injects styles and speaks over a web socket. */
const DEV_CSP =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws:";

/** Puts the policy into the page: a strict one when built, a looser one for the dev server. */
function contentSecurityPolicy(): Plugin {
  let policy = CSP;
  return {
    name: 'content-security-policy',
    configResolved(config) {
      policy = config.command === 'serve' ? DEV_CSP : CSP;
    },
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: policy }, injectTo: 'head-prepend' },
    ],
  };
}

/** The worker reads its migrations from the folder beside it. */
function copyMigrations(): Plugin {
  return {
    name: 'copy-migrations',
    writeBundle: () => cpSync('src/main/storage/migrations', 'out/main/migrations', { recursive: true }),
  };
}

export default defineConfig({
  main: {
    plugins: [copyMigrations()],
    build: {
      target: NODE_TARGET,
      // Less to parse at the start.
      minify: true,
      // Everything is bundled but what holds native code: one file is read faster than a hundred.
      externalizeDeps: false,
      rolldownOptions: {
        external: [/^electron$/, /^better-sqlite3/, /^node-llama-cpp/],
        input: {
          index: 'src/main/index.ts',
          cli: 'src/cli/index.ts',
          'storage-worker': 'src/main/storage/worker.ts',
          'llama-engine': 'src/main/backends/llamacpp/engine-process.ts',
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: NODE_TARGET,
      rolldownOptions: {
        input: { index: 'src/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react(), tailwindcss(), contentSecurityPolicy()],
    build: {
      target: CHROMIUM_TARGET,
      minify: true,
      modulePreload: { polyfill: false },
      // Absolute: the dev server reads it relative to the root above, the build to the project.
      rolldownOptions: { input: { main: path.resolve('src/renderer/main/index.html') } },
    },
  },
});
