/**
 * The bytes of a new layer's files while it is written. Content that the container added is a file of its own. Content
 * still in a plain layer is read in place. Of a compressed layer everything needed is taken out in one pass first, or a
 * moved directory would inflate the layer anew for each of its files.
 */
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Image } from '../../image/types';
import { openContent } from '../../layer/content';
import type { ContentFolder } from '../content-folder';
import { openLayerContent, spanOf, type ContainerContext, type LayerContent } from '../image-below';
import type { UpperContent } from '../upper';

export interface ContentSource {
  readonly image: Image;
  readonly content: ContentFolder;
}

interface Span {
  readonly sha256: string;
  readonly offset: number;
  readonly size: number;
}

export class LayerContents {
  readonly #context: ContainerContext;
  readonly #source: ContentSource;
  /** Where in which scratch file a content was put, by its SHA-256. */
  readonly #taken = new Map<string, { readonly file: string; readonly offset: number }>();

  constructor(context: ContainerContext, source: ContentSource) {
    this.#context = context;
    this.#source = source;
  }

  /** Gets ready to open these contents; `scratch` is a folder that outlives this object. */
  async prepare(contents: readonly UpperContent[], scratch: string, signal?: AbortSignal): Promise<void> {
    const byLayer = new Map<number, LayerContent[]>();
    for (const content of contents) {
      if (content.from !== 'layer' || content.size === 0) continue;
      byLayer.set(content.layer, [...(byLayer.get(content.layer) ?? []), content]);
    }
    for (const [layer, needed] of byLayer) {
      const isPlain = this.#source.image.layers[layer]?.mediaType.endsWith('tar') === true;
      if (!isPlain && needed.length > 1) await this.#takeOut(needed, path.join(scratch, `contents-${layer}`), signal);
    }
  }

  async open(content: UpperContent, signal?: AbortSignal): Promise<Readable> {
    const { sha256, size } = content;
    if (content.from === 'container') return this.#source.content.open(sha256, size, { signal });
    const taken = this.#taken.get(sha256);
    if (taken === undefined) {
      return openLayerContent(this.#context, { image: this.#source.image, content, signal });
    }
    return openContent({ blobFile: taken.file, offset: taken.offset, size, sha256, signal });
  }

  async #takeOut(needed: readonly LayerContent[], file: string, signal: AbortSignal | undefined): Promise<void> {
    const spans = new Map<string, Span>();
    let blobFile = '';
    for (const content of needed) {
      const span = await spanOf(this.#context, this.#source.image, content);
      blobFile = span.blobFile;
      spans.set(content.sha256, { sha256: content.sha256, offset: span.offset, size: content.size });
    }
    const sorted = [...spans.values()].sort((a, b) => a.offset - b.offset);
    const last = sorted.at(-1);
    if (last === undefined) return;
    const end = last.offset + last.size;
    // One byte more than is read, so that it is a part, which has no SHA-256 of its own to be checked.
    const bytes = await openContent({ blobFile, offset: 0, size: end + 1, sha256: '', end, signal });
    const handle = await open(file, 'wx', 0o600);
    try {
      // A tar of its own would be sniffed as what its first file is; a byte no format starts with keeps it plain.
      await handle.write(Buffer.from([0]));
      await this.#copySpans(bytes, sorted, { file, handle });
    } finally {
      bytes.destroy();
      await handle.close();
    }
  }

  async #copySpans(
    bytes: AsyncIterable<Buffer>,
    spans: readonly Span[],
    target: { readonly file: string; readonly handle: FileHandle },
  ): Promise<void> {
    let written = 1;
    for (const span of spans) {
      this.#taken.set(span.sha256, { file: target.file, offset: written });
      written += span.size;
    }
    let position = 0;
    let next = 0;
    for await (const chunk of bytes) {
      const end = position + chunk.length;
      for (let span = spans[next]; span !== undefined && span.offset < end; span = spans[next]) {
        const piece = chunk.subarray(
          Math.max(0, span.offset - position),
          Math.min(chunk.length, span.offset + span.size - position),
        );
        await target.handle.writeFile(piece);
        if (span.offset + span.size > end) break;
        next += 1;
      }
      position = end;
    }
  }
}
