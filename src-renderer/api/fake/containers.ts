/** Containers in memory: an image's layers with one more on top that can be changed. */
import type { ChangeRow, ContainerRow } from '@contract/views';
import {
  fakeDir,
  fakeFile,
  fakeLayer,
  fakeLink,
  type FakeEntry,
  type FakeLayer,
  mergeLayers,
  parentOf,
  putEntry,
  versionAt,
} from './layers';
import { fakeDigest, type FakeImage } from './samples';

const WORDS = ['calm-heron', 'brisk-otter', 'quiet-maple', 'amber-finch', 'steady-lark'];

export class FakeContainer {
  readonly id: string;
  readonly image: FakeImage;
  readonly upper: FakeLayer = fakeLayer('container layer', []);
  name: string;
  #revision = 0;

  constructor(image: FakeImage, name: string | undefined, count: number) {
    this.id = fakeDigest(`container ${count}`).slice(7, 39);
    this.image = image;
    this.name = name ?? `${WORDS[count % WORDS.length] ?? 'container'}-${count + 1}`;
  }

  get layers(): readonly FakeLayer[] {
    return [...this.image.layers, this.upper];
  }

  get row(): ContainerRow {
    const entries = [...this.upper.entries.values()];
    return {
      id: this.id,
      name: this.name,
      imageKey: this.image.key,
      imageReference: this.image.details.references[0] ?? this.image.key,
      created: '2025-06-20T08:15:00Z',
      revision: this.#revision,
      changes: this.changes().length,
      bytes: entries.reduce((sum, entry) => sum + entry.size, 0),
    };
  }

  /** As `docker diff` lists them: changed parents too. */
  changes(): ChangeRow[] {
    const below = mergeLayers(this.image.layers);
    const alive = (path: string): boolean => versionAt(below.get(path) ?? [], this.image.layers.length) !== undefined;
    const kinds = new Map<string, ChangeRow['kind']>();
    const touch = (path: string): void => {
      for (let up = parentOf(path); up !== '' && !kinds.has(up); up = parentOf(up))
        kinds.set(up, alive(up) ? 'C' : 'A');
    };
    for (const path of this.upper.whiteouts) {
      touch(path);
      kinds.set(path, 'D');
    }
    for (const path of this.upper.entries.keys()) {
      touch(path);
      kinds.set(path, alive(path) ? 'C' : 'A');
    }
    return [...kinds]
      .map(([path, kind]) => ({ kind, path, displayPath: `/${path}` }))
      .sort((a, b) => a.path.localeCompare(b.path));
  }

  /** The entry seen from outside. */
  entry(path: string): FakeEntry | undefined {
    return versionAt(mergeLayers(this.layers).get(path) ?? [], this.layers.length)?.entry;
  }

  writeText(path: string, text: string): void {
    const old = this.entry(path);
    this.#put({ ...(old ?? fakeFile(path, '')), text, size: new TextEncoder().encode(text).length });
  }

  add(parent: string, name: string, kind: 'file' | 'folder' | { readonly target: string }): void {
    const path = parent === '' ? name : `${parent}/${name}`;
    if (kind === 'file') this.#put(fakeFile(path, ''));
    else if (kind === 'folder') this.#put(fakeDir(path));
    else this.#put(fakeLink(path, kind.target));
  }

  rename(path: string, name: string): void {
    const entry = this.entry(path);
    const parent = parentOf(path);
    if (entry === undefined) return;
    this.#put({ ...entry, path: parent === '' ? name : `${parent}/${name}` });
    this.remove([path]);
  }

  remove(paths: readonly string[]): void {
    for (const path of paths) {
      for (const own of this.upper.entries.keys()) {
        if (own === path || own.startsWith(`${path}/`)) this.upper.entries.delete(own);
      }
      if (this.entry(path) !== undefined) this.upper.whiteouts.add(path);
    }
    this.#revision += 1;
  }

  setAttributes(
    path: string,
    change: { mode?: number | undefined; uid?: number | undefined; gid?: number | undefined },
  ): void {
    const entry = this.entry(path);
    if (entry === undefined) return;
    const { mode, uid, gid } = change;
    this.#put({ ...entry, mode: mode ?? entry.mode, uid: uid ?? entry.uid, gid: gid ?? entry.gid });
  }

  #put(entry: FakeEntry): void {
    putEntry(this.upper, entry);
    this.#revision += 1;
  }
}
