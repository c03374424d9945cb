import os from 'node:os';
import path from 'node:path';

/** The user's cache folder for what the scripts fetch; outside the checkout, so that a fresh clone finds it again. */
export function cacheFolder() {
  const xdg = process.env['XDG_CACHE_HOME'];
  if (xdg !== undefined && path.isAbsolute(xdg)) return path.join(xdg, 'lamina');
  if (process.platform === 'win32') return path.join(process.env['LOCALAPPDATA'] ?? os.homedir(), 'lamina', 'cache');
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'lamina');
  return path.join(os.homedir(), '.cache', 'lamina');
}
