/** Layers in memory, and what became of each path as they lie on one another. */
import type { NodeType } from '@contract/views';

export interface FakeEntry {
  readonly path: string;
  readonly type: NodeType;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: string;
  readonly text?: string | undefined;
  readonly linkname?: string | undefined;
}

export interface FakeLayer {
  readonly createdBy: string;
  readonly entries: Map<string, FakeEntry>;
  readonly whiteouts: Set<string>;
}

/** One version of a path: which layer wrote it and which ended it. Layers count from 1. */
export interface FakeVersion {
  readonly entry: FakeEntry;
  readonly layer: number;
  endLayer: number | undefined;
  endReason: 'replaced' | 'whiteout' | 'parent' | undefined;
}

const MTIME = '2025-03-04T09:26:53Z';

export function fakeDir(path: string): FakeEntry {
  return { path, type: 'dir', size: 0, mode: 0o755, uid: 0, gid: 0, mtime: MTIME };
}

/** A file of text; `size` pretends that it is longer. */
export function fakeFile(path: string, text: string, size = text.length): FakeEntry {
  return { path, type: 'file', size, mode: 0o644, uid: 0, gid: 0, mtime: MTIME, text };
}

export function fakeLink(path: string, linkname: string): FakeEntry {
  return { path, type: 'symlink', size: linkname.length, mode: 0o777, uid: 0, gid: 0, mtime: MTIME, linkname };
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Puts an entry into a layer, with the directories above it where the layer lacks them. */
export function putEntry(layer: FakeLayer, entry: FakeEntry): void {
  layer.entries.set(entry.path, entry);
  layer.whiteouts.delete(entry.path);
}

export function fakeLayer(
  createdBy: string,
  entries: readonly FakeEntry[],
  whiteouts: readonly string[] = [],
): FakeLayer {
  const layer: FakeLayer = { createdBy, entries: new Map(), whiteouts: new Set(whiteouts) };
  for (const entry of entries) putEntry(layer, entry);
  return layer;
}

function isBelow(path: string, directory: string): boolean {
  return directory === '' || path.startsWith(`${directory}/`);
}

function newestAlive(versions: readonly FakeVersion[] | undefined): FakeVersion | undefined {
  const last = versions?.at(-1);
  return last?.endLayer === undefined ? last : undefined;
}

function applyWhiteout(all: Map<string, FakeVersion[]>, path: string, layer: number): void {
  for (const [other, versions] of all) {
    const alive = newestAlive(versions);
    if (alive === undefined || (other !== path && !isBelow(other, path))) continue;
    alive.endLayer = layer;
    alive.endReason = other === path ? 'whiteout' : 'parent';
  }
}

function applyEntry(all: Map<string, FakeVersion[]>, entry: FakeEntry, layer: number): void {
  const versions = all.get(entry.path) ?? [];
  const alive = newestAlive(versions);
  if (alive !== undefined) {
    alive.endLayer = layer;
    alive.endReason = 'replaced';
  }
  versions.push({ entry, layer, endLayer: undefined, endReason: undefined });
  all.set(entry.path, versions);
}

/** Every version of every path, oldest first. */
export function mergeLayers(layers: readonly FakeLayer[]): Map<string, FakeVersion[]> {
  const all = new Map<string, FakeVersion[]>();
  layers.forEach((layer, index) => {
    for (const path of layer.whiteouts) applyWhiteout(all, path, index + 1);
    for (const entry of layer.entries.values()) {
      for (let up = parentOf(entry.path); up !== ''; up = parentOf(up)) {
        if (newestAlive(all.get(up)) === undefined) applyEntry(all, fakeDir(up), index + 1);
      }
      applyEntry(all, entry, index + 1);
    }
  });
  return all;
}

/** The version of a path that is there as of a layer. */
export function versionAt(versions: readonly FakeVersion[], layer: number): FakeVersion | undefined {
  return versions.find((v) => v.layer <= layer && (v.endLayer === undefined || v.endLayer > layer));
}
