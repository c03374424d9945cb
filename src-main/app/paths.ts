/** Where the program finds its own files and keeps the user's. */
import { app } from 'electron';
import { join } from 'node:path';

/** Both bundles and the packaged app have the layout of `out/`: this code runs in `out/main`. */
const OUT_DIR = join(__dirname, '..');

export const programFiles = {
  preload: join(OUT_DIR, 'preload', 'preload.cjs'),
  page: join(OUT_DIR, 'renderer'),
  engineThread: join(OUT_DIR, 'main', 'engine-thread.cjs'),
  layerWorker: join(OUT_DIR, 'main', 'layer-worker.cjs'),
} as const;

/** Pictures lie beside the app in a package, and in the checkout otherwise. */
export function assetFile(...names: readonly string[]): string {
  const assets = app.isPackaged ? join(process.resourcesPath, 'assets') : join(OUT_DIR, '..', 'assets');
  return join(assets, ...names);
}

export function userFile(name: string): string {
  return join(app.getPath('userData'), name);
}
