/**
 * Finds where a path leads inside the image: symlinks are followed as if the image root were `/`, and `..` stops there
 * (rules 37, 38, 41, 42). Works on the tree as of any moment, so the merge and the window use the same walk.
 */
import type { ByteString } from '../path/byte-string';
import type { NodeRecord, VersionRecord } from './node';

/** Linux gives up after 40 symlinks as well (rule 42). */
export const MAX_SYMLINKS = 40;

export interface ResolveOptions {
  /** The version of a node that counts, if any. */
  readonly versionOf: (node: NodeRecord) => VersionRecord | undefined;
  /** Follow a symlink in the last component, too. */
  readonly followLast: boolean;
}

export interface Resolved {
  /** The deepest directory that exists on the way. */
  readonly directory: NodeRecord;
  /** Components below it that are no directories: nothing at all, or (the first of them) something else. */
  readonly missing: readonly ByteString[];
  /** Symlinks followed on the way. */
  readonly symlinks: readonly VersionRecord[];
  /** `..` in a symlink target climbed above the root and was stopped there. */
  readonly clamped: boolean;
}

/**
 * Walks the components of a path from the root.
 * @returns undefined when more than 40 symlinks were met: a loop
 */
export function resolvePath(
  root: NodeRecord,
  components: readonly ByteString[],
  options: ResolveOptions,
): Resolved | undefined {
  const walk = new PathWalk(root, components, options);
  return walk.run() ? walk : undefined;
}

class PathWalk implements Resolved {
  directory: NodeRecord;
  clamped = false;
  readonly missing: ByteString[] = [];
  readonly symlinks: VersionRecord[] = [];
  readonly #root: NodeRecord;
  readonly #pending: string[];
  readonly #options: ResolveOptions;

  constructor(root: NodeRecord, components: readonly ByteString[], options: ResolveOptions) {
    this.directory = root;
    this.#root = root;
    this.#pending = [...components].reverse();
    this.#options = options;
  }

  /** @returns false when it met too many symlinks */
  run(): boolean {
    for (let name = this.#pending.pop(); name !== undefined; name = this.#pending.pop()) {
      if (name === '' || name === '.') continue;
      if (name === '..') this.#up();
      else this.#down(name as ByteString);
      if (this.symlinks.length > MAX_SYMLINKS) return false;
    }
    return true;
  }

  /**
   * Behind a missing component `..` takes that component back, as umoci and runc do it: a dangling symlink never
   * makes directories that its target does not name.
   */
  #up(): void {
    if (this.missing.pop() !== undefined) return;
    this.clamped ||= this.directory.parent === undefined;
    this.directory = this.directory.parent ?? this.#root;
  }

  #down(name: ByteString): void {
    const child = this.missing.length === 0 ? this.directory.children?.get(name) : undefined;
    const version = child === undefined ? undefined : this.#options.versionOf(child);
    if (child !== undefined && version?.object.type === 'dir') this.directory = child;
    else if (version?.object.type === 'symlink' && (this.#options.followLast || this.#pending.length > 0)) {
      this.#follow(version);
    } else this.missing.push(name);
  }

  #follow(symlink: VersionRecord): void {
    this.symlinks.push(symlink);
    const target = symlink.state.linkname;
    if (target.startsWith('/')) this.directory = this.#root;
    for (const name of target.split('/').reverse()) this.#pending.push(name);
  }
}
