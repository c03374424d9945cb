/**
 * Reads a tar as it is pushed in, chunk by chunk, without copying content. Entries end at two zero blocks, or where
 * the bytes end; what comes after the blocks is not looked at but for a diagnostic (rules 69, 70).
 */
import { toText } from '../path/byte-string';
import { ROOT } from '../path/layer-path';
import { EntryAssembler } from './entry-assembler';
import { BLOCK_BYTES, isZeroBlock, paddingAfter } from './header';
import { DEFAULT_LIMITS, limitExceeded, type TarLimits } from './limits';
import { tarInvalid, TRUNCATED_HINT } from './tar-error';
import type { TarDiagnostic, TarEntry } from './types';

/** What the scanner tells; called synchronously from `push` and `end`. */
export interface ScanHandlers {
  entry(entry: TarEntry): void;
  /** Some content of the last entry: a view of the pushed chunk, valid during the call only. */
  data(chunk: Buffer): void;
  /** The content of the last entry is complete; called for every entry. */
  entryEnd(): void;
  diagnostic(diagnostic: TarDiagnostic): void;
}

/** What the next bytes are. */
type State = 'header' | 'record' | 'data' | 'skip' | 'padding' | 'trailing';

const ZEROS = Buffer.alloc(64 * 1024);

export class TarScanner {
  readonly #handlers: ScanHandlers;
  readonly #limits: TarLimits;
  readonly #assembler: EntryAssembler;
  #state: State = 'header';
  /** Offset in the tar of the next byte. */
  #position = 0;
  /** A header block that came in pieces. */
  readonly #block = Buffer.alloc(BLOCK_BYTES);
  #blockFilled = 0;
  /** A record's body, collected. */
  #record = Buffer.alloc(0);
  #recordFilled = 0;
  /** Bytes left of data, skip or padding. */
  #left = 0;
  /** Padding after the current content. */
  #padding = 0;
  #zeroBlocks = 0;
  #entry: TarEntry | undefined;
  #sawTrailingData = false;

  constructor(handlers: ScanHandlers, limits: TarLimits = DEFAULT_LIMITS) {
    this.#handlers = handlers;
    this.#limits = limits;
    this.#assembler = new EntryAssembler({ limits, diagnostic: (diagnostic) => handlers.diagnostic(diagnostic) });
  }

  /** @throws LaminaError TAR_INVALID, LIMIT_EXCEEDED; the scanner is then of no further use */
  push(chunk: Buffer): void {
    if (this.#position + chunk.length > this.#limits.maxTarBytes) {
      throw limitExceeded(`The tar is larger than ${this.#limits.maxTarBytes} bytes`);
    }
    let index = 0;
    while (index < chunk.length) {
      const used = this.#step(chunk, index);
      index += used;
      this.#position += used;
    }
  }

  /** The bytes have ended. @throws LaminaError TAR_INVALID when they ended too early */
  end(): void {
    const missing = this.#missing();
    if (missing > 0) {
      const where = this.#entry === undefined ? 'a header' : `“${toText(this.#entry.rawName)}”`;
      const message = `The tar ends too early, inside ${where}: ${missing} bytes are missing`;
      throw tarInvalid(message, this.#position, TRUNCATED_HINT);
    }
    if (this.#assembler.isPending && this.#zeroBlocks === 0) {
      throw tarInvalid(
        'The tar ends too early, between an extended header and its entry',
        this.#position,
        TRUNCATED_HINT,
      );
    }
    if (this.#zeroBlocks < 2) {
      this.#note('NO_EOF_BLOCKS', 'The tar does not end with two zero blocks; it was read to where its bytes end.');
    }
  }

  /** Bytes that the current header, record or content still needs. Padding may be missing at the very end. */
  #missing(): number {
    if (this.#state === 'header') return this.#blockFilled === 0 ? 0 : BLOCK_BYTES - this.#blockFilled;
    if (this.#state === 'record') return this.#record.length - this.#recordFilled;
    return this.#state === 'data' || this.#state === 'skip' ? this.#left : 0;
  }

  /** Consumes at least one byte of `chunk` from `index` on and says how many. */
  #step(chunk: Buffer, index: number): number {
    switch (this.#state) {
      case 'header':
        return this.#readHeader(chunk, index);
      case 'record':
        return this.#readRecord(chunk, index);
      case 'data':
      case 'skip':
        return this.#readData(chunk, index);
      case 'padding': {
        const used = Math.min(this.#left, chunk.length - index);
        this.#left -= used;
        if (this.#left === 0) this.#state = 'header';
        return used;
      }
      case 'trailing':
        return this.#readTrailing(chunk, index);
    }
  }

  #readHeader(chunk: Buffer, index: number): number {
    const available = chunk.length - index;
    if (this.#blockFilled === 0 && available >= BLOCK_BYTES) {
      this.#header(chunk.subarray(index, index + BLOCK_BYTES), this.#position);
      return BLOCK_BYTES;
    }
    const used = chunk.copy(this.#block, this.#blockFilled, index);
    const start = this.#position - this.#blockFilled;
    this.#blockFilled += used;
    if (this.#blockFilled === BLOCK_BYTES) {
      this.#blockFilled = 0;
      this.#header(this.#block, start);
    }
    return used;
  }

  #header(block: Buffer, at: number): void {
    if (isZeroBlock(block)) {
      if (++this.#zeroBlocks === 2) this.#state = 'trailing';
      return;
    }
    if (this.#zeroBlocks > 0) throw tarInvalid('A single zero block stands in the middle of the tar', at);
    this.#entry = undefined;
    const step = this.#assembler.header(block, at);
    if (step.kind === 'record') {
      this.#record = Buffer.allocUnsafe(step.size);
      this.#recordFilled = 0;
      this.#padding = paddingAfter(step.size);
      this.#state = 'record';
      if (step.size === 0) this.#endRecord();
    } else if (step.kind === 'entry') {
      this.#entry = step.entry;
      this.#handlers.entry(step.entry);
      this.#startContent('data', step.entry.size);
    } else this.#startContent('skip', step.size);
  }

  #startContent(state: 'data' | 'skip', size: number): void {
    this.#state = state;
    this.#left = size;
    this.#padding = paddingAfter(size);
    if (size === 0) this.#endContent();
  }

  #endContent(): void {
    if (this.#state === 'data') this.#handlers.entryEnd();
    this.#entry = undefined;
    this.#startPadding();
  }

  #startPadding(): void {
    this.#left = this.#padding;
    this.#state = this.#left > 0 ? 'padding' : 'header';
  }

  #readRecord(chunk: Buffer, index: number): number {
    const used = chunk.copy(this.#record, this.#recordFilled, index);
    this.#recordFilled += used;
    if (this.#recordFilled === this.#record.length) this.#endRecord();
    return used;
  }

  #endRecord(): void {
    this.#assembler.record(this.#record);
    this.#startPadding();
  }

  #readData(chunk: Buffer, index: number): number {
    const used = Math.min(this.#left, chunk.length - index);
    if (this.#state === 'data') this.#handlers.data(chunk.subarray(index, index + used));
    this.#left -= used;
    if (this.#left === 0) this.#endContent();
    return used;
  }

  #readTrailing(chunk: Buffer, index: number): number {
    for (let at = index; !this.#sawTrailingData && at < chunk.length; at += ZEROS.length) {
      const piece = chunk.subarray(at, at + ZEROS.length);
      if (piece.equals(ZEROS.subarray(0, piece.length))) continue;
      this.#sawTrailingData = true;
      this.#note('TRAILING_DATA', 'There are bytes after the end of the tar; they are kept, but no engine reads them.');
    }
    return chunk.length - index;
  }

  #note(code: string, message: string): void {
    this.#handlers.diagnostic({ code, path: ROOT, message });
  }
}
