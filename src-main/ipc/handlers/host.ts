/** Calls with paths of the host. Only main makes them, after a dialog, a drop, or files named on the command line. */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fromText, joinPath } from '../../engine/index';
import type { HostHandlers } from '../calls';
import { containerById, type HandlerContext } from './context';
import { layerPath } from './layer-path';

export function hostHandlers(context: HandlerContext): HostHandlers {
  const { lamina, jobs, announce } = context;
  return {
    'host.import': ({ paths }) => paths.map((path) => importJob(context, path)),
    'host.export': ({ keys, format, file }) => {
      const job = jobs.add({
        kind: 'export',
        subject: basename(file),
        run: (control) => lamina.images.export(keys, { ...control, file, format }),
      });
      return job.id;
    },
    'host.add': async ({ container, parent, paths }) => {
      const folder = layerPath(parent);
      const { name } = await containerById(lamina, container);
      const job = jobs.add({
        kind: 'add',
        subject: paths.length === 1 ? basename(paths[0] ?? '') : `${basename(paths[0] ?? '')} + ${paths.length - 1}`,
        run: async (control) => {
          const skipped: string[] = [];
          try {
            for (const path of paths) {
              const target = joinPath(folder, fromText(basename(path)));
              skipped.push(...(await lamina.containers.addFromHost(name, path, target, control)).skipped);
            }
          } finally {
            await context.views.containerChanged(container);
            announce('containers.changed', undefined);
          }
          return skipped;
        },
        skipped: (skipped) => skipped,
      });
      return job.id;
    },
    'host.saveVersion': ({ view, path, layer, file }) => saveVersion(context, { view, path, layer }, file),
    'host.close': async () => {
      await jobs.close();
      await lamina.close();
    },
  };
}

function importJob(context: HandlerContext, path: string): number {
  const job = context.jobs.add({
    kind: 'import',
    subject: basename(path),
    run: async (control) => {
      const images = await context.lamina.images.import(path, control);
      context.announce('images.changed', undefined);
      return images;
    },
    imageKeys: (images) => images.map((image) => image.key),
  });
  return job.id;
}

/** Written beside the wanted file and renamed when whole, so that a damaged blob leaves nothing behind. */
async function saveVersion(
  context: HandlerContext,
  what: { readonly view: number; readonly path: string; readonly layer: number | undefined },
  file: string,
): Promise<void> {
  const { browse, version } = context.views.version(what.view, layerPath(what.path), what.layer);
  const part = `${file}.${randomUUID()}.part`;
  try {
    await pipeline(await browse.open(version.state), createWriteStream(part, { flags: 'wx' }));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
