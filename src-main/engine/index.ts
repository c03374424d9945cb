/** The engine's only door: everything outside `engine/` imports from here and from nowhere else. */
export { listEntries } from './browse/listing';
export type { ListedEntry } from './browse/listing';
export { TreeView } from './browse/tree-view';
export type {
  NodeDetails as EngineNodeDetails,
  TreeOptions as EngineTreeOptions,
  TreeRow as EngineTreeRow,
} from './browse/types';
export type { Change, CommitResult, ContainerInfo } from './container/types';
export { defaultStoreDir } from './default-store-dir';
export { LaminaError, toLaminaError } from './errors';
export { goJson } from './image/go-json';
export type { InspectFormat } from './image/inspect';
export { familiarOf } from './image/reference';
export type { HistoryRow, Image, ImageSummary } from './image/types';
export type { Browse, ExportFormat, ImportedImage, Lamina } from './lamina';
export type { Timestamp } from './layer/entry';
export { openLamina } from './open-lamina';
export type { PartProgress, WorkOptions } from './options';
export { fromText, isUtf8, toBytes, toText } from './path/byte-string';
export type { ByteString } from './path/byte-string';
export { joinPath, normaliseName, parentOf, pathFromText, pathToText } from './path/layer-path';
export type { LayerPath } from './path/layer-path';
export type { FsckProblem, Platform, StoreUsage } from './store/types';
export type { FileState, UnionNode, UnionTree, Version } from './union/types';
