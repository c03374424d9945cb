/** An open tree over layers in memory: the same answers as main's, for as many rows as a demonstration needs. */
import type { ChangeMark, NodeDetails, Preview, TreeOptions, TreeRow, TreeState, VersionView } from '@contract/views';
import { type FakeLayer, type FakeVersion, mergeLayers, parentOf, versionAt } from './layers';

interface Shown {
  readonly version: FakeVersion;
  readonly ghost: boolean;
  readonly mark: ChangeMark | undefined;
}

const UNITS: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9 };

function globToRegExp(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 'i');
}

function matchesTerm(term: string, path: string, version: FakeVersion): boolean {
  const layer = /^layer:(\d+)$/.exec(term);
  if (layer !== null) return version.layer === Number(layer[1]);
  const size = /^size:([<>])(\d+)([kMG]?)$/.exec(term);
  if (size !== null) {
    const bytes = Number(size[2]) * (UNITS[size[3] ?? ''] ?? 1);
    return size[1] === '>' ? version.entry.size > bytes : version.entry.size < bytes;
  }
  const name = term.includes('/') ? `/${path}` : path.slice(path.lastIndexOf('/') + 1);
  return /[*?]/.test(term) ? globToRegExp(term).test(name) : name.toLowerCase().includes(term.toLowerCase());
}

export class FakeTree {
  readonly #view: number;
  readonly #layers: () => readonly FakeLayer[];
  #options: TreeOptions;
  #revision = 0;
  readonly #open = new Set<string>();
  #versions = new Map<string, FakeVersion[]>();
  #shown = new Map<string, Shown>();
  #children = new Map<string, string[]>();
  #sizes = new Map<string, number>();
  #rows: TreeRow[] = [];
  #matches: number | undefined;

  constructor(view: number, layers: () => readonly FakeLayer[], options: TreeOptions) {
    this.#view = view;
    this.#layers = layers;
    this.#options = options;
    this.rebuild();
  }

  get state(): TreeState {
    const files = [...this.#shown.values()].filter((s) => s.version.entry.type !== 'dir' && !s.ghost);
    return {
      view: this.#view,
      revision: this.#revision,
      rowCount: this.#rows.length,
      files: files.length,
      bytes: files.reduce((sum, s) => sum + s.version.entry.size, 0),
      layerCount: this.#layers().length,
      matches: this.#matches,
    };
  }

  configure(options: TreeOptions): TreeState {
    this.#options = options;
    this.rebuild();
    return this.state;
  }

  rows(offset: number, limit: number): readonly TreeRow[] {
    return this.#rows.slice(offset, offset + limit);
  }

  toggle(path: string, open: boolean, deep: boolean): TreeState {
    const paths = deep ? [path, ...this.#shown.keys()].filter((p) => p === path || p.startsWith(`${path}/`)) : [path];
    for (const each of paths) {
      if (open) this.#open.add(each);
      else this.#open.delete(each);
    }
    this.#layOut();
    return this.state;
  }

  reveal(path: string): { readonly state: TreeState; readonly index: number } {
    for (let up = parentOf(path); up !== ''; up = parentOf(up)) this.#open.add(up);
    this.#layOut();
    return { state: this.state, index: this.#rows.findIndex((row) => row.path === path) };
  }

  /** Merges and lays out anew, after the layers changed. */
  rebuild(): void {
    const layers = this.#layers();
    this.#versions = mergeLayers(layers);
    this.#show(layers.length);
    this.#layOut();
  }

  #show(layerCount: number): void {
    const at = this.#options.mode === 'union' ? layerCount : (this.#options.layer ?? layerCount);
    this.#shown = new Map();
    for (const [path, versions] of this.#versions) {
      const shown = this.#options.mode === 'layer' ? this.#inLayer(versions, at) : this.#asOf(versions, at);
      if (shown !== undefined) this.#shown.set(path, shown);
    }
    this.#filter();
    this.#link();
  }

  #asOf(versions: readonly FakeVersion[], at: number): Shown | undefined {
    const version = versionAt(versions, at);
    if (version !== undefined) {
      const mark = version.layer < at ? undefined : versionAt(versions, at - 1) === undefined ? 'A' : 'M';
      return { version, ghost: false, mark };
    }
    const last = versions.filter((v) => v.layer <= at).at(-1);
    if (last === undefined || !this.#options.ghosts) return undefined;
    return { version: last, ghost: true, mark: last.endLayer === at ? 'D' : undefined };
  }

  #inLayer(versions: readonly FakeVersion[], at: number): Shown | undefined {
    const written = versions.find((v) => v.layer === at);
    const before = versionAt(versions, at - 1);
    if (written !== undefined) return { version: written, ghost: false, mark: before === undefined ? 'A' : 'M' };
    return before?.endLayer === at && before.endReason === 'whiteout'
      ? { version: before, ghost: true, mark: 'D' }
      : undefined;
  }

  #filter(): void {
    const terms = this.#options.filter.split(/\s+/).filter((term) => term !== '');
    this.#matches = undefined;
    if (terms.length === 0) {
      this.#keepParents(new Set(this.#shown.keys()));
      return;
    }
    const matching = [...this.#shown].filter(([path, s]) => terms.every((term) => matchesTerm(term, path, s.version)));
    this.#matches = matching.length;
    const kept = new Set(matching.map(([path]) => path));
    for (const [path] of matching) for (let up = parentOf(path); up !== ''; up = parentOf(up)) this.#open.add(up);
    this.#keepParents(kept);
  }

  #keepParents(kept: Set<string>): void {
    const all = this.#shown;
    this.#shown = new Map();
    for (const path of kept) {
      for (let up = path; up !== ''; up = parentOf(up)) {
        const own = all.get(up);
        const last = this.#versions.get(up)?.at(-1);
        const shown = own ?? (last === undefined ? undefined : { version: last, ghost: false, mark: undefined });
        if (shown !== undefined) this.#shown.set(up, shown);
      }
    }
  }

  #link(): void {
    this.#children = new Map();
    this.#sizes = new Map();
    for (const [path, { version }] of this.#shown) {
      const parent = parentOf(path);
      const siblings = this.#children.get(parent);
      if (siblings === undefined) this.#children.set(parent, [path]);
      else siblings.push(path);
      if (version.entry.type === 'dir') continue;
      this.#sizes.set(path, version.entry.size);
      for (let up = parent; up !== ''; up = parentOf(up)) {
        this.#sizes.set(up, (this.#sizes.get(up) ?? 0) + version.entry.size);
      }
    }
  }

  #layOut(): void {
    this.#revision += 1;
    this.#rows = [];
    this.#addChildren('', 0);
  }

  #addChildren(parent: string, depth: number): void {
    const rows = (this.#children.get(parent) ?? []).flatMap((path) => this.#row(path, depth) ?? []);
    rows.sort((a, b) => this.#compare(a, b));
    for (const row of rows) {
      this.#rows.push(row);
      if (row.open) this.#addChildren(row.path, depth + 1);
    }
  }

  #row(path: string, depth: number): TreeRow | undefined {
    const shown = this.#shown.get(path);
    if (shown === undefined) return undefined;
    const { entry, layer } = shown.version;
    const hasChildren = this.#children.has(path);
    return {
      path,
      name: path.slice(path.lastIndexOf('/') + 1),
      depth,
      type: entry.type,
      open: hasChildren && this.#open.has(path),
      hasChildren,
      ghost: shown.ghost,
      mark: shown.mark,
      size: this.#sizes.get(path) ?? 0,
      mode: entry.mode,
      uid: entry.uid,
      gid: entry.gid,
      mtime: entry.mtime,
      layer,
      linkname: entry.linkname,
    };
  }

  #compare(a: TreeRow, b: TreeRow): number {
    const { by, descending } = this.#options.sort;
    const keyed = {
      name: () => Number(b.type === 'dir') - Number(a.type === 'dir'),
      size: () => a.size - b.size,
      mode: () => a.mode - b.mode,
      owner: () => a.uid - b.uid || a.gid - b.gid,
      mtime: () => a.mtime.localeCompare(b.mtime),
      layer: () => a.layer - b.layer,
    }[by]();
    return (descending ? -1 : 1) * (keyed !== 0 ? keyed : a.name.localeCompare(b.name));
  }

  details(path: string): NodeDetails | undefined {
    const versions = this.#versions.get(path);
    if (versions === undefined) return undefined;
    const shown = this.#shown.get(path);
    const newest = versions.at(-1);
    const current = shown?.version ?? newest;
    const link = newest?.entry.linkname;
    const around = parentOf(path);
    return {
      path,
      displayPath: `/${path}`,
      ghost: shown?.ghost ?? true,
      current: current === undefined ? undefined : this.#versionView(current),
      versions: [...versions].reverse().map((version) => this.#versionView(version)),
      linkname: link,
      linkPath: link === undefined || around === '' ? link : `${around}/${link}`,
      hardlinks: [],
      xattrs: [],
      device: undefined,
    };
  }

  #versionView(version: FakeVersion): VersionView {
    const { entry, layer, endLayer, endReason } = version;
    const createdBy = this.#layers()[layer - 1]?.createdBy;
    const { type, size, mode, uid, gid, mtime } = entry;
    const sha256 = type === 'file' ? `${size}`.padStart(64, 'a1b2c3') : undefined;
    return { layer, type, size, mode, uid, gid, mtime, sha256, createdBy, endLayer, endReason };
  }

  preview(path: string, layer: number | undefined, limit: number): Preview | undefined {
    const versions = this.#versions.get(path) ?? [];
    const version = layer === undefined ? versions.at(-1) : versions.find((v) => v.layer === layer);
    if (version === undefined) return undefined;
    const { text, size } = version.entry;
    if (size === 0) return { kind: 'empty' };
    if (text !== undefined && text !== '') {
      return {
        kind: 'text',
        text: text.slice(0, limit),
        truncated: size > limit,
        encoding: 'utf-8',
        lineEnd: '\n',
        size,
      };
    }
    return { kind: 'binary', hex: '7f454c4602010100'.repeat(64), truncated: size > 512, size };
  }
}
