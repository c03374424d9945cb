/** Standard output: waits for a slow reader instead of piling up, and ends quietly when the reader has gone. */
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { columns } from './text';

const BATCH_CHARACTERS = 64 * 1024;

export class Output {
  private readonly stream: Writable;
  private batch: string[] = [];
  private batched = 0;

  constructor(stream: Writable) {
    this.stream = stream;
    // `lamina ls … | head` is no error.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || error.code === 'EOF') process.exit(0);
      throw error;
    });
  }

  /** One line; awaited, it may wait for the reader. */
  async line(text: string): Promise<void> {
    this.batch.push(text, '\n');
    this.batched += text.length + 1;
    if (this.batched >= BATCH_CHARACTERS) await this.flush();
  }

  async lines(texts: Iterable<string>): Promise<void> {
    for (const text of texts) await this.line(text);
  }

  /** One value of JSON on one line. */
  jsonLine(value: unknown): Promise<void> {
    return this.line(JSON.stringify(value));
  }

  /** A list as an indented array, or for people as columns under a heading. */
  async listing<T>(
    rows: readonly T[],
    json: boolean,
    table: { readonly heading: readonly string[]; readonly cells: (row: T) => readonly string[] },
  ): Promise<void> {
    if (json) await this.line(JSON.stringify(rows, undefined, 2));
    else await this.lines(columns([table.heading, ...rows.map(table.cells)]));
  }

  /** Copies a stream as it is. */
  async copy(source: Readable): Promise<void> {
    await this.flush();
    await pipeline(source, this.stream, { end: false });
  }

  async flush(): Promise<void> {
    const text = this.batch.join('');
    this.batch = [];
    this.batched = 0;
    if (text !== '' && !this.stream.write(text)) await once(this.stream, 'drain');
  }
}
