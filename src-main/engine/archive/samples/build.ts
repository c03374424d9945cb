/** From a sample's description to its layer tars and config. */
import type { Digest } from '../../digest/digest';
import { fromText } from '../../path/byte-string';
import { pathFromText } from '../../path/layer-path';
import type { RunConfig } from '../../image/types';
import { createTarWriter } from '../../tar/writer';
import type { TarHeader } from '../../tar/types';

/** One entry of a sample layer; `removed` hides the path in the layers below. */
export type SampleEntry =
  | { readonly kind: 'dir'; readonly path: string; readonly mode?: number }
  | { readonly kind: 'file'; readonly path: string; readonly text: string; readonly mode?: number }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }
  | { readonly kind: 'hardlink'; readonly path: string; readonly target: string }
  | { readonly kind: 'removed'; readonly path: string };

export interface SampleLayer {
  /** The Dockerfile line that would make it. */
  readonly createdBy: string;
  /** What it does, in a sentence. */
  readonly comment: string;
  /** ISO 8601; all of its entries have this time. */
  readonly created: string;
  readonly entries: readonly SampleEntry[];
}

export interface Sample {
  readonly description: string;
  readonly config: RunConfig;
  readonly layers: readonly SampleLayer[];
}

export function dir(path: string, mode?: number): SampleEntry {
  return mode === undefined ? { kind: 'dir', path } : { kind: 'dir', path, mode };
}

/** A text file; its lines end with a newline, the last one too. */
export function file(path: string, lines: readonly string[], mode?: number): SampleEntry {
  const text = lines.map((line) => `${line}\n`).join('');
  return mode === undefined ? { kind: 'file', path, text } : { kind: 'file', path, text, mode };
}

export async function buildSampleLayer(layer: SampleLayer): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const writer = createTarWriter((chunk) => void chunks.push(chunk));
  const sec = Date.parse(layer.created) / 1000;
  for (const entry of layer.entries) {
    const content = entry.kind === 'file' ? Buffer.from(entry.text) : Buffer.alloc(0);
    await writer.add({ ...headerOf(entry), size: content.length, mtime: { sec, nsec: 0 } }, [content]);
  }
  await writer.end();
  return Buffer.concat(chunks);
}

function headerOf(entry: SampleEntry): Omit<TarHeader, 'size' | 'mtime'> {
  const base = { uid: 0, gid: 0, linkname: fromText(''), xattrs: new Map(), devMajor: 0, devMinor: 0 };
  const path = pathFromText(entry.path);
  switch (entry.kind) {
    case 'dir':
      return { ...base, path, type: 'dir', mode: entry.mode ?? 0o755 };
    case 'file':
      return { ...base, path, type: 'file', mode: entry.mode ?? 0o644 };
    case 'symlink':
      return { ...base, path, type: 'symlink', mode: 0o777, linkname: fromText(entry.target) };
    case 'hardlink':
      return { ...base, path, type: 'hardlink', mode: 0o755, linkname: pathFromText(entry.target) };
    case 'removed':
      return { ...base, path: whiteoutOf(entry.path), type: 'file', mode: 0 };
  }
}

function whiteoutOf(path: string): TarHeader['path'] {
  const slash = path.lastIndexOf('/') + 1;
  return pathFromText(`${path.slice(0, slash)}.wh.${path.slice(slash)}`);
}

/** The image config; `diffIds` lowest first. */
export function buildSampleConfig(sample: Sample, diffIds: readonly Digest[]): Buffer {
  return Buffer.from(
    JSON.stringify({
      created: sample.layers.at(-1)?.created,
      author: 'Lamina',
      architecture: 'amd64',
      os: 'linux',
      config: { ...sample.config, Labels: { 'org.opencontainers.image.description': sample.description } },
      rootfs: { type: 'layers', diff_ids: diffIds },
      history: sample.layers.map(({ created, createdBy, comment }) => ({ created, created_by: createdBy, comment })),
    }),
  );
}
