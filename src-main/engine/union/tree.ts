/** The merged tree as the rest of the engine sees it. */
import { LaminaError } from '../errors';
import type { Diagnostic } from '../layer/entry';
import { componentsOf, pathToText, type LayerPath } from '../path/layer-path';
import { reportCollisions } from './collisions';
import { DiagnosticLog } from './diagnostics';
import { NodeRecord, type VersionRecord } from './node';
import { MAX_SYMLINKS, resolvePath } from './resolve';
import type { LookupOptions, UnionNode, UnionTree } from './types';
import { sortedChildren, walkBelow } from './walk';

export class MergedTree implements UnionTree {
  readonly root: NodeRecord;
  readonly layerCount: number;
  readonly nodeCount: number;
  readonly #merged: readonly Diagnostic[];
  #diagnostics: readonly Diagnostic[] | undefined;

  constructor(root: NodeRecord, counts: { layers: number; nodes: number }, diagnostics: readonly Diagnostic[]) {
    this.root = root;
    this.layerCount = counts.layers;
    this.nodeCount = counts.nodes;
    this.#merged = diagnostics;
  }

  /** Name collisions are looked for when somebody asks: they need a walk over the whole tree. */
  get diagnostics(): readonly Diagnostic[] {
    if (this.#diagnostics === undefined) {
      const log = new DiagnosticLog();
      reportCollisions(this.root, this.#top, log);
      this.#diagnostics = [...this.#merged, ...log.list];
    }
    return this.#diagnostics;
  }

  /** The root is there even when the image has no layer. */
  get #top(): number {
    return Math.max(this.layerCount - 1, 0);
  }

  visible(node: UnionNode, upTo: number = this.#top): VersionRecord | undefined {
    return recordOf(node).visibleAt(upTo);
  }

  latest(node: UnionNode, upTo: number = this.#top): VersionRecord | undefined {
    return recordOf(node).latestAt(upTo);
  }

  nodeAt(path: LayerPath): NodeRecord | undefined {
    let node: NodeRecord | undefined = this.root;
    for (const name of componentsOf(path)) {
      node = node.children?.get(name);
      if (node === undefined) return undefined;
    }
    return node;
  }

  lookup(path: LayerPath, options: LookupOptions = {}): NodeRecord | undefined {
    const { upTo = this.#top, followLast = false } = options;
    const components = componentsOf(path);
    const versionOf = (node: NodeRecord): VersionRecord | undefined => node.visibleAt(upTo);
    const found = resolvePath(this.root, components, { versionOf, followLast });
    if (found === undefined) {
      throw new LaminaError(
        'SYMLINK_LOOP',
        `“${pathToText(path)}” leads through more than ${MAX_SYMLINKS} symbolic links.`,
        {
          subject: pathToText(path),
          hint: 'Its symbolic links lead in a circle; look at where each of them points.',
        },
      );
    }
    const [name, ...rest] = found.missing;
    if (name === undefined) return found.directory;
    const node = rest.length === 0 ? found.directory.children?.get(name) : undefined;
    return node !== undefined && versionOf(node) !== undefined ? node : undefined;
  }

  childrenOf(node: UnionNode, upTo: number = this.#top): NodeRecord[] {
    return sortedChildren(recordOf(node)).filter((child) => child.visibleAt(upTo) !== undefined);
  }

  namesOf(node: UnionNode, upTo: number = this.#top): LayerPath[] {
    const object = this.visible(node, upTo)?.object;
    if (object === undefined) return [];
    if (object.links === undefined) return [node.path];
    const names = object.links.filter((name) => name.visibleAt(upTo)?.object === object).map((name) => name.path);
    return [...new Set(names)].sort();
  }

  walk(
    options: { readonly upTo?: number | undefined; readonly from?: UnionNode | undefined } = {},
  ): Iterable<NodeRecord> {
    const { upTo = this.#top, from = this.root } = options;
    return walkBelow(recordOf(from), (node) => node.visibleAt(upTo) !== undefined);
  }

  walkAll(from: UnionNode = this.root): Iterable<NodeRecord> {
    return walkBelow(recordOf(from), () => true);
  }
}

/** Nodes of a merged tree are records; another object here is a programming error. */
function recordOf(node: UnionNode): NodeRecord {
  if (node instanceof NodeRecord) return node;
  throw new LaminaError('INTERNAL', 'A node that no union tree made was passed to one.');
}
