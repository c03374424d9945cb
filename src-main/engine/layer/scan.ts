/** Tar bytes in, layer entries out: each with the SHA-256 of its content and the place where the content is. */
import * as crypto from 'node:crypto';
import { LaminaError } from '../errors';
import { baseNameOf, kindOfName, pathToText } from '../path/layer-path';
import { DEFAULT_LIMITS, type TarLimits } from '../tar/limits';
import { TarScanner } from '../tar/scanner';
import type { TarDiagnostic, TarEntry } from '../tar/types';
import type { Diagnostic, LayerEntry } from './entry';

/** Diagnostics kept of one code; a layer with a million odd names is as well described by a hundred. */
const MAX_PER_CODE = 100;
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Hash of bytes that are there at once; Node has a faster way from 20.12 on. */
const hashAtOnce: (bytes: Buffer) => string =
  'hash' in crypto && typeof crypto.hash === 'function'
    ? (bytes) => crypto.hash('sha256', bytes, 'hex')
    : (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');

export class LayerScan {
  readonly #scanner: TarScanner;
  readonly #sink: (entry: LayerEntry) => void;
  #entry: TarEntry | undefined;
  #hash: crypto.Hash | undefined;
  #sha256 = '';
  readonly #diagnostics: Diagnostic[] = [];
  readonly #perCode = new Map<string, number>();

  /** @param sink gets the entries in tar order, from within `push` */
  constructor(sink: (entry: LayerEntry) => void, limits: TarLimits = DEFAULT_LIMITS) {
    this.#sink = sink;
    this.#scanner = new TarScanner(
      {
        entry: (entry) => this.#start(entry),
        data: (chunk) => this.#data(chunk),
        entryEnd: () => this.#end(),
        diagnostic: (diagnostic) => this.#note(diagnostic),
      },
      limits,
    );
  }

  /** @throws LaminaError TAR_INVALID, LAYER_INVALID, LIMIT_EXCEEDED */
  push(chunk: Buffer): void {
    this.#scanner.push(chunk);
  }

  /** The bytes have ended. @throws LaminaError TAR_INVALID when they ended too early */
  end(): Diagnostic[] {
    this.#scanner.end();
    for (const [code, count] of this.#perCode) {
      if (count <= MAX_PER_CODE) continue;
      const index = this.#diagnostics.findLastIndex((diagnostic) => diagnostic.code === code);
      const last = this.#diagnostics[index];
      if (last === undefined) continue;
      const message = `${last.message} (${count - MAX_PER_CODE} more of this kind are not listed.)`;
      this.#diagnostics[index] = { ...last, message };
    }
    return this.#diagnostics;
  }

  #start(entry: TarEntry): void {
    if (kindOfName(baseNameOf(entry.path)).kind === 'invalid') {
      // image-spec layer.md “Whiteouts”; rule 11
      const message = `“${pathToText(entry.path)}” is a whiteout of nothing, which the image specification forbids.`;
      throw new LaminaError('LAYER_INVALID', message, { hint: 'Rebuild the image with another tool.' });
    }
    this.#entry = entry;
    this.#sha256 = entry.type === 'file' ? EMPTY_SHA256 : '';
    this.#hash = undefined;
  }

  #data(chunk: Buffer): void {
    if (this.#hash !== undefined) this.#hash.update(chunk);
    else if (chunk.length === this.#entry?.size) this.#sha256 = hashAtOnce(chunk);
    else this.#hash = crypto.createHash('sha256').update(chunk);
  }

  #end(): void {
    if (this.#entry === undefined) return;
    const { path, type, mode, uid, gid, size, mtime, linkname, xattrs, devMajor, devMinor } = this.#entry;
    const offset = size === 0 ? 0 : this.#entry.offset;
    const sha256 = this.#hash?.digest('hex') ?? this.#sha256;
    this.#sink({ path, type, mode, uid, gid, size, mtime, linkname, xattrs, devMajor, devMinor, offset, sha256 });
    this.#entry = undefined;
  }

  #note(diagnostic: TarDiagnostic): void {
    const count = (this.#perCode.get(diagnostic.code) ?? 0) + 1;
    this.#perCode.set(diagnostic.code, count);
    if (count <= MAX_PER_CODE) this.#diagnostics.push(diagnostic);
  }
}
