/**
 * Names in `lamina/tmp`: `<pid>-<start>-<host>-<random>`, so that whatever a crash leaves there tells whose it was and
 * can be removed once that process is gone.
 */
import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { livenessOf, ownIdentity } from './process-identity';
import { ifExists } from './system-error';

/** After this time even what another machine or an unknown program left is given up. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;
const NAME = /^(\d+)-([0-9a-z]+)-([0-9a-f]+)-[0-9a-f]+$/;

/** A free name for a file or folder in flight. */
export async function scratchPath(layout: { readonly tmp: string }): Promise<string> {
  const { pid, start, host } = await ownIdentity();
  return path.join(layout.tmp, `${pid}-${start}-${host}-${randomBytes(8).toString('hex')}`);
}

/** What dead processes left in flight, as full paths. */
export async function findLeftovers(layout: { readonly tmp: string }): Promise<string[]> {
  const left: string[] = [];
  for (const name of await readdir(layout.tmp)) {
    const file = path.join(layout.tmp, name);
    if (await isAbandoned(name, file)) left.push(file);
  }
  return left;
}

/** Removes what dead processes left in flight; answers the bytes that became free. */
export async function removeLeftovers(layout: { readonly tmp: string }): Promise<number> {
  let freed = 0;
  for (const file of await findLeftovers(layout)) {
    freed += await bytesIn(file);
    await rm(file, { recursive: true, force: true });
  }
  return freed;
}

async function isAbandoned(name: string, file: string): Promise<boolean> {
  const [, pid, start, host] = NAME.exec(name) ?? [];
  if (pid !== undefined && start !== undefined && host !== undefined) {
    const liveness = await livenessOf({ pid: Number(pid), start, host });
    if (liveness !== 'unknown') return liveness === 'gone';
  }
  const found = await ifExists(stat(file));
  return found !== undefined && Date.now() - found.mtimeMs > ABANDONED_MS;
}

async function bytesIn(file: string): Promise<number> {
  const found = await ifExists(stat(file));
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.size;
  let bytes = 0;
  for (const name of (await ifExists(readdir(file))) ?? []) bytes += await bytesIn(path.join(file, name));
  return bytes;
}
