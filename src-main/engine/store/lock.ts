/**
 * One writer at a time, also across processes. The lock is a folder `lamina/lock` with one file named after its owner;
 * it is made elsewhere and renamed into place whole, and no system renames a folder over a folder that is not empty.
 * So taking it is one step that only one can win, on every filesystem, and needs no flush: a power cut leaves at worst
 * an empty folder, which anybody may remove.
 *
 * A lock whose owner has died is renamed away to a name made of that owner's token, which stays for a while: of several
 * processes that saw the same dead owner only one can do that, and none can move a lock taken since.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, rmdir, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LaminaError } from '../errors';
import { renameOver } from './atomic';
import type { Layout } from './layout';
import { livenessOf, ownIdentity, type ProcessIdentity } from './process-identity';
import { scratchPath } from './scratch';
import { errorCode, ifExists } from './system-error';

const OWNER_NAME = /^(\d+)-([0-9a-z]+)-([0-9a-f]+)-([0-9a-f]{32})$/;
const DEFAULT_LOCK_TIMEOUT_MS = 30_000;
const MAX_NOTE = 200;
const FIRST_POLL_MS = 10;
const LONGEST_POLL_MS = 250;
/** How long the name of a dead owner's lock stays taken; a process would have to sleep this long between two steps. */
const TOMBSTONE_MS = 60 * 60 * 1000;

/** What a rename onto a folder that is there fails with. */
const TAKEN = ['ENOTEMPTY', 'EEXIST'];
/** Windows says so as well while somebody looks into the folder. */
const WINDOWS_TAKEN = [...TAKEN, 'EPERM', 'EACCES', 'EBUSY'];

interface Owner extends ProcessIdentity {
  readonly token: string;
  /** What it does and since when, for people. */
  readonly note: string;
}

/** One holding of a lock; calls that outlive it must not think that they still hold it. */
interface Holding {
  active: boolean;
}

/** Locks that the current chain of calls holds, so that a locked call may make locked calls. */
const held = new AsyncLocalStorage<ReadonlyMap<string, Holding>>();
/** Callers of this thread queue here and do not poll. */
const queues = new Map<string, Promise<unknown>>();

export interface LockOptions {
  readonly timeoutMs?: number | undefined;
}

/** Runs `work` as the only writer of the store. @throws LaminaError STORE_LOCKED naming the holder after the timeout */
export async function withStoreLock<T>(
  layout: Layout,
  purpose: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const mine = held.getStore();
  if (mine?.get(layout.lock)?.active === true) return work();
  const before = queues.get(layout.lock) ?? Promise.resolve();
  const turn = before.then(async () => {
    await acquire(layout, purpose, options.timeoutMs ?? DEFAULT_LOCK_TIMEOUT_MS);
    const holding: Holding = { active: true };
    try {
      return await held.run(new Map([...(mine ?? []), [layout.lock, holding]]), work);
    } finally {
      holding.active = false;
      await release(layout);
    }
  });
  const settled = turn.catch(() => undefined);
  queues.set(layout.lock, settled);
  void settled.then(() => {
    if (queues.get(layout.lock) === settled) queues.delete(layout.lock);
  });
  return turn;
}

async function acquire(layout: Layout, purpose: string, timeoutMs: number): Promise<void> {
  const { pid, start, host } = await ownIdentity();
  const name = `${pid}-${start}-${host}-${randomBytes(16).toString('hex')}`;
  const note = `${purpose}, since ${new Date().toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const prepared = await scratchPath(layout);
  await mkdir(prepared);
  try {
    await writeFile(path.join(prepared, name), note);
    await waitForTurn(layout, prepared, timeoutMs);
  } catch (error) {
    await rm(prepared, { recursive: true, force: true });
    throw error;
  }
}

async function waitForTurn(layout: Layout, prepared: string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let poll = FIRST_POLL_MS;
  while (!(await tryTake(prepared, layout.lock))) {
    const owner = await readOwner(layout);
    if (Date.now() >= deadline) throw lockedBy(layout, owner);
    if (owner !== undefined && (await livenessOf(owner)) === 'gone') {
      await bury(layout, owner);
      continue;
    }
    await wait(poll * (0.5 + Math.random() / 2));
    poll = Math.min(poll * 2, LONGEST_POLL_MS);
  }
}

async function tryTake(prepared: string, lock: string): Promise<boolean> {
  try {
    await rename(prepared, lock);
    return true;
  } catch (error) {
    const code = errorCode(error) ?? '';
    const taken = process.platform === 'win32' ? WINDOWS_TAKEN : TAKEN;
    if (taken.includes(code)) return false;
    throw error;
  }
}

/** The owner, or undefined when there is none (any more). A folder that a crash left without an owner is removed. */
async function readOwner(layout: Layout): Promise<Owner | undefined> {
  const names = await readdir(layout.lock).catch(() => []);
  const name = names.find((one) => OWNER_NAME.test(one)) ?? '';
  const [, pid, start, host, token] = OWNER_NAME.exec(name) ?? [];
  if (pid === undefined || start === undefined || host === undefined || token === undefined) {
    // Removes an empty folder only, which nobody can hold.
    await rmdir(layout.lock).catch(() => undefined);
    return undefined;
  }
  const note = await readFile(path.join(layout.lock, name), 'utf8').catch(() => '');
  return { pid: Number(pid), start, host, token, note: note.slice(0, MAX_NOTE) };
}

/** Moves a dead owner's lock out of the way, and clears what was moved long ago. */
async function bury(layout: Layout, owner: Owner): Promise<void> {
  const tombstone = `${layout.lock}.dead-${owner.token}`;
  try {
    // The time of burial; a live lock only gets a newer date by this.
    await utimes(layout.lock, new Date(), new Date());
    await rename(layout.lock, tombstone);
  } catch (error) {
    const code = errorCode(error);
    // Somebody else buried it first; the lock is free or taken anew.
    if (code !== 'ENOENT' && code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM' && code !== 'EACCES') {
      throw error;
    }
  }
  await removeOldTombstones(layout);
}

async function removeOldTombstones(layout: Layout): Promise<void> {
  for (const name of await readdir(layout.lamina)) {
    if (!isTombstone(name)) continue;
    const file = path.join(layout.lamina, name);
    const found = await ifExists(stat(file));
    if (found !== undefined && Date.now() - found.mtimeMs > TOMBSTONE_MS) {
      await rm(file, { recursive: true, force: true });
    }
  }
}

/** Whether a name in `lamina/` is what remains of a dead owner's lock. */
export function isTombstone(name: string): boolean {
  return name.startsWith('lock.dead-');
}

async function release(layout: Layout): Promise<void> {
  const away = await scratchPath(layout);
  await renameOver(layout.lock, away);
  await rm(away, { recursive: true, force: true });
}

function lockedBy(layout: Layout, owner: Owner | undefined): LaminaError {
  const who = owner === undefined ? 'another process' : `process ${owner.pid} (${owner.note})`;
  return new LaminaError('STORE_LOCKED', `The store ${layout.dir} is being changed by ${who}.`, {
    subject: layout.dir,
    hint: `Wait until it is done and try again. If that process runs on another machine that has crashed, delete ${layout.lock}.`,
  });
}
