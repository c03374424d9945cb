/** The engine's only door: everything outside `engine/` imports from here and from nowhere else. */
export { listEntries } from './browse/listing';
export type { ListedEntry, ListingOptions } from './browse/listing';
export { TreeView } from './browse/tree-view';
export type {
  NodeDetails as EngineNodeDetails,
  TreeOptions as EngineTreeOptions,
  TreeRow as EngineTreeRow,
} from './browse/types';
export type {
  AttributeChange,
  Change,
  ChangeKind,
  CommitRequest,
  CommitResult,
  ContainerInfo,
} from './container/types';
export { defaultStoreDir } from './default-store-dir';
export type { Digest } from './digest/digest';
export { ERROR_CODES, LaminaError, toLaminaError } from './errors';
export type { ErrorCode, ErrorFacts } from './errors';
export { goJson } from './image/go-json';
export type { InspectFormat } from './image/inspect';
export { familiarOf, parseReference, tryReference } from './image/reference';
export type { Reference } from './image/reference';
export type { HistoryRow, Image, ImageConfig, ImageSummary, LayerInfo } from './image/types';
export type {
  Browse,
  BrowseTarget,
  ExportFormat,
  ExportOptions,
  ImportedImage,
  ImportOptions,
  Lamina,
  LaminaOptions,
} from './lamina';
export type { Diagnostic, Timestamp, Xattrs } from './layer/entry';
export { openLamina } from './open-lamina';
export type { PartProgress, WorkOptions } from './options';
export { fromText, isUtf8, toBytes, toText } from './path/byte-string';
export type { ByteString } from './path/byte-string';
export { baseNameOf, joinPath, normaliseName, parentOf, pathFromText, pathToText, ROOT } from './path/layer-path';
export type { LayerPath } from './path/layer-path';
export type { CollectResult, FsckProblem, FsckReport, Platform, StoreUsage } from './store/types';
export type { ContentLocation, FileState, UnionNode, UnionTree, Version } from './union/types';
