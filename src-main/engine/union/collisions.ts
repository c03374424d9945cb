/** Names that are two files in an image but one on the disks of Windows and macOS (rule 54). */
import { toText } from '../path/byte-string';
import type { DiagnosticLog } from './diagnostics';
import type { NodeRecord } from './node';
import { sortedChildren, walkBelow } from './walk';

// eslint-disable-next-line no-control-regex -- names that only ASCII lower case can be in collide with nothing by themselves
const PLAIN = /^[\x00-@[-\x7f]*$/;

export function reportCollisions(root: NodeRecord, upTo: number, log: DiagnosticLog): void {
  const isVisible = (node: NodeRecord): boolean => node.visibleAt(upTo) !== undefined;
  reportIn(root, isVisible, log);
  for (const node of walkBelow(root, isVisible)) if (node.children !== undefined) reportIn(node, isVisible, log);
}

function reportIn(directory: NodeRecord, isVisible: (node: NodeRecord) => boolean, log: DiagnosticLog): void {
  const children = sortedChildren(directory);
  if (children.every((child) => PLAIN.test(child.name))) return;
  const known = new Map<string, NodeRecord>();
  for (const child of children) {
    if (!isVisible(child)) continue;
    const composed = toText(child.name).normalize('NFC');
    const folded = composed.toLowerCase();
    const twin = known.get(folded);
    if (twin === undefined) known.set(folded, child);
    else reportTwins(twin, child, log);
  }
}

function reportTwins(twin: NodeRecord, child: NodeRecord, log: DiagnosticLog): void {
  const sameLetters = toText(twin.name).normalize('NFC') === toText(child.name).normalize('NFC');
  log.add(
    sameLetters ? 'NFC_NFD_COLLISION' : 'CASE_COLLISION',
    child.newest?.layer ?? 0,
    child,
    `and “${toText(twin.name)}” beside it are one file on disks that do not tell such names apart, as on Windows and macOS.`,
  );
}
