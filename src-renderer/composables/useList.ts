import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { useSelection, type Selection } from './useSelection';

/** How a list is sorted: `Key` names a column. */
interface Sort<Key extends string> {
  readonly by: Key;
  readonly descending: boolean;
}

export interface ListOptions<Row, Key extends string> {
  /** All rows, in any order. */
  readonly rows: () => readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly filter: (rows: readonly Row[], text: string) => readonly Row[];
  readonly order: (rows: readonly Row[], sort: Sort<Key>) => readonly Row[];
  /** The columns that sort, and which way a first press on one does. */
  readonly columns: Readonly<Record<Key, 'ascending' | 'descending'>>;
  /** The column that the list begins with. */
  readonly by: Key;
}

export interface List<Row, Key extends string> extends Selection {
  /** What the rows are filtered by. */
  readonly text: Ref<string>;
  readonly sort: ShallowRef<Sort<Key>>;
  /** The rows as shown: filtered and sorted. */
  readonly rows: ComputedRef<readonly Row[]>;
  readonly selectedRows: ComputedRef<readonly Row[]>;
  /** The selected row when it is the only one. */
  readonly only: ComputedRef<Row | undefined>;
  /** A press on a column's head: sorts by it, or the other way round. */
  readonly setSort: (column: string) => void;
}

/** A list that is filtered, sorted by its columns and selected in. */
export function useList<Row, Key extends string>(options: ListOptions<Row, Key>): List<Row, Key> {
  const { keyOf, columns, by } = options;

  const text = ref('');
  const sort: ShallowRef<Sort<Key>> = shallowRef({ by, descending: columns[by] === 'descending' });
  const rows = computed(() => options.order(options.filter(options.rows(), text.value), sort.value));
  const selection = useSelection(computed(() => rows.value.map(keyOf)));
  const selectedRows = computed(() => rows.value.filter((row) => selection.selected.value.has(keyOf(row))));
  const only = computed(() => (selectedRows.value.length === 1 ? selectedRows.value[0] : undefined));

  const sorts = (column: string): column is Key => Object.hasOwn(columns, column);

  function setSort(column: string): void {
    if (!sorts(column)) return;
    const again = sort.value.by === column;
    sort.value = { by: column, descending: again ? !sort.value.descending : columns[column] === 'descending' };
  }

  return { ...selection, text, sort, rows, selectedRows, only, setSort };
}
