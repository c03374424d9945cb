/** Engine objects as rows of the contract: layers counted from 1, digests as strings, paths as keys. */
import {
  pathToText,
  toText,
  type Browse,
  type Change,
  type CommitResult,
  type ContainerInfo,
  type FileState,
  type HistoryRow,
  type Image,
  type ImageSummary,
  type Platform,
  type EngineNodeDetails,
  type EngineTreeOptions,
  type EngineTreeRow,
  type StoreUsage,
  type Timestamp,
  type Version,
} from '../../engine/index';
import type {
  ChangeRow,
  CommitView,
  ContainerRow,
  HistoryRowView,
  ImageDetails,
  ImageRow,
  LayerRow,
  NodeDetails,
  TreeOptions,
  TreeRow,
  UsageView,
  VersionView,
} from '../contract/views';

export function imageRow(image: ImageSummary): ImageRow {
  return {
    key: image.key,
    id: image.id,
    references: image.references,
    platform: platformText(image.platform),
    created: image.created,
    layers: image.layers,
    size: image.size,
    uniqueSize: image.uniqueSize,
  };
}

function platformText(platform: Platform): string {
  return [platform.os, platform.architecture, platform.variant].filter((part) => part !== undefined).join('/');
}

/** @param sharedWith how many other images have the layer, by layer digest */
export function imageDetails(
  summary: ImageSummary,
  image: Image,
  found: { readonly distribution: string | undefined; readonly sharedWith: ReadonlyMap<string, number> },
): ImageDetails {
  const run = image.config.config ?? {};
  return {
    ...imageRow(summary),
    distribution: found.distribution,
    layerRows: image.layers.map((layer): LayerRow => ({
      number: layer.position + 1,
      digest: layer.digest,
      diffId: layer.diffId,
      blobSize: layer.blobSize,
      createdBy: layer.history?.created_by,
      created: layer.history?.created,
      comment: layer.history?.comment,
      sharedWith: found.sharedWith.get(layer.digest) ?? 0,
    })),
    author: image.config.author,
    command: run.Cmd ?? [],
    entrypoint: run.Entrypoint ?? [],
    env: run.Env ?? [],
    workingDir: run.WorkingDir ?? '',
    user: run.User ?? '',
    exposedPorts: Object.keys(run.ExposedPorts ?? {}),
    volumes: Object.keys(run.Volumes ?? {}),
    labels: Object.entries(run.Labels ?? {}),
  };
}

export function historyRow(row: HistoryRow): HistoryRowView {
  return {
    layer: row.layer === undefined ? undefined : row.layer + 1,
    created: row.created,
    createdBy: row.created_by ?? '',
    author: row.author,
    comment: row.comment,
    size: row.size,
  };
}

export function containerRow(container: ContainerInfo): ContainerRow {
  const { id, name, imageKey, imageReference, created, revision, changes, bytes } = container;
  return { id, name, imageKey, imageReference, created, revision, changes, bytes };
}

export function changeRow(change: Change): ChangeRow {
  return { kind: change.kind, path: change.path, displayPath: pathToText(change.path) };
}

export function commitView(result: CommitResult): CommitView {
  const { key, id, reference, layerSize, diffId } = result;
  return { key, id, reference, layerSize, newLayer: diffId !== undefined };
}

export function usageView(usage: StoreUsage): UsageView {
  return { blobs: usage.blobs, bytes: usage.bytes, sharedBytes: usage.sharedBytes };
}

/** Options of the contract for the engine, which counts layers from 0. */
export function engineTreeOptions({ layer, ...options }: TreeOptions): EngineTreeOptions {
  return { ...options, layer: layer === undefined ? undefined : layer - 1 };
}

export function treeRow(row: EngineTreeRow): TreeRow {
  return {
    ...row,
    name: toText(row.name),
    mtime: isoTime(row.mtime),
    layer: row.layer + 1,
    linkname: row.linkname === undefined ? undefined : toText(row.linkname),
  };
}

export function nodeDetails(browse: Browse, details: EngineNodeDetails): NodeDetails {
  const { path, current, linkname, linkPath } = details;
  return {
    path,
    displayPath: pathToText(path),
    ghost: details.ghost,
    current: current === undefined ? undefined : versionView(browse, current),
    versions: details.versions.map((version) => versionView(browse, version)),
    linkname: linkname === undefined ? undefined : toText(linkname),
    linkPath,
    hardlinks: details.hardlinks.map((name) => pathToText(name)),
    xattrs: [...details.xattrs].map(([name, value]) => [name, xattrText(value)]),
    device: current === undefined ? undefined : deviceText(current.state),
  };
}

function versionView(browse: Browse, version: Version): VersionView {
  const { state, layer, endLayer, endReason } = version;
  return {
    layer: layer + 1,
    type: state.type,
    size: state.size,
    mode: state.mode,
    uid: state.uid,
    gid: state.gid,
    mtime: isoTime(state.mtime),
    sha256: state.content?.sha256,
    createdBy: browse.image.layers[layer]?.history?.created_by,
    endLayer: endLayer === undefined ? undefined : endLayer + 1,
    endReason,
  };
}

const MAX_DATE_SECONDS = 8_640_000_000_000;

/** ISO 8601; times beyond what a Date can hold (a tar may say anything) are held at its ends. */
function isoTime(time: Timestamp): string {
  const seconds = Math.min(MAX_DATE_SECONDS, Math.max(-MAX_DATE_SECONDS, time.sec));
  const milliseconds = Math.min(MAX_DATE_SECONDS * 1000, seconds * 1000 + Math.floor(time.nsec / 1_000_000));
  return new Date(milliseconds).toISOString();
}

/** Text when it is printable ASCII, otherwise hex. */
function xattrText(value: Uint8Array): string {
  const bytes = Buffer.from(value);
  const text = bytes.toString('latin1');
  return /^[\x20-\x7e]*$/.test(text) ? text : `0x${bytes.toString('hex')}`;
}

function deviceText(state: FileState): string | undefined {
  return state.type === 'char' || state.type === 'block' ? `${state.devMajor}:${state.devMinor}` : undefined;
}
