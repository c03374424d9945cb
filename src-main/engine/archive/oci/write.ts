/** Writes an image layout, as a tar or as a folder. Blobs go out exactly as they are stored. */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { hexOf } from '../../digest/digest';
import { LaminaError } from '../../errors';
import type { WorkOptions } from '../../options';
import { fromText } from '../../path/byte-string';
import { pathFromText } from '../../path/layer-path';
import { syncFolder } from '../../store/atomic';
import type { BlobInfo, BlobStore } from '../../store/types';
import { indexTarFile } from '../../tar/member-index';
import { createTarWriter, type TarWriter } from '../../tar/writer';
import type { TarHeader } from '../../tar/types';
import { FileSink, writeChecked, writeCheckedFolder } from '../output';
import { readRegion, streamRegion, throwIfCancelled } from '../read-region';
import { blobsOf, buildIndexJson, OCI_LAYOUT, type NamedImage } from './layout';

/** A layout as it will be written. */
export interface LayoutPlan {
  readonly store: BlobStore;
  readonly blobs: readonly BlobInfo[];
  /** Documents at the top, by name. */
  readonly documents: ReadonlyMap<string, Buffer>;
}

/** Plans a plain layout; `extra` documents stand beside `index.json`. */
export async function planLayout(
  store: BlobStore,
  images: readonly NamedImage[],
  extra: ReadonlyMap<string, Buffer> = new Map(),
): Promise<LayoutPlan> {
  const documents = new Map([...extra, ['index.json', buildIndexJson(images)], ['oci-layout', OCI_LAYOUT]] as const);
  return { store, blobs: await blobsOf(store, images), documents };
}

/** Writes the layout as a tar whose bytes depend on its content alone; returns its length. */
export async function writeLayoutTar(plan: LayoutPlan, target: string, options: WorkOptions): Promise<number> {
  const members = membersOf(plan);
  return writeChecked(
    target,
    async (sink) => {
      const writer = createTarWriter((chunk) => sink.write(chunk));
      for (const member of members) await addMember(writer, plan, member, options);
      await writer.end();
    },
    (part) => checkTar(part, plan, members),
  );
}

/** Writes the layout as a folder; returns the bytes of its files. */
export async function writeLayoutFolder(plan: LayoutPlan, target: string, options: WorkOptions): Promise<number> {
  return writeCheckedFolder(target, async (folder) => {
    const blobs = path.join(folder, 'blobs', 'sha256');
    await mkdir(blobs, { recursive: true });
    let bytes = 0;
    for (const [index, blob] of plan.blobs.entries()) {
      const content = blobContent(plan, { blob, index }, options);
      bytes += await writeOne(path.join(blobs, hexOf(blob.digest)), content);
    }
    for (const [name, document] of plan.documents) bytes += await writeOne(path.join(folder, name), [document]);
    for (const made of [blobs, path.dirname(blobs)]) await syncFolder(made);
    return bytes;
  });
}

async function writeOne(file: string, content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<number> {
  const sink = await FileSink.create(file);
  try {
    for await (const chunk of content) await sink.write(chunk);
    await sink.finish();
    return sink.bytes;
  } finally {
    await sink.close();
  }
}

type LayoutMember =
  | { readonly name: string; readonly kind: 'dir'; readonly size: 0 }
  | { readonly name: string; readonly kind: 'document'; readonly size: number; readonly bytes: Buffer }
  | {
      readonly name: string;
      readonly kind: 'blob';
      readonly size: number;
      readonly blob: BlobInfo;
      readonly index: number;
    };

function membersOf(plan: LayoutPlan): LayoutMember[] {
  const documents = [...plan.documents].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    { name: 'blobs', kind: 'dir', size: 0 },
    { name: 'blobs/sha256', kind: 'dir', size: 0 },
    ...plan.blobs.map((blob, index) => {
      return { name: `blobs/sha256/${hexOf(blob.digest)}`, kind: 'blob', size: blob.size, blob, index } as const;
    }),
    ...documents.map(([name, bytes]) => ({ name, kind: 'document', size: bytes.length, bytes }) as const),
  ];
}

async function addMember(
  writer: TarWriter,
  plan: LayoutPlan,
  member: LayoutMember,
  options: WorkOptions,
): Promise<void> {
  throwIfCancelled(options.signal);
  if (member.kind === 'blob') await writer.add(headerOf(member), blobContent(plan, member, options));
  else await writer.add(headerOf(member), member.kind === 'document' ? [member.bytes] : []);
}

function headerOf({ name, kind, size }: LayoutMember): TarHeader {
  const isDir = kind === 'dir';
  return {
    path: pathFromText(name),
    type: isDir ? 'dir' : 'file',
    mode: isDir ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    size,
    mtime: { sec: 0, nsec: 0 },
    linkname: fromText(''),
    xattrs: new Map(),
    devMajor: 0,
    devMinor: 0,
  };
}

/** A blob's bytes, hashed as they pass: a damaged blob never leaves the store unnoticed. */
async function* blobContent(
  plan: LayoutPlan,
  { blob, index }: { readonly blob: BlobInfo; readonly index: number },
  options: WorkOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const region = { file: plan.store.blobFile(blob.digest), offset: 0, size: blob.size };
  const hash = createHash('sha256');
  const label = `blob ${index + 1} of ${plan.blobs.length}`;
  const report = (doneBytes: number, state: 'running' | 'done'): void =>
    options.onProgress?.({ part: blob.digest, label, doneBytes, totalBytes: blob.size, state });
  let doneBytes = 0;
  for await (const chunk of streamRegion(region, blob.digest, options.signal)) {
    hash.update(chunk);
    doneBytes += chunk.length;
    report(doneBytes, 'running');
    yield chunk;
  }
  if (hash.digest('hex') !== hexOf(blob.digest)) throw damaged(blob);
  report(doneBytes, 'done');
}

function damaged({ digest }: BlobInfo): LaminaError {
  return new LaminaError('BLOB_DAMAGED', `The stored blob ${digest} does not have that digest any more.`, {
    subject: digest,
    hint: 'Nothing was exported. Run “lamina fsck”, then import the image again from where it came from.',
  });
}

/** Reads the finished tar's own index again: an export that says it succeeded has everything in it. */
async function checkTar(part: string, plan: LayoutPlan, members: readonly LayoutMember[]): Promise<void> {
  const found = new Map((await indexTarFile(part)).map((member) => [String(member.name), member]));
  const isWhole = members.every(({ name, size }) => found.get(name)?.size === size) && found.size === members.length;
  const index = found.get('index.json');
  const bytes =
    index === undefined
      ? undefined
      : await readRegion({ file: part, offset: index.offset, size: index.size }, index.size, 'index.json');
  if (isWhole && bytes !== undefined && plan.documents.get('index.json')?.equals(bytes) === true) return;
  throw new LaminaError('IO', `What was written to ${part} is not what was meant to be written.`, {
    subject: part,
    hint: 'The disk or the network drive did not keep it. Try another one; the images in the store are as they were.',
  });
}
