// app://hearth/: the built renderer, served from its folder with a strict policy, instead of file://.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { protocol } from 'electron';
import { fileFor } from './urls.ts';

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
};

/** No network, no inline script or style, no frames. The page repeats most of it in a meta tag. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Must run before Electron is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

/** Serves the files below `folder`; anything else is 404. */
export function serveAppScheme(folder: string): void {
  protocol.handle('app', async (request) => {
    const file = fileFor(folder, request.url);
    const type = file === null ? undefined : CONTENT_TYPES[path.extname(file)];
    if (request.method !== 'GET' || file === null || type === undefined) return notFound();
    try {
      return new Response(await readFile(file), {
        headers: {
          'content-type': type,
          'content-security-policy': POLICY,
          'x-content-type-options': 'nosniff',
          'cross-origin-opener-policy': 'same-origin',
        },
      });
    } catch {
      return notFound();
    }
  });
}

const notFound = () => new Response('Not found', { status: 404 });
