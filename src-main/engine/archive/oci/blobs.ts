/**
 * The blobs of an archive by digest: verified in digest and size before anything is done with them, and staged byte
 * for byte. What the archive lacks is looked for in the descriptor itself (`data`) and in the store.
 */
import { createHash, randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { digestFromHex, digestOf, type Digest } from '../../digest/digest';
import { LaminaError } from '../../errors';
import type { Descriptor } from '../../store/types';
import type { ImportJob } from '../job';
import { readRegion, streamRegion, type Region } from '../read-region';
import type { Member } from '../source';

/** Blobs up to this size are read in one piece. */
const SMALL_BYTES = 4 * 1024 * 1024;

export class ArchiveBlobs {
  /** Every blob that is staged or was found in the store. */
  readonly kept = new Set<Digest>();

  private readonly job: ImportJob;
  private readonly locate: (digest: Digest) => Member | undefined;

  constructor(job: ImportJob, locate: (digest: Digest) => Member | undefined) {
    this.job = job;
    this.locate = locate;
  }

  get file(): string {
    return this.job.archive.source.file;
  }

  /** Where the archive has the blob. @throws DIGEST_MISMATCH when its size is another */
  regionOf(descriptor: Descriptor): Region | undefined {
    const member = this.locate(descriptor.digest);
    if (member === undefined || member.size === descriptor.size) return member;
    throw this.mismatch(descriptor, `has ${member.size} bytes instead of ${descriptor.size}`);
  }

  /** Whether the blob can be had from anywhere. */
  async isThere(descriptor: Descriptor): Promise<boolean> {
    if (this.regionOf(descriptor) !== undefined) return true;
    return this.job.transaction.has(descriptor.digest);
  }

  /** A document, staged; undefined when it is nowhere. @throws LIMIT_EXCEEDED, DIGEST_MISMATCH */
  async document(descriptor: Descriptor, limitBytes: number): Promise<Buffer | undefined> {
    const bytes = await this.bytesOf(descriptor, limitBytes);
    if (bytes === undefined) return undefined;
    await this.job.transaction.putBytes(bytes);
    this.kept.add(descriptor.digest);
    return bytes;
  }

  /** Stages a blob that is not looked into; false when it is nowhere. @throws DIGEST_MISMATCH */
  async keep(descriptor: Descriptor): Promise<boolean> {
    const region = this.regionOf(descriptor);
    if (descriptor.size <= SMALL_BYTES || region === undefined) {
      if (descriptor.size <= SMALL_BYTES) return (await this.document(descriptor, SMALL_BYTES)) !== undefined;
      if (!(await this.job.transaction.has(descriptor.digest))) return false;
    } else if (!(await this.job.transaction.has(descriptor.digest))) {
      await this.copy(descriptor, region);
    }
    this.kept.add(descriptor.digest);
    return true;
  }

  private async bytesOf(descriptor: Descriptor, limitBytes: number): Promise<Buffer | undefined> {
    const { digest } = descriptor;
    const region = this.regionOf(descriptor);
    const bytes =
      region === undefined ? dataOf(descriptor) : await readRegion(region, limitBytes, `${digest} in ${this.file}`);
    if (bytes !== undefined) {
      if (digestOf(bytes) === digest && bytes.length === descriptor.size) return bytes;
      throw this.mismatch(descriptor, 'holds bytes with another digest');
    }
    const { store } = this.job.context;
    return (await store.has(digest)) ? store.readBytes(digest, limitBytes) : undefined;
  }

  private async copy(descriptor: Descriptor, region: Region): Promise<void> {
    const { transaction, options } = this.job;
    const file = path.join(transaction.folder, `blob-${randomUUID()}`);
    const hash = createHash('sha256');
    const handle = await open(file, 'wx');
    try {
      for await (const chunk of streamRegion(region, `${descriptor.digest} in ${this.file}`, options.signal)) {
        hash.update(chunk);
        await handle.writeFile(chunk);
      }
    } finally {
      await handle.close();
    }
    const digest = digestFromHex(hash.digest('hex'));
    if (digest !== descriptor.digest) throw this.mismatch(descriptor, `holds bytes with the digest ${digest}`);
    await transaction.adopt({ digest, size: region.size, file });
  }

  /** @throws ARCHIVE_INCOMPLETE */
  missing(descriptor: Descriptor, what: string): LaminaError {
    return new LaminaError('ARCHIVE_INCOMPLETE', `The ${what} ${descriptor.digest} is missing from ${this.file}.`, {
      subject: this.file,
      hint: 'The archive was made without it or was cut off. Export the image again where all of it is.',
    });
  }

  private mismatch(descriptor: Descriptor, what: string): LaminaError {
    return new LaminaError('DIGEST_MISMATCH', `The blob ${descriptor.digest} in ${this.file} ${what}.`, {
      subject: this.file,
      hint: 'The archive is damaged or was changed. Copy or download it again; nothing of it was imported.',
    });
  }
}

/** Small documents may be embedded in their descriptor (descriptor.md "data"; rule 89). */
function dataOf(descriptor: Descriptor): Buffer | undefined {
  const { data } = descriptor;
  return typeof data === 'string' ? Buffer.from(data, 'base64') : undefined;
}
