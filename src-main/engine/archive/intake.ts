/**
 * Layers on their way into the store: all of an archive at once through the pool, each only once however often it is
 * used, and none that the store already has. The first failure stops the others; nothing is left half done.
 */
import { setMaxListeners } from 'node:events';
import { rm } from 'node:fs/promises';
import type { Digest } from '../digest/digest';
import { LaminaError, toLaminaError } from '../errors';
import { sniffCompression, SNIFF_BYTES } from '../layer/compression';
import type { LayerPool } from '../layer/pool';
import type { PartProgress, WorkOptions } from '../options';
import type { BlobStore, StoreTransaction } from '../store/types';
import { knownLayers } from './known-layers';
import { readHead, throwIfCancelled, type Region } from './read-region';
import { unsupportedLayer } from './refusal';

/** A layer as an archive offers it. */
export interface LayerRequest {
  /** Where its bytes are; undefined when the archive does not have them and the store must. */
  readonly region: Region | undefined;
  /** Digest of the stored bytes, when the archive says it. */
  readonly digest: Digest | undefined;
  /** DiffID, when the image config says it. */
  readonly diffId: Digest | undefined;
  /** `layer 2 of 5`, for people. */
  readonly label: string;
  /** What the archive calls the layer: a member's name, or a digest. */
  readonly name: string;
  /** The archive the user named. */
  readonly file: string;
}

/** A layer that is staged or stored, with its index. */
export interface TakenLayer {
  readonly digest: Digest;
  readonly diffId: Digest;
  readonly size: number;
  readonly compression: 'none' | 'gzip';
}

interface Place {
  readonly store: BlobStore;
  readonly pool: LayerPool;
  readonly transaction: StoreTransaction;
}

export class LayerIntake {
  private readonly taken = new Map<string, Promise<TakenLayer>>();
  private readonly abort = new AbortController();
  private known: Promise<ReadonlyMap<Digest, Digest>> | undefined;

  private readonly place: Place;
  private readonly options: WorkOptions;

  constructor(place: Place, options: WorkOptions) {
    this.place = place;
    this.options = options;
    // Every layer listens; an archive may have hundreds.
    setMaxListeners(0, this.abort.signal);
    const { signal } = options;
    if (signal?.aborted === true) this.abort.abort(signal.reason);
    else signal?.addEventListener('abort', () => this.abort.abort(signal.reason), { once: true });
  }

  /**
   * Takes the layers in, in parallel; results in the order of the requests. Every layer has settled before this does.
   * @throws UNSUPPORTED_COMPRESSION before any layer is read, DIGEST_MISMATCH, LAYER_INVALID, ARCHIVE_INCOMPLETE, …
   */
  async take(requests: readonly LayerRequest[]): Promise<TakenLayer[]> {
    const compressions = await Promise.all(requests.map((request) => this.compressionOf(request)));
    requests.forEach((request) => this.report(request, { doneBytes: 0, state: 'waiting' }));
    const taking = requests.map((request, index) => this.takeOnce(request, compressions[index] ?? 'none'));
    const settled = await Promise.allSettled(taking.map((one) => one.catch((error: unknown) => this.stop(error))));
    if (this.options.signal?.aborted === true) throwIfCancelled(this.options.signal);
    return settled.map((result) => {
      if (result.status === 'fulfilled') return result.value;
      throw toLaminaError(this.abort.signal.reason);
    });
  }

  /** Keeps the first failure as the reason and stops what still runs. */
  private stop(error: unknown): never {
    this.abort.abort(error);
    throw error;
  }

  private async compressionOf(request: LayerRequest): Promise<'none' | 'gzip'> {
    if (request.region === undefined) return 'none';
    const compression = sniffCompression(await readHead(request.region, SNIFF_BYTES));
    if (compression === 'none' || compression === 'gzip') return compression;
    throw unsupportedLayer(request.file, titleOf(request), compression);
  }

  private takeOnce(request: LayerRequest, compression: 'none' | 'gzip'): Promise<TakenLayer> {
    const key = identityOf(request, compression);
    const taken = this.taken.get(key) ?? this.takeOne(request, compression);
    this.taken.set(key, taken);
    return taken.then((layer) => checkDiffId(layer, request));
  }

  private async takeOne(request: LayerRequest, compression: 'none' | 'gzip'): Promise<TakenLayer> {
    const known = await this.knownLayer(request, compression);
    if (known !== undefined) {
      this.report(request, { doneBytes: known.size, totalBytes: known.size, state: 'known' });
      return known;
    }
    const region = request.region ?? (await this.storedRegion(request));
    const digest = expectedDigest(request, compression);
    const isStored = digest !== undefined && (await this.place.transaction.has(digest));
    return this.ingest(request, region, !isStored);
  }

  /**
   * The layer, when the store has its blob and index and is sure that one belongs to the other: because an image in
   * it says so, or because the layer is not compressed and both are the same digest. Its bytes are not read again.
   */
  private async knownLayer(request: LayerRequest, compression: 'none' | 'gzip'): Promise<TakenLayer | undefined> {
    const { diffId } = request;
    const digest = expectedDigest(request, compression);
    if (digest === undefined || diffId === undefined) return undefined;
    if ((await this.place.transaction.indexFileOf(diffId)) === undefined) return undefined;
    const size = await this.place.store.sizeOf(digest);
    if (size === undefined) return undefined;
    if (digest === diffId) return { digest, diffId, size, compression: 'none' };
    this.known ??= knownLayers(this.place.store);
    return (await this.known).get(digest) === diffId ? { digest, diffId, size, compression: 'gzip' } : undefined;
  }

  /** Where the store has a layer that the archive lacks. */
  private async storedRegion(request: LayerRequest): Promise<Region> {
    const size = request.digest === undefined ? undefined : await this.place.store.sizeOf(request.digest);
    if (request.digest === undefined || size === undefined) {
      throw new LaminaError('ARCHIVE_INCOMPLETE', `${titleOf(request)} is missing from ${request.file}.`, {
        subject: request.file,
        hint: 'The archive was made without it, or was cut off. Save the image again where all of its layers are.',
      });
    }
    return { file: this.place.store.blobFile(request.digest), offset: 0, size };
  }

  private async ingest(request: LayerRequest, region: Region, copy: boolean): Promise<TakenLayer> {
    const { transaction, pool } = this.place;
    const totalBytes = region.size;
    const result = await pool.ingest(
      {
        source: { file: region.file, offset: region.offset, length: region.size },
        folder: transaction.folder,
        copy,
        label: `${titleOf(request)} in ${request.file}`,
        ...(request.digest === undefined ? {} : { expectedDigest: request.digest }),
      },
      {
        signal: this.abort.signal,
        onProgress: ({ doneBytes }) => this.report(request, { doneBytes, totalBytes, state: 'running' }),
      },
    );
    const { digest, diffId, size, compression } = result;
    if (result.file !== undefined) await this.adopt({ digest, size, file: result.file });
    await transaction.adoptIndex(diffId, result.indexFile);
    this.report(request, { doneBytes: totalBytes, totalBytes, state: 'done' });
    return { digest, diffId, size, compression };
  }

  private async adopt(staged: { digest: Digest; size: number; file: string }): Promise<void> {
    if (await this.place.transaction.has(staged.digest)) {
      await rm(staged.file, { force: true });
      return;
    }
    await this.place.transaction.adopt(staged);
  }

  private report(request: LayerRequest, progress: Pick<PartProgress, 'doneBytes' | 'state' | 'totalBytes'>): void {
    const part = request.digest ?? request.diffId ?? request.name;
    this.options.onProgress?.({ totalBytes: request.region?.size, ...progress, part, label: request.label });
  }
}

function titleOf({ label, name }: LayerRequest): string {
  return `${label} (${name})`;
}

/** What the stored bytes should hash to: an uncompressed layer's DiffID is its digest. */
function expectedDigest(request: LayerRequest, compression: 'none' | 'gzip'): Digest | undefined {
  return request.digest ?? (compression === 'none' && request.region !== undefined ? request.diffId : undefined);
}

/** Two requests of one identity are one layer, even when the archive holds its bytes twice. */
function identityOf(request: LayerRequest, compression: 'none' | 'gzip'): string {
  const { region } = request;
  return (
    expectedDigest(request, compression) ??
    (region === undefined ? request.name : `${region.file}:${region.offset}:${region.size}`)
  );
}

function checkDiffId(layer: TakenLayer, request: LayerRequest): TakenLayer {
  if (request.diffId === undefined || layer.diffId === request.diffId) return layer;
  throw new LaminaError(
    'DIGEST_MISMATCH',
    `${titleOf(request)} in ${request.file} has the DiffID ${layer.diffId}, but the image’s config says ${request.diffId}.`,
    {
      subject: request.file,
      hint: 'The archive is damaged or was changed. Copy or download it again; nothing of it was imported.',
    },
  );
}
