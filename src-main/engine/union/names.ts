/** What the name of an entry makes of it, all its components considered (semantics 1.1, rules 11, 12, 15). */
import { baseNameOf, componentsOf, kindOfName, parentOf, WHITEOUT_PREFIX, type LayerPath } from '../path/layer-path';

/**
 * `reserved`: a directory on the way is named like a whiteout. Nobody can make such a file, so the entry is dropped.
 * `aufs`: a name that AUFS kept for itself.
 */
export type NameRole = 'plain' | 'whiteout' | 'opaque' | 'invalid' | 'reserved' | 'aufs';

const AUFS_PREFIX = '.wh..wh.';
/** Where AUFS kept the files that have more than one name. */
const AUFS_LINKS = '.wh..wh.plnk';

export function roleOfName(path: LayerPath): NameRole {
  if (!path.includes(WHITEOUT_PREFIX)) return 'plain';
  const { kind } = kindOfName(baseNameOf(path));
  if (kind === 'invalid') return 'invalid';
  for (const component of componentsOf(parentOf(path))) {
    if (component.startsWith(AUFS_PREFIX)) return 'aufs';
    if (component.startsWith(WHITEOUT_PREFIX)) return 'reserved';
  }
  return kind;
}

export function isAufsLink(path: LayerPath): boolean {
  return parentOf(path) === AUFS_LINKS;
}
