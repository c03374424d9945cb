/**
 * Whiteouts and opaque directories (image-spec layer.md "Whiteouts"; semantics 1.1, 1.2). They speak of the layers below
 * only, wherever they stand in the tar: all of them are found and resolved first, then take effect, then come additions.
 */
import type { LayerEntry } from '../layer/entry';
import { baseNameOf, joinPath, kindOfName, parentOf, type LayerPath } from '../path/layer-path';
import { end, endBelow } from './changes';
import { layerError } from './layer-error';
import type { LayerRun } from './layer-run';
import { roleOfName } from './names';
import { FileObject, VersionRecord, type NodeRecord } from './node';

/** A whiteout or opaque marker of a layer, with the node it speaks of. */
export interface Whiteout {
  readonly kind: 'whiteout' | 'opaque';
  readonly position: number;
  /** What it hides, or the directory it makes opaque. */
  readonly node: NodeRecord;
  /** Something was there for it to hide. */
  readonly hadTarget: boolean;
}

/**
 * Applies all whiteouts and opaque markers of the layer to the tree of the layers below.
 * @throws LaminaError LAYER_INVALID (INVALID_WHITEOUT, SYMLINK_LOOP)
 */
export function applyWhiteouts(run: LayerRun): Whiteout[] {
  const whiteouts = collect(run);
  // Whiteouts before opaque markers, parents before children (they have the smaller index): the outcome does not depend
  // on their order in the tar.
  whiteouts.sort((a, b) => (a.kind === b.kind ? a.node.index - b.node.index : a.kind === 'whiteout' ? -1 : 1));
  for (const { kind, node } of whiteouts) {
    mark(node, run.layer, kind);
    if (kind === 'whiteout') hide(node, run.layer);
    else makeOpaque(run, node);
  }
  return whiteouts;
}

function collect(run: LayerRun): Whiteout[] {
  const whiteouts: Whiteout[] = [];
  const directories = new Map<LayerPath, NodeRecord>();
  const { list } = run.source;
  let known: Replacements | undefined;
  const replacements = (): Replacements => (known ??= replacementsOf(run));
  for (let position = 0; position < list.count; position++) {
    const path = list.path?.(position) ?? list.entry(position).path;
    const role = roleOfName(path);
    if (role === 'invalid') {
      throw layerError('INVALID_WHITEOUT', run.layer, path, 'is a whiteout that names nothing');
    }
    if (role !== 'whiteout' && role !== 'opaque') continue;
    const entry = list.entry(position);
    const parentPath = parentOf(entry.path);
    const parent = directories.get(parentPath) ?? lowerDirectory(run, parentPath, replacements);
    directories.set(parentPath, parent);
    whiteouts.push(whiteoutOf(run, entry, { position, parent }));
    if (entry.type !== 'file' || entry.size > 0) reportNonEmpty(run, entry);
  }
  return whiteouts;
}

function whiteoutOf(run: LayerRun, entry: LayerEntry, at: { position: number; parent: NodeRecord }): Whiteout {
  const name = kindOfName(baseNameOf(entry.path));
  const node = name.kind === 'whiteout' ? run.child(at.parent, name.target) : at.parent;
  return {
    kind: name.kind === 'whiteout' ? 'whiteout' : 'opaque',
    position: at.position,
    node,
    hadTarget: node.alive !== undefined,
  };
}

/** Where the parent of a whiteout leads in the layers below; what is missing there is only named, not made (rule 8). */
function lowerDirectory(run: LayerRun, path: LayerPath, replacements: () => Replacements): NodeRecord {
  const { directory, missing } = run.resolve(path, ({ alive, path: at }) =>
    alive?.object.type === 'symlink' && replacements().has(at) ? replacements().get(at) : alive,
  );
  return missing.reduce((node, name) => run.child(node, name), directory);
}

/** What this layer has at a path: a symlink, or (undefined) anything else, a whiteout included. */
type Replacements = ReadonlyMap<LayerPath, VersionRecord | undefined>;

/**
 * A whiteout may lie below a symlink of a lower layer (rule 39), but where this layer replaces the symlink it no longer
 * leads to where it did: a new directory `d` that is opaque must not empty what the old link `d` pointed to.
 */
function replacementsOf({ source }: LayerRun): Replacements {
  const replacements = new Map<LayerPath, VersionRecord | undefined>();
  const hidden: LayerPath[] = [];
  for (let position = 0; position < source.list.count; position++) {
    const { type, path } = source.list.entry(position);
    const name = kindOfName(baseNameOf(path));
    if (name.kind === 'whiteout') hidden.push(joinPath(parentOf(path), name.target));
    const link = type === 'symlink' ? new FileObject(0, type, source, { position, size: 0 }) : undefined;
    replacements.set(path, link === undefined ? undefined : new VersionRecord(source.layer, link, undefined));
  }
  for (const path of hidden) if (!replacements.has(path)) replacements.set(path, undefined);
  return replacements;
}

function mark(node: NodeRecord, layer: number, kind: Whiteout['kind']): void {
  node.markList ??= [];
  if (!node.markList.some((known) => known.layer === layer && known.kind === kind)) node.markList.push({ layer, kind });
}

function hide(node: NodeRecord, layer: number): void {
  end(node, layer, 'whiteout');
  endBelow(node, layer);
}

function makeOpaque(run: LayerRun, node: NodeRecord): void {
  const there = node.alive;
  if (there === undefined) return;
  if (there.object.type !== 'dir') {
    run.imply(node); // only a directory can be opaque, so the layer says that it is one now (rule 23)
    return;
  }
  for (const child of node.children?.values() ?? []) {
    if (child.alive === undefined) continue;
    end(child, run.layer, 'opaque');
    endBelow(child, run.layer);
  }
}

function reportNonEmpty(run: LayerRun, entry: LayerEntry): void {
  run.report(
    'WHITEOUT_NONEMPTY',
    entry,
    'is a whiteout, but no empty regular file; its name alone counts and nobody sees its content.',
  );
}

/** What engines make of these whiteouts that differs from here; asked after the additions of the layer. */
export function reportWhiteouts(run: LayerRun, whiteouts: readonly Whiteout[]): void {
  const opaque = new Set<NodeRecord>();
  for (const { kind, node } of whiteouts) if (kind === 'opaque') opaque.add(node);
  for (const whiteout of whiteouts) {
    const { kind, node } = whiteout;
    const [code, consequence] = kind === 'opaque' ? opaqueFinding(run, node) : whiteoutFinding(run, whiteout, opaque);
    if (code !== undefined) run.report(code, node, consequence);
  }
}

type Finding = readonly [code: string | undefined, consequence: string];
const NO_FINDING: Finding = [undefined, ''];

function opaqueFinding(run: LayerRun, node: NodeRecord): Finding {
  if (node.parent === undefined && run.layer > 0) {
    return [
      'OPAQUE_AT_ROOT',
      'is made opaque: all layers below are hidden. Docker, containerd and Podman ignore that and still show them.',
    ];
  }
  return isNonDirectoryOf(run, node) ? underNonDirectory : NO_FINDING;
}

const underNonDirectory: Finding = [
  'WHITEOUT_UNDER_NONDIR',
  'is hidden below something that this layer made no directory. Docker refuses the layer.',
];

function whiteoutFinding(run: LayerRun, whiteout: Whiteout, opaque: ReadonlySet<NodeRecord>): Finding {
  const { node, position, hadTarget } = whiteout;
  const now = node.alive?.layer === run.layer ? node.alive.object : undefined;
  if (now?.type === 'dir') {
    return [
      'WHITEOUT_AND_DIR_SAME_LAYER',
      'is hidden and made again as a directory in one layer. Docker, containerd and Podman show its old children again.',
    ];
  }
  if (now !== undefined && now.source === run.source && now.position < position) {
    return ['WHITEOUT_AFTER_ENTRY', 'is written and then hidden in one layer; it stays. Docker refuses the layer.'];
  }
  if (node.parent !== undefined && isNonDirectoryOf(run, node.parent)) return underNonDirectory;
  if (node.parent !== undefined && opaque.has(node.parent)) {
    return [
      'OPAQUE_PLUS_WHITEOUT',
      'is hidden twice, by a whiteout and by its opaque directory. Docker and containerd list a name that cannot be opened.',
    ];
  }
  if (!hadTarget) return ['WHITEOUT_NO_TARGET', 'is hidden, but no layer below has it.'];
  return NO_FINDING;
}

function isNonDirectoryOf(run: LayerRun, node: NodeRecord): boolean {
  const version = node.alive;
  return version?.layer === run.layer && version.object.type !== 'dir';
}
