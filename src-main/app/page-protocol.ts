/**
 * Serves the window's page from its folder under a scheme of its own: a real origin (no `file:` with its reach over
 * the disk), and every answer carries the Content-Security-Policy as a header.
 */
import { protocol } from 'electron';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

const SCHEME = 'lamina-app';
const ORIGIN = `${SCHEME}://window`;
export const PAGE_URL = `${ORIGIN}/index.html`;

/** Nothing from elsewhere, no `eval`. Inline styles are allowed because the component library sets them. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
  ['.woff', 'font/woff'],
  ['.ttf', 'font/ttf'],
  ['.wasm', 'application/wasm'],
]);

/** Must run before the app is ready. */
export function declarePageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

export function servePage(folder: string): void {
  protocol.handle(SCHEME, (request) => respond(folder, request.url));
}

export function isPageUrl(url: string): boolean {
  return url === ORIGIN || url.startsWith(`${ORIGIN}/`);
}

async function respond(folder: string, url: string): Promise<Response> {
  const file = fileOf(folder, url);
  if (file === undefined) return new Response('Not found', { status: 404 });
  try {
    const headers = {
      'Content-Type': CONTENT_TYPES.get(extname(file)) ?? 'application/octet-stream',
      'Content-Security-Policy': CONTENT_SECURITY_POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    };
    return new Response(await readFile(file), { headers });
  } catch {
    return new Response('Not found', { status: 404 });
  }
}

/** The file below `folder` that the URL names; undefined for anything outside of it. */
export function fileOf(folder: string, url: string): string | undefined {
  if (!isPageUrl(url)) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(new URL(url).pathname);
  } catch {
    return undefined;
  }
  const file = normalize(join(folder, path));
  return path.includes('\0') || !file.startsWith(`${normalize(folder)}${sep}`) ? undefined : file;
}
