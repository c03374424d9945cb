/**
 * Puts an entry together from its header block and the PAX and GNU records before it. Where programs disagree it does
 * what Go's archive/tar does, because that is what Docker, containerd and Podman read layers with (semantics 1.7, 1.8).
 * The surprise: an extended header replaces an earlier one that no entry has used yet; the two are not merged.
 */
import { fromBytes, isUtf8, toText, type ByteString } from '../path/byte-string';
import { normaliseName, ROOT, type LayerPath } from '../path/layer-path';
import { attributesOf, linkOf, xattrsOf } from './entry-attributes';
import { BLOCK_BYTES, parseHeader, type HeaderFields } from './header';
import { limitExceeded, type TarLimits } from './limits';
import { numberRecord, parsePax, textRecord, type PaxRecords } from './pax';
import { tarInvalid } from './tar-error';
import type { EntryType, TarDiagnostic, TarEntry } from './types';

/** What the reader has to do after a header block. */
export type Step =
  /** Hand the `size` bytes that follow to `record`. */
  | { readonly kind: 'record'; readonly size: number }
  /** `entry.size` bytes of content follow. */
  | { readonly kind: 'entry'; readonly entry: TarEntry }
  /** `size` bytes follow that belong to nothing. */
  | { readonly kind: 'skip'; readonly size: number };

export interface Context {
  readonly limits: TarLimits;
  readonly diagnostic: (diagnostic: TarDiagnostic) => void;
}

const TYPES: ReadonlyMap<string, EntryType> = new Map([
  ['\0', 'file'],
  ['0', 'file'],
  ['7', 'file'],
  ['1', 'hardlink'],
  ['2', 'symlink'],
  ['3', 'char'],
  ['4', 'block'],
  ['5', 'dir'],
  ['6', 'fifo'],
]);

/** Types of records before an entry: PAX, PAX global, GNU long name, GNU long link. */
const RECORD_TYPES = 'xgLK';

const NO_RECORDS: PaxRecords = new Map();
const SPARSE_HINT =
  'Sparse files do not belong into layers (image-spec layer.md). Pack the files again without --sparse (tar -S).';

export class EntryAssembler {
  readonly #context: Context;
  #record: { readonly typeflag: string; readonly at: number } | undefined;
  #pax: PaxRecords = NO_RECORDS;
  #longName: ByteString | undefined;
  #longLink: ByteString | undefined;
  #count = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Records have been read that no entry has used yet. */
  get isPending(): boolean {
    return this.#pax !== NO_RECORDS || this.#longName !== undefined || this.#longLink !== undefined;
  }

  /**
   * @param block a header block, not all zero
   * @param at its offset in the tar
   * @throws LaminaError TAR_INVALID, LIMIT_EXCEEDED
   */
  header(block: Buffer, at: number): Step {
    const fields = parseHeader(block, at);
    if (RECORD_TYPES.includes(fields.typeflag)) return this.#startRecord(fields, at);
    if (++this.#count > this.#context.limits.maxEntries) {
      throw limitExceeded(`The tar has more than ${this.#context.limits.maxEntries} entries`);
    }
    const step = this.#assemble(fields, at);
    this.#forget();
    return step;
  }

  /** The body of the record that the last `header` asked for. */
  record(body: Buffer): void {
    const record = this.#record;
    if (record === undefined) throw new RangeError('no record was asked for');
    this.#record = undefined;
    if (record.typeflag === 'x') this.#pax = parsePax(body, record.at);
    else if (record.typeflag === 'L') this.#longName = upToNul(body);
    else if (record.typeflag === 'K') this.#longLink = upToNul(body);
    else {
      // A global header is checked and ignored, as Docker does (rule 65); Go also drops what came before it.
      parsePax(body, record.at);
      this.#forget();
    }
  }

  #startRecord({ typeflag, size }: HeaderFields, at: number): Step {
    if (size < 0) throw tarInvalid('A header has a negative size', at);
    if (size > this.#context.limits.maxRecordBytes) {
      throw limitExceeded(`An extended header at byte ${at} of the tar is ${size} bytes long`);
    }
    this.#record = { typeflag, at };
    return { kind: 'record', size };
  }

  #forget(): void {
    this.#pax = NO_RECORDS;
    this.#longName = undefined;
    this.#longLink = undefined;
  }

  #assemble(fields: HeaderFields, at: number): Step {
    const pax = this.#pax;
    const rawName = this.#longName ?? textRecord(pax, 'path') ?? fields.name;
    const path = this.#pathOf(rawName, at);
    const type = typeOf(fields, rawName, at);
    refuseSparse(pax, path, at);
    const size = sizeOf(fields, pax, at);
    const dataSize = type === 'file' ? size : 0;
    if (path === ROOT && type !== 'dir') {
      // A nameless file is nothing (rule 51); a root that is no directory is an attack (rule 53).
      if (rawName === '') return { kind: 'skip', size: dataSize };
      throw tarInvalid(`The entry “${toText(rawName)}” makes the root something else than a directory`, at);
    }
    const { mode, uid, gid, mtime, devMajor, devMinor } = attributesOf(
      { fields, pax, path, at },
      this.#context.diagnostic,
    );
    const entry: TarEntry = {
      path,
      rawName,
      type,
      mode,
      uid,
      gid,
      mtime,
      devMajor,
      devMinor,
      size: dataSize,
      linkname: linkOf(type, this.#longLink ?? textRecord(pax, 'linkpath') ?? fields.linkname, { path, at }),
      xattrs: xattrsOf(pax),
      offset: at + BLOCK_BYTES,
    };
    this.#noteOddities(entry, fields, size);
    return { kind: 'entry', entry };
  }

  #pathOf(rawName: ByteString, at: number): LayerPath {
    const { limits, diagnostic } = this.#context;
    if (rawName.length > limits.maxNameBytes) {
      throw limitExceeded(`A name at byte ${at} of the tar is ${rawName.length} bytes long`);
    }
    const { path, clamped, absolute } = normaliseName(rawName);
    if (clamped) {
      diagnostic({ code: 'DOTDOT_CLAMPED', path, message: 'The name climbs above the root; it was kept inside.' });
    }
    if (absolute && path !== ROOT) {
      diagnostic({ code: 'ABS_NAME', path, message: 'The name is absolute; it was taken as relative to the root.' });
    }
    if (path.length > 255) this.#checkLength(path, at);
    if (!isUtf8(path)) {
      diagnostic({
        code: 'NON_UTF8_NAME',
        path,
        message: 'The name is not UTF-8; it is shown with its bytes escaped.',
      });
    }
    return path;
  }

  #checkLength(path: LayerPath, at: number): void {
    const components = path.split('/');
    if (components.length > this.#context.limits.maxDepth) {
      throw limitExceeded(`A path at byte ${at} of the tar is ${components.length} folders deep`);
    }
    if (components.some((component) => component.length > 255)) {
      const message = 'A part of the name is longer than 255 bytes; no Linux filesystem can hold it.';
      this.#context.diagnostic({ code: 'LONG_NAME', path, message });
    }
  }

  #noteOddities({ path, type }: TarEntry, { typeflag }: HeaderFields, size: number): void {
    const { diagnostic } = this.#context;
    const paxName = textRecord(this.#pax, 'path');
    if (this.#longName !== undefined && paxName !== undefined && paxName !== this.#longName) {
      const message =
        'The entry has two different long names; GNU’s was taken, as Docker does. GNU tar takes the other.';
      diagnostic({ code: 'NAME_CONFLICT', path, message });
    }
    if (typeflag === '7') {
      const message = 'The entry is a “contiguous file”; it was taken as a regular file, but Docker refuses the layer.';
      diagnostic({ code: 'UNKNOWN_TYPEFLAG', path, message });
    }
    if (type !== 'file' && size !== 0) {
      const message =
        'The entry has no content and yet a size; what follows was read as the next entry, as Docker does.';
      diagnostic({ code: 'SIZE_ON_HEADER_ONLY', path, message });
    }
  }
}

/** PAX decides when it says a size (rule 67). */
function sizeOf(fields: HeaderFields, pax: PaxRecords, at: number): number {
  const size = numberRecord(pax, 'size', at) ?? fields.size;
  if (size < 0) throw tarInvalid('A header has a negative size', at);
  return size;
}

function typeOf({ typeflag }: HeaderFields, rawName: ByteString, at: number): EntryType {
  // V7 has no directories: a slash at the end of the name says it (rule 32).
  if (typeflag === '\0' && rawName.endsWith('/')) return 'dir';
  const type = TYPES.get(typeflag);
  if (type !== undefined) return type;
  const name = toText(rawName);
  if (typeflag === 'S') throw tarInvalid(`“${name}” is an old GNU sparse file, which cannot be read`, at, SPARSE_HINT);
  const shown = /^[!-~]$/.test(typeflag) ? typeflag : `\\x${typeflag.charCodeAt(0).toString(16).padStart(2, '0')}`;
  throw tarInvalid(`“${name}” is of the type “${shown}”, which has no place in a layer`, at);
}

function refuseSparse(pax: PaxRecords, path: LayerPath, at: number): void {
  for (const key of pax.keys()) {
    if (key.startsWith('GNU.sparse.')) {
      throw tarInvalid(`“${toText(path)}” is a GNU sparse file, which cannot be read`, at, SPARSE_HINT);
    }
  }
}

/** A GNU long name; an empty one is none. */
function upToNul(body: Buffer): ByteString | undefined {
  const nul = body.indexOf(0);
  return nul === 0 || body.length === 0 ? undefined : fromBytes(nul < 0 ? body : body.subarray(0, nul));
}
