/** What no page of ours may do: navigate away, open windows, embed, ask for permissions, reach the network. */
import { app, session, type WebContents } from 'electron';
import { isPageUrl } from './page-protocol';

const LOCAL_SCHEMES = new Set(['lamina-app:', 'data:', 'blob:', 'devtools:', 'chrome-extension:']);
/** Copying text is the only permission that the window needs. */
const ALLOWED_PERMISSION = 'clipboard-sanitized-write';

/** @param devServer origin of the development server, whose pages are then ours too */
export function lockDown(devServer: string | undefined): void {
  app.on('web-contents-created', (_event, contents) => lockContents(contents, devServer));
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, callback) =>
    callback(permission === ALLOWED_PERMISSION),
  );
  defaultSession.setPermissionCheckHandler((_contents, permission) => (permission as string) === ALLOWED_PERMISSION);
  defaultSession.webRequest.onBeforeRequest(({ url }, callback) => callback({ cancel: !mayLoad(url, devServer) }));
}

export function isOurPage(url: string, devServer: string | undefined): boolean {
  return isPageUrl(url) || (devServer !== undefined && url.startsWith(`${devServer}/`));
}

function mayLoad(url: string, devServer: string | undefined): boolean {
  if (LOCAL_SCHEMES.has(new URL(url).protocol)) return true;
  return devServer !== undefined && new URL(url).host === new URL(devServer).host;
}

function lockContents(contents: WebContents, devServer: string | undefined): void {
  contents.on('will-navigate', (event, url) => {
    if (!isOurPage(url, devServer)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
