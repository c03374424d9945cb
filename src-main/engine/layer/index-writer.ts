/** Writes a layer index while the layer is scanned; see index-format.ts. Synchronous: it runs where scans run. */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { hexOf, type Digest } from '../digest/digest';
import { toBytes, type ByteString } from '../path/byte-string';
import { limitExceeded } from '../tar/limits';
import type { Diagnostic, LayerEntry } from './entry';
import {
  AT,
  CHECKSUM_BYTES,
  encodeRecord,
  type Heap,
  HEADER_BYTES,
  MAGIC,
  MAX_INDEX_BYTES,
  RECORD_BYTES,
  RECORDS_PER_BLOCK,
  SECTION,
  SECTION_BYTES,
  VERSION,
} from './index-format';

interface Section {
  readonly kind: number;
  readonly bytes: Buffer;
}

export class IndexWriter implements Heap {
  readonly #file: string;
  readonly #temporary: string;
  #descriptor: number | undefined;
  readonly #hash = createHash('sha256');
  #position = HEADER_BYTES;
  #count = 0;
  readonly #blockOffsets: number[] = [];
  readonly #records = Buffer.alloc(RECORDS_PER_BLOCK * RECORD_BYTES);
  #recordsInBlock = 0;
  /** Strings that are not written yet; they come before the records that point to them. */
  readonly #strings = Buffer.allocUnsafe(256 * 1024);
  #stringBytes = 0;

  /** Nothing is seen at `file` before `finish`. */
  constructor(file: string) {
    this.#file = file;
    this.#temporary = `${file}.part`;
    this.#descriptor = openSync(this.#temporary, 'wx');
    this.#write(Buffer.alloc(HEADER_BYTES), 0);
  }

  get count(): number {
    return this.#count;
  }

  /** @throws LaminaError LIMIT_EXCEEDED when the names of the layer are too many and too long */
  add(entry: LayerEntry): void {
    encodeRecord(this.#records, this.#recordsInBlock * RECORD_BYTES, entry, this);
    this.#count++;
    if (++this.#recordsInBlock === RECORDS_PER_BLOCK) this.#flushBlock();
  }

  /** For `encodeRecord`. */
  appendText(text: ByteString): number {
    // A name fits the buffer by the reader's limits; container layers may hold what they like.
    if (text.length > this.#strings.length) return this.appendBytes(toBytes(text));
    const offset = this.#reserve(text.length);
    this.#stringBytes += this.#strings.write(text, this.#stringBytes, 'latin1');
    return offset;
  }

  /** For `encodeRecord`. */
  appendBytes(bytes: Buffer): number {
    const offset = this.#reserve(bytes.length);
    if (bytes.length > this.#strings.length) this.#append(bytes);
    else this.#stringBytes += bytes.copy(this.#strings, this.#stringBytes);
    return offset;
  }

  /** Makes room in the buffer, as far as it goes, and says where in the file the next string will stand. */
  #reserve(length: number): number {
    if (this.#stringBytes + length > this.#strings.length) this.#flushStrings();
    const offset = this.#position + this.#stringBytes;
    if (offset + length > MAX_INDEX_BYTES) throw limitExceeded('The names of the layer need more than 2 GiB');
    return offset;
  }

  /** Completes the file, flushes it to the disk and gives it its name. */
  finish(diffId: Digest, diagnostics: readonly Diagnostic[]): void {
    if (this.#recordsInBlock > 0) this.#flushBlock();
    const blocks = Buffer.alloc(this.#blockOffsets.length * 4);
    this.#blockOffsets.forEach((offset, index) => blocks.writeUInt32LE(offset, index * 4));
    this.#finishWith(diffId, [
      { kind: SECTION.blocks, bytes: blocks },
      { kind: SECTION.diagnostics, bytes: Buffer.from(JSON.stringify(diagnostics)) },
    ]);
  }

  /** Removes what was written; a no-op after `finish`. */
  discard(): void {
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    rmSync(this.#temporary, { force: true });
  }

  #finishWith(diffId: Digest, sections: readonly Section[]): void {
    const header = Buffer.alloc(HEADER_BYTES);
    MAGIC.copy(header);
    header.writeUInt32LE(VERSION, AT.version);
    header.writeUInt32LE(RECORD_BYTES, AT.recordBytes);
    header.writeDoubleLE(this.#count, AT.count);
    header.write(hexOf(diffId), AT.diffId, 'hex');
    sections.forEach(({ kind, bytes }, index) => {
      const at = AT.sections + index * SECTION_BYTES;
      header.writeUInt32LE(kind, at);
      header.writeDoubleLE(this.#position, at + 8);
      header.writeDoubleLE(bytes.length, at + 16);
      this.#append(bytes);
    });
    const checksum = this.#hash.update(header).digest();
    checksum.copy(header, AT.checksum, 0, CHECKSUM_BYTES);
    this.#write(header, 0);
    this.#publish();
  }

  #publish(): void {
    if (this.#descriptor === undefined) throw new Error('the index writer is closed');
    fsyncSync(this.#descriptor);
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    renameSync(this.#temporary, this.#file);
  }

  #flushBlock(): void {
    this.#flushStrings();
    this.#blockOffsets.push(this.#position);
    this.#append(this.#records.subarray(0, this.#recordsInBlock * RECORD_BYTES));
    this.#recordsInBlock = 0;
  }

  #flushStrings(): void {
    this.#append(this.#strings.subarray(0, this.#stringBytes));
    this.#stringBytes = 0;
  }

  #append(bytes: Buffer): void {
    this.#hash.update(bytes);
    this.#write(bytes, this.#position);
    this.#position += bytes.length;
  }

  #write(bytes: Buffer, position: number): void {
    if (this.#descriptor === undefined) throw new Error('the index writer is closed');
    for (let written = 0; written < bytes.length;) {
      written += writeSync(this.#descriptor, bytes, written, bytes.length - written, position + written);
    }
  }
}
