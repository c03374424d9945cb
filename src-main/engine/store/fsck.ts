/**
 * The check of a store: every blob is hashed, every reference followed, and everything that does not belong is named.
 * `repair` removes what can be made again (layer indexes) or means nothing (what crashes left); never a blob that an
 * image uses, however damaged: that decision is the user's.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { hexOf, isDigest, type Digest } from '../digest/digest';
import { LaminaError, toLaminaError } from '../errors';
import type { WorkOptions } from '../options';
import { layoutOf, layoutProblem, type Layout } from './layout';
import { isTombstone } from './lock';
import { bareDescriptor, follow, newReach, type Reach } from './reach';
import { familiarOf } from './reference';
import { findLeftovers } from './scratch';
import type { BlobStore, FsckProblem, FsckReport } from './types';

/** What the check asks of the rooms above the store. */
export interface FsckParts {
  /** Manifests and blobs that containers stand on. */
  pinned(): Promise<Digest[]>;
  /** Reads a layer index; rejects when it is damaged, else answers the DiffID it is for. */
  readIndex(file: string): Promise<{ readonly diffId: Digest }>;
}

export type FsckOptions = WorkOptions & { readonly repair?: boolean | undefined };

type Problem = Omit<FsckProblem, 'repaired'>;

/** Checks the whole store. @throws LaminaError CANCELLED */
export async function checkStore(store: BlobStore, parts: FsckParts, options: FsckOptions = {}): Promise<FsckReport> {
  try {
    return await new StoreCheck(store, parts, options).run();
  } catch (error) {
    throw toLaminaError(error, store.dir);
  }
}

const LAMINA_NAMES = new Set(['version', 'lock', 'index', 'containers', 'tmp', 'trash']);
const STORE_NAMES = new Set(['oci-layout', 'index.json', 'blobs', 'lamina']);

class StoreCheck {
  private readonly problems: FsckProblem[] = [];
  private readonly layout: Layout;
  private readonly store: BlobStore;
  private readonly parts: FsckParts;
  private readonly options: FsckOptions;
  private checkedBlobs = 0;
  private checkedBytes = 0;

  constructor(store: BlobStore, parts: FsckParts, options: FsckOptions) {
    this.store = store;
    this.parts = parts;
    this.options = options;
    this.layout = layoutOf(store.dir);
  }

  async run(): Promise<FsckReport> {
    const layout = await layoutProblem(this.layout);
    if (layout !== undefined) {
      this.report({
        kind: 'layout-invalid',
        subject: this.layout.layoutFile,
        message: layout,
        hint: 'Write {"imageLayoutVersion":"1.0.0"} into it, or restore it from a backup.',
      });
    }
    const users = await this.checkImages();
    await this.checkBlobs(users);
    await this.checkContainers();
    await this.checkIndexes();
    await this.checkStrays();
    return { checkedBlobs: this.checkedBlobs, checkedBytes: this.checkedBytes, problems: this.problems };
  }

  /** Follows every root; answers which images use each blob, for the messages about damaged ones. */
  private async checkImages(): Promise<Map<Digest, Set<string>>> {
    const users = new Map<Digest, Set<string>>();
    for (const { reference, descriptor } of await this.store.roots()) {
      const name = reference === undefined ? descriptor.digest : familiarOf(reference);
      const reach = newReach();
      await follow(this.store, [descriptor], reach);
      for (const digest of await this.leftOut(reach)) reach.blobs.delete(digest);
      for (const digest of reach.blobs) users.set(digest, (users.get(digest) ?? new Set()).add(name));
      for (const [digest, error] of reach.unreadable) {
        if (error.code === 'BLOB_MISSING' || error.code === 'BLOB_DAMAGED') continue;
        this.report({
          kind: 'blob-damaged',
          subject: digest,
          message: `A document of the image ${name} cannot be read: ${error.message}`,
          hint: `Remove the image with “lamina rmi ${name}” and import it again.`,
        });
      }
    }
    for (const [digest, names] of users) {
      if (!(await this.store.has(digest))) this.reportMissing(digest, names);
    }
    return users;
  }

  /** Other platforms' images that an index lists and the archive it came in left out. */
  private async leftOut({ choices }: Reach): Promise<Digest[]> {
    const all: Digest[] = [];
    for (const listed of choices) {
      const missing: Digest[] = [];
      for (const digest of listed) if (!(await this.store.has(digest))) missing.push(digest);
      if (missing.length < listed.length) all.push(...missing);
    }
    return all;
  }

  private reportMissing(digest: Digest, names: ReadonlySet<string>): void {
    this.report({
      kind: 'blob-missing',
      subject: digest,
      message: `The store has no blob ${digest}, which ${listed(names)} needs.`,
      hint: 'Import the image again from where it came from; the blob is then restored.',
    });
  }

  private async checkBlobs(users: ReadonlyMap<Digest, ReadonlySet<string>>): Promise<void> {
    for (const name of (await readdir(this.layout.blobs)).sort()) {
      this.options.signal?.throwIfAborted();
      const file = path.join(this.layout.blobs, name);
      const digest = `sha256:${name}`;
      if (isDigest(digest)) await this.checkBlob(digest, file, users.get(digest) ?? new Set());
      else this.stray(file, 'is not named as a blob is');
    }
  }

  private async checkBlob(digest: Digest, file: string, users: ReadonlySet<string>): Promise<void> {
    this.checkedBlobs += 1;
    const found = await this.hash(digest, file).catch((error: unknown) => toLaminaError(error, file));
    if (found === digest) return;
    if (found instanceof LaminaError && found.code === 'CANCELLED') throw found;
    const what = found instanceof LaminaError ? `cannot be read: ${found.message}` : `hashes to ${found}`;
    const commands = [...users].map((name) => `“lamina rmi ${name}”`).join(', ');
    this.report({
      kind: 'blob-damaged',
      subject: digest,
      message: `The blob ${digest} ${what}. ${users.size === 0 ? 'No image uses it.' : `It belongs to ${listed(users)}.`}`,
      hint:
        users.size === 0
          ? 'Run “lamina gc” to remove it.'
          : `Run ${commands}, then “lamina gc”, and import again from where the images came from.`,
    });
  }

  private async hash(digest: Digest, file: string): Promise<Digest> {
    const totalBytes = await this.store.sizeOf(digest);
    const hash = createHash('sha256');
    let doneBytes = 0;
    const report = (state: 'running' | 'done'): void => {
      this.options.onProgress?.({ part: digest, label: digest.slice(0, 19), doneBytes, totalBytes, state });
    };
    for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024, signal: this.options.signal })) {
      const bytes = chunk as Buffer;
      hash.update(bytes);
      doneBytes += bytes.byteLength;
      report('running');
    }
    report('done');
    this.checkedBytes += doneBytes;
    return `sha256:${hash.digest('hex')}`;
  }

  private async checkContainers(): Promise<void> {
    const pinned = await this.parts.pinned().catch((error: unknown) => {
      const { message, hint } = toLaminaError(error);
      this.report({
        kind: 'container-damaged',
        subject: this.layout.containers,
        message,
        hint: hint ?? 'Restore the folder from a backup.',
      });
      return [];
    });
    const reach = newReach();
    await follow(this.store, pinned.map(bareDescriptor), reach);
    for (const digest of await this.leftOut(reach)) reach.blobs.delete(digest);
    for (const digest of reach.blobs) {
      if (await this.store.has(digest)) continue;
      this.report({
        kind: 'container-damaged',
        subject: digest,
        message: `A container stands on an image of which the blob ${digest} is missing.`,
        hint: 'Import the image again from where it came from; the container is then whole.',
      });
    }
  }

  private async checkIndexes(): Promise<void> {
    for (const name of await readdir(this.layout.indexes)) {
      const file = path.join(this.layout.indexes, name);
      const diffId = `sha256:${name}`;
      if (!isDigest(diffId)) {
        this.stray(file, 'is not named as a layer index is');
        continue;
      }
      const problem = await this.indexProblem(file, diffId);
      if (problem === undefined) continue;
      await this.repairable(file, {
        kind: 'index-damaged',
        subject: file,
        message: `The index of layer ${diffId} ${problem}.`,
        hint: 'Run “lamina fsck --repair”; the index is then made again from the layer when it is needed.',
      });
    }
  }

  private async indexProblem(file: string, diffId: Digest): Promise<string | undefined> {
    try {
      const index = await this.parts.readIndex(file);
      return index.diffId === diffId ? undefined : `is for ${hexOf(index.diffId)}`;
    } catch (error) {
      return `cannot be read: ${toLaminaError(error).message}`;
    }
  }

  private async checkStrays(): Promise<void> {
    for (const file of await findLeftovers(this.layout)) {
      await this.repairable(file, {
        kind: 'leftover',
        subject: file,
        message: `${file} was left by a process that no longer runs.`,
        hint: 'Run “lamina fsck --repair” or “lamina gc” to remove it.',
      });
    }
    for (const name of await readdir(this.layout.lamina)) {
      if (LAMINA_NAMES.has(name) || isTombstone(name)) continue;
      this.stray(path.join(this.layout.lamina, name), 'does not belong to the store');
    }
    for (const name of await readdir(this.layout.dir)) {
      if (STORE_NAMES.has(name) || name.startsWith('.')) continue;
      this.stray(path.join(this.layout.dir, name), 'does not belong to the store');
    }
  }

  /** A file of somebody else is named, never removed. */
  private stray(file: string, why: string): void {
    this.report({
      kind: 'stray-file',
      subject: file,
      message: `${file} ${why}.`,
      hint: 'Move it elsewhere if you need it, or delete it.',
    });
  }

  private async repairable(file: string, problem: Problem): Promise<void> {
    if (this.options.repair === true) await rm(file, { recursive: true, force: true });
    this.problems.push({ ...problem, repaired: this.options.repair === true });
  }

  private report(problem: Problem): void {
    this.problems.push({ ...problem, repaired: false });
  }
}

function listed(names: ReadonlySet<string>): string {
  const [first, ...more] = [...names].sort();
  const rest = more.length === 0 ? '' : ` and ${more.length} more`;
  return `${first ?? 'nothing'}${rest}`;
}
