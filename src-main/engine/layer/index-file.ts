/** Reads a layer index (index-format.ts): one read, one checksum; entries are decoded when they are asked for. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { digestFromHex, type Digest } from '../digest/digest';
import { LaminaError, toLaminaError } from '../errors';
import type { Diagnostic, EntryList } from './entry';
import {
  AT,
  CHECKSUM_BYTES,
  decodePath,
  decodeRecord,
  HEADER_BYTES,
  MAGIC,
  MAX_SECTIONS,
  RECORD_BYTES,
  RECORDS_PER_BLOCK,
  SECTION,
  SECTION_BYTES,
  VERSION,
} from './index-format';

/** All that is known of a layer without reading its blob. */
export interface LayerIndex extends EntryList {
  readonly diffId: Digest;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * @throws LaminaError STORE_INVALID when the file is damaged or of another version: make it again from the blob;
 * IO when it cannot be read
 */
export async function loadLayerIndex(file: string): Promise<LayerIndex> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (thrown) {
    throw toLaminaError(thrown, file);
  }
  const problem = problemOf(bytes);
  if (problem !== undefined) throw unusable(file, problem);
  const sections = sectionsOf(bytes);
  const blocks = sections.get(SECTION.blocks) ?? Buffer.alloc(0);
  const count = bytes.readDoubleLE(AT.count);
  if (blocks.length !== 4 * Math.ceil(count / RECORDS_PER_BLOCK)) throw unusable(file, 'its block table is wrong');
  const recordAt = (position: number): number => {
    if (!(position >= 0 && position < count)) throw new RangeError(`no entry ${position} in a layer of ${count}`);
    const block = blocks.readUInt32LE(4 * Math.floor(position / RECORDS_PER_BLOCK));
    return block + (position % RECORDS_PER_BLOCK) * RECORD_BYTES;
  };
  return {
    count,
    diffId: digestFromHex(bytes.toString('hex', AT.diffId, AT.diffId + 32)),
    diagnostics: diagnosticsOf(sections.get(SECTION.diagnostics)),
    entry: (position) => decodeRecord(bytes, recordAt(position)),
    path: (position) => decodePath(bytes, recordAt(position)),
  };
}

function unusable(file: string, problem: string): LaminaError {
  return new LaminaError('STORE_INVALID', `The layer index ${file} cannot be used: ${problem}.`, {
    subject: file,
    hint: 'It is made again from the layer when the image is next opened; `lamina fsck` does it now.',
  });
}

function problemOf(bytes: Buffer): string | undefined {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return 'it is no layer index';
  const version = bytes.readUInt32LE(AT.version);
  if (version !== VERSION || bytes.readUInt32LE(AT.recordBytes) !== RECORD_BYTES) {
    return `it is of version ${version}, and this program reads version ${VERSION}`;
  }
  const header = Buffer.from(bytes.subarray(0, HEADER_BYTES));
  const stored = Buffer.from(header.subarray(AT.checksum, AT.checksum + CHECKSUM_BYTES));
  header.fill(0, AT.checksum, AT.checksum + CHECKSUM_BYTES);
  const checksum = createHash('sha256').update(bytes.subarray(HEADER_BYTES)).update(header).digest();
  return checksum.equals(stored) ? undefined : 'its checksum is wrong';
}

function sectionsOf(bytes: Buffer): Map<number, Buffer> {
  const sections = new Map<number, Buffer>();
  for (let index = 0; index < MAX_SECTIONS; index++) {
    const at = AT.sections + index * SECTION_BYTES;
    const kind = bytes.readUInt32LE(at);
    if (kind === SECTION.end) break;
    const start = bytes.readDoubleLE(at + 8);
    sections.set(kind, bytes.subarray(start, start + bytes.readDoubleLE(at + 16)));
  }
  return sections;
}

/** Written by IndexWriter and covered by the checksum. */
function diagnosticsOf(section: Buffer | undefined): readonly Diagnostic[] {
  return section === undefined ? [] : (JSON.parse(section.toString('utf8')) as readonly Diagnostic[]);
}
