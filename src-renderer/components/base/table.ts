/** What a BaseTable needs to know about its columns. */
export interface TableColumn {
  readonly id: string;
  readonly label: string;
  /** A CSS grid track: `minmax(200px, 1fr)`, `96px`. */
  readonly width: string;
  readonly align?: 'end';
  readonly sortable?: boolean;
  /** Left out where the table is narrower than 880 pixels. */
  readonly wideOnly?: boolean;
}

interface TableSort {
  readonly by: string;
  readonly descending: boolean;
}

/** What a list drawn by a BaseTable gets from its page. */
export interface TableList<Row> {
  readonly rows: readonly Row[];
  readonly sort: TableSort;
  /** Keys of the selected rows. */
  readonly selected: ReadonlySet<string>;
  /** Key of the row that the keyboard is on. */
  readonly active: string | undefined;
}
