/**
 * The config of a committed image: the parent's with the changes, clean of what Docker leaves in it of a container
 * (semantics 2.3 rules 18–20). Fields that nobody here knows are kept (CONFIG: implementations must not drop them).
 */
import type { Digest } from '../../digest/digest';
import type { HistoryEntry, ImageConfig, RunConfig } from '../../image/types';
import { applyChanges } from './change-instructions';

export interface CommitFacts {
  readonly created: Date;
  readonly author: string | undefined;
  readonly message: string | undefined;
  readonly changes: readonly string[];
  /** DiffID of the new layer; undefined when nothing in the filesystem had changed. */
  readonly diffId: Digest | undefined;
}

/** About the container or the daemon that made the parent; a comment here would hide the new message in Docker. */
const RESIDUE = new Set(['author', 'container', 'container_config', 'docker_version', 'comment', 'id', 'parent']);
const RUN_RESIDUE = new Set([
  ...['Hostname', 'Domainname', 'AttachStdin', 'AttachStdout', 'AttachStderr', 'Tty', 'OpenStdin', 'StdinOnce'],
  ...['Image', 'MacAddress', 'NetworkDisabled'],
]);

/** @throws LaminaError INVALID_CHANGE */
export function committedConfig(parent: ImageConfig, facts: CommitFacts): ImageConfig {
  const { author, changes, diffId } = facts;
  const created = goTime(facts.created);
  const entry: HistoryEntry = {
    created,
    created_by: createdBy(changes),
    ...(author === undefined ? {} : { author }),
    ...(facts.message === undefined ? {} : { comment: facts.message }),
    ...(diffId === undefined ? { empty_layer: true } : {}),
  };
  const { diff_ids } = parent.rootfs;
  return {
    ...without(parent, RESIDUE),
    ...(author === undefined ? {} : { author }),
    architecture: parent.architecture,
    os: parent.os,
    created,
    config: applyChanges(without<RunConfig>(parent.config ?? {}, RUN_RESIDUE), changes, { os: parent.os }),
    rootfs: { type: 'layers', diff_ids: diffId === undefined ? diff_ids : [...diff_ids, diffId] },
    history: [...wholeHistory(parent), entry],
  };
}

/** The command that a person would type to do the same. */
function createdBy(changes: readonly string[]): string {
  return ['lamina commit', ...changes.map((change) => `-c '${change.trim().replaceAll("'", "'\\''")}'`)].join(' ');
}

/**
 * The parent's history with an entry for each layer. Where it has fewer, programs pair entries and layers from the
 * bottom (rule 81), and the new entry would be taken for an old layer's.
 */
function wholeHistory(parent: ImageConfig): HistoryEntry[] {
  const history = parent.history ?? [];
  const described = history.filter((entry) => entry.empty_layer !== true).length;
  const missing = Math.max(0, parent.rootfs.diff_ids.length - described);
  return [...history, ...Array.from({ length: missing }, () => ({ comment: 'no history was recorded' }))];
}

function without<T extends object>(fields: T, names: ReadonlySet<string>): T {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name))) as T;
}

/** RFC 3339 as Go prints it: no zeros at the end of the fraction. */
function goTime(time: Date): string {
  return time.toISOString().replace(/\.?0+Z$/, 'Z');
}
