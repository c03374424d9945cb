/** What a key means in the file tree, as in a file manager. Pure: the tree carries it out. */
import type { TreeRow } from '@contract/views';

export type TreeAction =
  | { readonly kind: 'move'; readonly to: number; readonly extend: boolean }
  | { readonly kind: 'toggle'; readonly open: boolean; readonly deep: boolean }
  | { readonly kind: 'parent' }
  | { readonly kind: 'activate' }
  | { readonly kind: 'type'; readonly text: string }
  | { readonly kind: 'rename' }
  | { readonly kind: 'delete' };

export interface TreePosition {
  readonly index: number;
  readonly rowCount: number;
  readonly pageRows: number;
  readonly row: TreeRow | undefined;
}

export type TreeKey = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

const HANDLED = [
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'Home',
  'End',
  'PageUp',
  'PageDown',
  'Enter',
  'F2',
  'Delete',
];

/** Whether the tree takes the key, whatever comes of it. */
export function isTreeKey(key: TreeKey): boolean {
  return !key.ctrlKey && !key.metaKey && !key.altKey && (HANDLED.includes(key.key) || isNamePart(key.key));
}

/** The action of a key press where the tree is now, or undefined when there is nothing to do. */
export function treeAction(key: TreeKey, at: TreePosition): TreeAction | undefined {
  if (!isTreeKey(key)) return undefined;
  const steps: Partial<Record<string, number>> = {
    ArrowUp: at.index - 1,
    ArrowDown: at.index + 1,
    Home: 0,
    End: at.rowCount - 1,
    PageUp: at.index - at.pageRows,
    PageDown: at.index + at.pageRows,
  };
  const target = steps[key.key];
  if (target !== undefined)
    return { kind: 'move', to: Math.max(0, Math.min(target, at.rowCount - 1)), extend: key.shiftKey };
  return commandOf(key, at);
}

function commandOf(key: TreeKey, at: TreePosition): TreeAction | undefined {
  switch (key.key) {
    case 'ArrowRight':
      return rightOf(at);
    case 'ArrowLeft':
      return at.row?.type === 'dir' && at.row.open ? { kind: 'toggle', open: false, deep: false } : { kind: 'parent' };
    case '*':
      return { kind: 'toggle', open: true, deep: true };
    case 'Enter':
      return { kind: 'activate' };
    case 'F2':
      return { kind: 'rename' };
    case 'Delete':
      return { kind: 'delete' };
    default:
      return isNamePart(key.key) ? { kind: 'type', text: key.key } : undefined;
  }
}

/** A single character that may be typed to jump to a name; space and the window's filter key are not. */
function isNamePart(key: string): boolean {
  const first = String.fromCodePoint(key.codePointAt(0) ?? 0);
  return key === first && key !== ' ' && key !== '/';
}

function rightOf(at: TreePosition): TreeAction | undefined {
  if (at.row?.hasChildren !== true) return undefined;
  if (!at.row.open) return { kind: 'toggle', open: true, deep: false };
  return { kind: 'move', to: Math.min(at.index + 1, at.rowCount - 1), extend: false };
}
