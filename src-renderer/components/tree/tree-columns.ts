/** The columns of the file tree, and which of them a pane of some width has room for. */
import type { TreeOptions } from '@contract/views';

export type ColumnId = TreeOptions['sort']['by'] | 'mark';

export interface Column {
  readonly id: ColumnId;
  /** A track of the CSS grid. */
  readonly track: string;
  readonly align: 'start' | 'end' | 'center';
  /** Narrowest pane, in pixels, that shows it. */
  readonly from: number;
  readonly sortable: boolean;
}

const COLUMNS: readonly Column[] = [
  { id: 'name', track: 'minmax(100px, 1fr)', align: 'start', from: 0, sortable: true },
  { id: 'size', track: '74px', align: 'end', from: 0, sortable: true },
  { id: 'mode', track: '88px', align: 'start', from: 430, sortable: true },
  { id: 'owner', track: '76px', align: 'start', from: 540, sortable: true },
  { id: 'mtime', track: '124px', align: 'start', from: 660, sortable: true },
  { id: 'layer', track: '46px', align: 'center', from: 0, sortable: true },
  { id: 'mark', track: '26px', align: 'center', from: 0, sortable: false },
];

export function columnsFor(width: number): readonly Column[] {
  return COLUMNS.filter((column) => width >= column.from);
}

export function gridTracks(columns: readonly Column[]): string {
  return columns.map((column) => column.track).join(' ');
}
