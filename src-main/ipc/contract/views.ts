/**
 * What crosses the bridge from main to the window: plain rows, ids and small texts. Digests are strings; paths are
 * keys (`PathKey`): byte strings with one byte in each character, opaque to the window, which shows `name` and
 * `displayPath` instead. Layers are numbered from 1, lowest first, as people see them. Sizes are bytes, times ISO 8601.
 */

type PathKey = string;

export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly subject?: string | undefined;
}

/** Every answer of main: a value or an error, never a rejected promise (Electron would flatten it to a string). */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WireError };

export interface AppInfo {
  readonly version: string;
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly storeDir: string;
  readonly electron: string;
}

export type ThemeChoice = 'system' | 'light' | 'dark';
export type LanguageChoice = 'system' | 'en' | 'zh-CN';

export interface Settings {
  readonly language: LanguageChoice;
  readonly theme: ThemeChoice;
  readonly storeDir: string;
  /** Remembered for the commit dialog. */
  readonly author: string;
}

/** Settings as the window needs them: with `system` resolved. */
export interface EffectiveSettings extends Settings {
  readonly effectiveLanguage: 'en' | 'zh-CN';
  readonly effectiveTheme: 'light' | 'dark';
}

export interface ImageRow {
  readonly key: string;
  readonly id: string;
  readonly references: readonly string[];
  readonly platform: string;
  readonly created: string | undefined;
  readonly layers: number;
  readonly size: number;
  readonly uniqueSize: number;
}

export interface LayerRow {
  /** From 1, lowest first. */
  readonly number: number;
  readonly digest: string;
  readonly diffId: string;
  readonly blobSize: number;
  readonly createdBy: string | undefined;
  readonly created: string | undefined;
  readonly comment: string | undefined;
  /** How many other images of the store have this layer. */
  readonly sharedWith: number;
}

export interface ImageDetails extends ImageRow {
  /** Distribution found inside (`Debian GNU/Linux 12`), from os-release. */
  readonly distribution: string | undefined;
  readonly layerRows: readonly LayerRow[];
  readonly author: string | undefined;
  readonly command: readonly string[];
  readonly entrypoint: readonly string[];
  readonly env: readonly string[];
  readonly workingDir: string;
  readonly user: string;
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly labels: readonly (readonly [string, string])[];
}

export interface HistoryRowView {
  /** Layer number from 1, undefined for an entry without a layer. */
  readonly layer: number | undefined;
  readonly created: string | undefined;
  readonly createdBy: string;
  readonly author: string | undefined;
  readonly comment: string | undefined;
  readonly size: number;
}

export type NodeType = 'file' | 'dir' | 'symlink' | 'char' | 'block' | 'fifo';
export type TreeMode = 'union' | 'layer' | 'upTo';
/** What the shown layer did to the path: added, modified, deleted; undefined where it did nothing. */
export type ChangeMark = 'A' | 'M' | 'D';

export type TreeTarget =
  { readonly kind: 'image'; readonly key: string } | { readonly kind: 'container'; readonly id: string };

export interface TreeOptions {
  readonly mode: TreeMode;
  /** Layer number from 1; needed for `layer` and `upTo`. */
  readonly layer?: number | undefined;
  /** Also list what is deleted or hidden as of the shown layer. */
  readonly ghosts: boolean;
  /** Substring, or glob when it has `*` or `?`; matched on the name, on the whole path when it has a `/`. Also `layer:3`, `size:>10M`. */
  readonly filter: string;
  readonly sort: { readonly by: 'name' | 'size' | 'mode' | 'owner' | 'mtime' | 'layer'; readonly descending: boolean };
}

/** State of an open tree after a change; `revision` changes whenever row positions may have. */
export interface TreeState {
  readonly view: number;
  readonly revision: number;
  readonly rowCount: number;
  /** Visible files and bytes of content of the whole shown tree, not just the open rows. */
  readonly files: number;
  readonly bytes: number;
  readonly layerCount: number;
  /** How many paths match the filter, undefined without one. */
  readonly matches: number | undefined;
}

export interface TreeRow {
  readonly path: PathKey;
  readonly name: string;
  readonly depth: number;
  readonly type: NodeType;
  readonly open: boolean;
  readonly hasChildren: boolean;
  readonly ghost: boolean;
  readonly mark: ChangeMark | undefined;
  /** For a directory: bytes of everything below that the view shows. */
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: string;
  /** Layer number that wrote the shown state. */
  readonly layer: number;
  /** Symlink target for display. */
  readonly linkname: string | undefined;
}

export interface VersionView {
  readonly layer: number;
  readonly type: NodeType;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: string;
  readonly sha256: string | undefined;
  readonly createdBy: string | undefined;
  /** Layer that ended this version and how; undefined while it is current. */
  readonly endLayer: number | undefined;
  readonly endReason: 'replaced' | 'whiteout' | 'opaque' | 'parent' | undefined;
}

export interface NodeDetails {
  readonly path: PathKey;
  readonly displayPath: string;
  readonly ghost: boolean;
  readonly current: VersionView | undefined;
  /** Newest first. */
  readonly versions: readonly VersionView[];
  readonly linkname: string | undefined;
  /** The path a symlink leads to inside the image, if anywhere; can be revealed. */
  readonly linkPath: PathKey | undefined;
  /** All names of the object when it has more than one, this one included. */
  readonly hardlinks: readonly string[];
  readonly xattrs: readonly (readonly [string, string])[];
  readonly device: string | undefined;
}

export type Preview =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly truncated: boolean;
      readonly encoding: 'utf-8' | 'utf-16le';
      readonly lineEnd: '\n' | '\r\n';
      readonly size: number;
    }
  | { readonly kind: 'binary'; readonly hex: string; readonly truncated: boolean; readonly size: number }
  | { readonly kind: 'empty' };

export interface ContainerRow {
  readonly id: string;
  readonly name: string;
  readonly imageKey: string;
  readonly imageReference: string;
  readonly created: string;
  readonly revision: number;
  readonly changes: number;
  readonly bytes: number;
}

export interface ChangeRow {
  readonly kind: 'A' | 'C' | 'D';
  readonly path: PathKey;
  readonly displayPath: string;
}

export interface CommitView {
  readonly key: string;
  readonly id: string;
  readonly reference: string | undefined;
  readonly layerSize: number;
  readonly newLayer: boolean;
}

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface JobPart {
  readonly part: string;
  readonly label: string;
  readonly doneBytes: number;
  readonly totalBytes: number | undefined;
  readonly state: 'waiting' | 'running' | 'done' | 'known';
}

export interface JobRow {
  readonly id: number;
  readonly kind: 'import' | 'export' | 'commit' | 'add' | 'sample' | 'collect';
  /** The file or image it works on; the window words the title by `kind`. */
  readonly subject: string;
  readonly state: JobState;
  readonly startedAt: string;
  readonly endedAt: string | undefined;
  readonly doneBytes: number;
  readonly totalBytes: number | undefined;
  readonly bytesPerSecond: number;
  readonly parts: readonly JobPart[];
  readonly error: WireError | undefined;
  /** Keys of images it made. */
  readonly imageKeys: readonly string[];
  /** Host files that an `add` left out because no layer can hold them: sockets and devices. */
  readonly skipped?: readonly string[] | undefined;
}

export interface UsageView {
  readonly blobs: number;
  readonly bytes: number;
  readonly sharedBytes: number;
}
