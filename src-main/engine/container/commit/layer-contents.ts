/**
 * The bytes of a new layer's files while it is written: content that the container added is a file of its own, content
 * still in a plain layer is read in place, and what is needed of a compressed layer goes through a spool.
 */
import path from 'node:path';
import type { Image } from '../../image/types';
import { openContent } from '../../layer/content';
import type { ContentFolder } from '../content-folder';
import { openLayerContent, spanOf, type ContainerContext, type LayerContent } from '../image-below';
import type { UpperContent } from '../upper';
import { Spool, type SpoolSpan } from './spool';

export interface ContentSource {
  readonly image: Image;
  readonly content: ContentFolder;
}

export class LayerContents {
  readonly #context: ContainerContext;
  readonly #source: ContentSource;
  readonly #spools: Spool[] = [];

  constructor(context: ContainerContext, source: ContentSource) {
    this.#context = context;
    this.#source = source;
  }

  /** Gets ready to open these contents; `scratch` is a folder that outlives this object. Close it after use. */
  async prepare(contents: readonly UpperContent[], scratch: string, signal?: AbortSignal): Promise<void> {
    const byLayer = new Map<number, LayerContent[]>();
    for (const content of contents) {
      if (content.from !== 'layer' || content.size === 0) continue;
      const needed = byLayer.get(content.layer);
      if (needed === undefined) byLayer.set(content.layer, [content]);
      else needed.push(content);
    }
    for (const [layer, needed] of byLayer) {
      const isPlain = this.#source.image.layers[layer]?.mediaType.endsWith('tar') === true;
      if (isPlain || needed.length === 1) continue;
      this.#spools.push(await this.#spool(needed, path.join(scratch, `contents-${layer}`), signal));
    }
  }

  /** Verified: the last thing the bytes do is to fail when they are not the content. @throws LaminaError BLOB_MISSING */
  async open(content: UpperContent, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const { sha256, size } = content;
    if (content.from === 'container') return this.#source.content.open(sha256, size, { signal });
    const spool = this.#spools.find((one) => one.has(sha256));
    if (spool !== undefined) return spool.read(sha256);
    return openLayerContent(this.#context, { image: this.#source.image, content, signal });
  }

  async close(): Promise<void> {
    for (const spool of this.#spools) await spool.close();
  }

  async #spool(needed: readonly LayerContent[], file: string, signal: AbortSignal | undefined): Promise<Spool> {
    const spans = new Map<string, SpoolSpan>();
    let blobFile = '';
    let end = 0;
    for (const content of needed) {
      const span = await spanOf(this.#context, this.#source.image, content);
      blobFile = span.blobFile;
      end = Math.max(end, span.offset + content.size);
      spans.set(content.sha256, { sha256: content.sha256, offset: span.offset, size: content.size });
    }
    // One byte more than is read makes it a part of a content, which has no SHA-256 of its own to be checked.
    const tar = await openContent({ blobFile, offset: 0, size: end + 1, sha256: '', end, signal });
    try {
      return await Spool.fill(file, [...spans.values()], { tar, from: blobFile });
    } finally {
      tar.destroy();
    }
  }
}
