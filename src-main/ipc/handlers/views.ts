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
  type StoreUsage,
  type Timestamp,
  type UnionNode,
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

export function platformText(platform: Platform): string {
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

/** @param upTo 0-based layer the tree is looked at from; the top layer when undefined */
export function nodeDetails(browse: Browse, node: UnionNode, upTo: number | undefined): NodeDetails {
  const { tree } = browse;
  const current = tree.visible(node, upTo);
  const shown = current ?? node.versions.at(-1);
  const target = current?.state.type === 'symlink' ? linkTarget(browse, node, upTo) : undefined;
  return {
    path: node.path,
    displayPath: pathToText(node.path),
    ghost: current === undefined,
    current: current === undefined ? undefined : versionView(browse, current),
    versions: node.versions.map((version) => versionView(browse, version)).reverse(),
    linkname: shown?.state.type === 'symlink' ? toText(shown.state.linkname) : undefined,
    linkPath: target === undefined ? undefined : pathToText(target.path),
    hardlinks: current === undefined ? [] : otherNames(browse, node, upTo),
    xattrs: shown === undefined ? [] : [...shown.state.xattrs].map(([name, value]) => [name, xattrText(value)]),
    device: shown === undefined ? undefined : deviceText(shown.state),
  };
}

function linkTarget(browse: Browse, node: UnionNode, upTo: number | undefined): UnionNode | undefined {
  try {
    return browse.tree.lookup(node.path, { upTo, followLast: true });
  } catch {
    // a loop leads nowhere; that is an answer, not a failure
    return undefined;
  }
}

function otherNames(browse: Browse, node: UnionNode, upTo: number | undefined): string[] {
  const names = browse.tree.namesOf(node, upTo).filter((path) => path !== node.path);
  return names.map((path) => pathToText(path));
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
export function isoTime(time: Timestamp): string {
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
