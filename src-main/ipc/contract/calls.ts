/**
 * Every call the window can make: its name, the schema of its input and the type of its answer. Main parses each
 * input with the schema before anything else happens. Host paths never come from the window: files reach main by the
 * system's dialogs or by a drop that the preload resolves.
 */
import { z } from 'zod';
import type {
  AppInfo,
  ChangeRow,
  CommitView,
  ContainerRow,
  EffectiveSettings,
  HistoryRowView,
  ImageDetails,
  ImageRow,
  JobRow,
  NodeDetails,
  Preview,
  TreeRow,
  TreeState,
  UsageView,
} from './views';

const key = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const containerId = z.string().regex(/^[0-9a-f]{32}$/);
const reference = z.string().min(1).max(512);
const pathKey = z.string().max(65_536);
const fileName = z
  .string()
  .min(1)
  .max(255)
  .refine((name) => !/[/\0]/.test(name) && name !== '.' && name !== '..', 'not a file name');
const view = z.number().int().nonnegative();
const jobId = z.number().int().nonnegative();
const layerNumber = z.number().int().min(1).max(10_000);
const message = z.string().max(65_536);

const treeOptions = z.strictObject({
  mode: z.enum(['union', 'layer', 'upTo']),
  layer: layerNumber.optional(),
  ghosts: z.boolean(),
  filter: z.string().max(1_024),
  sort: z.strictObject({ by: z.enum(['name', 'size', 'mode', 'owner', 'mtime', 'layer']), descending: z.boolean() }),
});
const treeTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('image'), key }),
  z.strictObject({ kind: z.literal('container'), id: containerId }),
]);
const nothing = z.undefined();
const inContainer = { id: containerId };

/** Input schemas, one a call. */
export const callSchemas = {
  'app.info': nothing,
  'settings.get': nothing,
  'settings.set': z.strictObject({
    language: z.enum(['system', 'en', 'zh-CN']).optional(),
    theme: z.enum(['system', 'light', 'dark']).optional(),
    author: z.string().max(512).optional(),
  }),
  'settings.chooseStore': nothing,
  'store.usage': nothing,
  'store.collect': nothing,
  'store.reveal': nothing,

  'images.list': nothing,
  'images.get': z.strictObject({ key }),
  'images.history': z.strictObject({ key }),
  'images.inspect': z.strictObject({ key, format: z.enum(['docker-25', 'docker-20.10']).optional() }),
  'images.tag': z.strictObject({ key, reference }),
  'images.untag': z.strictObject({ reference }),
  'images.remove': z.strictObject({ key }),
  'images.sample': z.strictObject({ which: z.enum(['textbook', 'story']) }),
  /** Opens the system's file dialog, then imports as jobs. Answers the job ids, empty when cancelled. */
  'images.importDialog': z.strictObject({ kind: z.enum(['file', 'folder']) }),
  /** Opens the system's save dialog, then exports as a job. */
  'images.exportDialog': z.strictObject({
    keys: z.array(key).min(1).max(1_000),
    format: z.enum(['docker-archive', 'oci-archive']),
  }),

  'containers.list': nothing,
  'containers.get': z.strictObject(inContainer),
  'containers.create': z.strictObject({ imageKey: key, name: z.string().max(128).optional() }),
  'containers.rename': z.strictObject({ ...inContainer, name: z.string().min(1).max(128) }),
  'containers.remove': z.strictObject(inContainer),
  'containers.changes': z.strictObject(inContainer),
  'containers.writeText': z.strictObject({
    ...inContainer,
    path: pathKey,
    text: z.string().max(32 * 1024 * 1024),
    encoding: z.enum(['utf-8', 'utf-16le']),
  }),
  'containers.newFile': z.strictObject({ ...inContainer, parent: pathKey, name: fileName }),
  'containers.newFolder': z.strictObject({ ...inContainer, parent: pathKey, name: fileName }),
  'containers.newSymlink': z.strictObject({
    ...inContainer,
    parent: pathKey,
    name: fileName,
    target: z.string().min(1).max(4_095),
  }),
  /** New name in the same directory. */
  'containers.renamePath': z.strictObject({ ...inContainer, path: pathKey, name: fileName }),
  'containers.deletePaths': z.strictObject({ ...inContainer, paths: z.array(pathKey).min(1).max(10_000) }),
  'containers.setAttributes': z.strictObject({
    ...inContainer,
    path: pathKey,
    mode: z.number().int().min(0).max(0o7777).optional(),
    uid: z.number().int().min(0).max(4_294_967_294).optional(),
    gid: z.number().int().min(0).max(4_294_967_294).optional(),
    recursive: z.boolean(),
  }),
  /** Opens the system's file dialog, then copies what was chosen into the directory as a job. */
  'containers.addDialog': z.strictObject({ ...inContainer, parent: pathKey, kind: z.enum(['file', 'folder']) }),
  'containers.commit': z.strictObject({
    ...inContainer,
    reference: reference.optional(),
    author: z.string().max(512),
    message,
    changes: z.array(z.string().min(1).max(65_536)).max(1_000),
  }),

  'tree.open': z.strictObject({ target: treeTarget, options: treeOptions }),
  'tree.configure': z.strictObject({ view, options: treeOptions }),
  'tree.rows': z.strictObject({
    view,
    offset: z.number().int().nonnegative(),
    limit: z.number().int().min(1).max(500),
  }),
  /** Opens or closes one directory; `deep` does so for everything below it. */
  'tree.toggle': z.strictObject({ view, path: pathKey, open: z.boolean(), deep: z.boolean() }),
  /** Opens all parents of the path and answers its row position, or -1 when the view does not show it. */
  'tree.reveal': z.strictObject({ view, path: pathKey }),
  'tree.close': z.strictObject({ view }),
  'tree.details': z.strictObject({ view, path: pathKey }),
  /** Preview of the current version, or of the version that layer `layer` wrote. At most `limit` bytes are read. */
  'tree.preview': z.strictObject({
    view,
    path: pathKey,
    layer: layerNumber.optional(),
    limit: z
      .number()
      .int()
      .min(1)
      .max(8 * 1024 * 1024),
  }),
  /** Opens the system's save dialog and writes the version there; answers the file's name or undefined when cancelled. */
  'tree.saveAs': z.strictObject({ view, path: pathKey, layer: layerNumber.optional() }),

  'jobs.list': nothing,
  'jobs.cancel': z.strictObject({ id: jobId }),
  'jobs.clear': nothing,
} as const;

export type CallName = keyof typeof callSchemas;
export type CallInput<N extends CallName> = z.infer<(typeof callSchemas)[N]>;

/** Answer types, one a call. */
export interface CallOutputs {
  'app.info': AppInfo;
  'settings.get': EffectiveSettings;
  'settings.set': EffectiveSettings;
  'settings.chooseStore': EffectiveSettings;
  'store.usage': UsageView;
  'store.collect': { readonly freedBytes: number; readonly removed: number };
  'store.reveal': undefined;

  'images.list': readonly ImageRow[];
  'images.get': ImageDetails;
  /** Newest first. */
  'images.history': readonly HistoryRowView[];
  /** Pretty-printed JSON, as `docker image inspect` prints it (an array of one). */
  'images.inspect': string;
  'images.tag': undefined;
  'images.untag': undefined;
  'images.remove': undefined;
  'images.sample': { readonly key: string };
  'images.importDialog': readonly number[];
  'images.exportDialog': number | undefined;

  'containers.list': readonly ContainerRow[];
  'containers.get': ContainerRow;
  'containers.create': ContainerRow;
  'containers.rename': ContainerRow;
  'containers.remove': undefined;
  'containers.changes': readonly ChangeRow[];
  'containers.writeText': ContainerRow;
  'containers.newFile': ContainerRow;
  'containers.newFolder': ContainerRow;
  'containers.newSymlink': ContainerRow;
  'containers.renamePath': ContainerRow;
  'containers.deletePaths': ContainerRow;
  'containers.setAttributes': ContainerRow;
  'containers.addDialog': number | undefined;
  'containers.commit': CommitView;

  'tree.open': TreeState;
  'tree.configure': TreeState;
  'tree.rows': readonly TreeRow[];
  'tree.toggle': TreeState;
  'tree.reveal': { readonly state: TreeState; readonly index: number };
  'tree.close': undefined;
  'tree.details': NodeDetails;
  'tree.preview': Preview;
  'tree.saveAs': string | undefined;

  'jobs.list': readonly JobRow[];
  'jobs.cancel': undefined;
  'jobs.clear': undefined;
}

export type CallOutput<N extends CallName> = CallOutputs[N];
