/**
 * An archive as a set of named regions, the same whether it is a tar file or a folder. Names are looked up here and
 * nowhere else: links are followed among the members only, at most eight of them, and no name ever becomes a path of
 * the host (semantics 1.11 rule 95, 3 S21).
 */
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { LaminaError } from '../errors';
import { fromText, toText, type ByteString } from '../path/byte-string';
import { joinPath, normaliseName, parentOf, ROOT, type LayerPath } from '../path/layer-path';
import type { TarMember } from '../tar/member-index';
import type { Region } from './read-region';

/** What a name of an archive leads to. */
export interface Member extends Region {
  /** The name it was asked for, for people. */
  readonly name: string;
}

interface Entry extends Region {
  readonly kind: 'file' | 'dir' | 'link' | 'other';
  /** Where a link leads, as a normalised name inside the archive; undefined when it leaves the archive. */
  readonly target: LayerPath | undefined;
}

const MAX_LINKS = 8;
const MAX_FOLDER_ENTRIES = 100_000;
const MAX_FOLDER_DEPTH = 8;

interface SourceFacts {
  readonly file: string;
  readonly kind: 'tar' | 'folder';
  readonly tar?: string;
  readonly entries: ReadonlyMap<LayerPath, Entry>;
  readonly duplicate?: LayerPath | undefined;
}

export class ArchiveSource {
  /** The file or folder the user named. */
  readonly file: string;
  readonly kind: 'tar' | 'folder';
  /** The tar the members are in, decompressed; undefined for a folder. */
  readonly tar: string | undefined;
  private readonly entries: ReadonlyMap<LayerPath, Entry>;
  /** First name that two members share, if any. */
  private readonly duplicate: LayerPath | undefined;

  constructor(facts: SourceFacts) {
    this.file = facts.file;
    this.kind = facts.kind;
    this.tar = facts.tar;
    this.entries = facts.entries;
    this.duplicate = facts.duplicate;
  }

  /** Whether a member of this very name exists, of whatever kind. */
  has(name: string): boolean {
    return this.entries.has(fromText(name) as LayerPath);
  }

  /** All names, as text, unsorted. */
  *names(): Iterable<string> {
    for (const name of this.entries.keys()) yield toText(name);
  }

  get isEmpty(): boolean {
    return this.entries.size === 0;
  }

  /**
   * The file a name leads to, links followed; undefined when there is none.
   * @throws ARCHIVE_INVALID for a name or link that leaves the archive, a cycle of links, and a folder or device
   */
  find(name: string): Member | undefined {
    const start = normaliseName(fromText(name));
    if (start.clamped) throw this.refuse(`names “${name}”, which lies outside the archive`);
    let at: LayerPath = start.path;
    for (let hops = 0; hops <= MAX_LINKS; hops += 1) {
      const entry = this.entries.get(at);
      if (entry === undefined) return undefined;
      if (entry.kind === 'file') return { name, file: entry.file, offset: entry.offset, size: entry.size };
      if (entry.kind !== 'link') throw this.refuse(`names “${name}”, which is not a file in it`);
      if (entry.target === undefined) throw this.refuse(`holds the link “${toText(at)}”, which leaves the archive`);
      at = entry.target;
    }
    throw this.refuse(`names “${name}”, whose links go in a circle`);
  }

  /** An image archive with two members of one name means different things to different programs. */
  refuseDuplicates(): void {
    if (this.duplicate === undefined) return;
    throw this.refuse(`holds the member “${toText(this.duplicate)}” twice`);
  }

  private refuse(what: string): LaminaError {
    return new LaminaError('ARCHIVE_INVALID', `${this.file} ${what}.`, {
      subject: this.file,
      hint: 'No program that saves images writes this. Export the image again from where it came from.',
    });
  }
}

/** A tar file's members; `file` is the tar itself, which differs from what the user named when that was compressed. */
export function tarSource(named: string, file: string, members: readonly TarMember[]): ArchiveSource {
  const entries = new Map<LayerPath, Entry>();
  let duplicate: LayerPath | undefined;
  for (const member of members) {
    const known = entries.get(member.name);
    if (known !== undefined && !(known.kind === 'dir' && member.type === 'dir')) duplicate ??= member.name;
    entries.set(member.name, {
      file,
      offset: member.offset,
      size: member.size,
      kind: kindOf(member.type),
      target: targetOf(member),
    });
  }
  entries.delete(ROOT);
  return new ArchiveSource({ file: named, kind: 'tar', tar: file, entries, duplicate });
}

function kindOf(type: TarMember['type']): Entry['kind'] {
  if (type === 'file' || type === 'dir') return type;
  return type === 'symlink' || type === 'hardlink' ? 'link' : 'other';
}

/** Hard links are named from the root of the archive, symlinks from where they are (rules 44, 79). */
function targetOf(member: TarMember): LayerPath | undefined {
  if (member.type === 'hardlink') return inside(member.linkname);
  return member.type === 'symlink' ? symlinkTarget(member.name, member.linkname) : undefined;
}

function symlinkTarget(name: LayerPath, linkname: ByteString): LayerPath | undefined {
  return linkname.startsWith('/') ? inside(linkname) : inside(joinPath(parentOf(name), linkname));
}

function inside(name: ByteString): LayerPath | undefined {
  const { path: target, clamped } = normaliseName(name);
  return clamped ? undefined : target;
}

/** A folder's files. Symlinks of the host are not followed: an image layout has none. @throws LIMIT_EXCEEDED */
export async function folderSource(folder: string): Promise<ArchiveSource> {
  const entries = new Map<LayerPath, Entry>();
  const waiting: { readonly host: string; readonly name: LayerPath; readonly depth: number }[] = [
    { host: folder, name: ROOT, depth: 0 },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const found of await readdir(next.host, { withFileTypes: true })) {
      const host = path.join(next.host, found.name);
      const name = joinPath(next.name, fromText(found.name));
      const kind = found.isFile() ? 'file' : found.isDirectory() ? 'dir' : 'other';
      const size = kind === 'file' ? (await lstat(host)).size : 0;
      entries.set(name, { file: host, offset: 0, size, kind, target: undefined });
      if (kind === 'dir' && next.depth < MAX_FOLDER_DEPTH) waiting.push({ host, name, depth: next.depth + 1 });
      if (entries.size > MAX_FOLDER_ENTRIES) throw tooManyFiles(folder);
    }
  }
  return new ArchiveSource({ file: folder, kind: 'folder', entries });
}

function tooManyFiles(folder: string): LaminaError {
  return new LaminaError('UNKNOWN_FORMAT', `${folder} holds more than ${MAX_FOLDER_ENTRIES} files.`, {
    subject: folder,
    hint: 'Choose the folder of an OCI image layout (with oci-layout and index.json in it), or pack a root filesystem first: tar -C FOLDER -cf rootfs.tar .',
  });
}
