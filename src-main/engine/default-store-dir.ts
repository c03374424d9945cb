import os from 'node:os';
import path from 'node:path';

/** Where the store is when nobody says otherwise: the user's data folder by the custom of the system. Window and CLI share it. */
export function defaultStoreDir(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = os.homedir(),
): string {
  return path.join(dataDir(env, platform, home), 'store');
}

function dataDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Lamina');
  if (platform === 'win32') return path.join(env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'Lamina');
  // XDG base directory specification: a relative path is invalid and ignored
  const xdg = env['XDG_DATA_HOME'];
  return path.join(xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(home, '.local', 'share'), 'lamina');
}
