/** The large real images that `npm run conformance` builds with Docker from Debian packages. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const CORPUS = process.env['LAMINA_CORPUS'] ?? join(tmpdir(), 'lamina-corpus');

export interface CorpusImage {
  readonly name: string;
  readonly reference: string;
}

export const CORPUS_IMAGES: readonly CorpusImage[] = [
  { name: 'python', reference: 'corpus/python:app' },
  { name: 'patched', reference: 'corpus/python:patched' },
  { name: 'links', reference: 'corpus/links:1' },
  { name: 'nginx', reference: 'corpus/nginx:1' },
];

export type CorpusForm = 'docker-archive' | 'oci-archive' | 'rootfs' | 'variants';

export function corpusFile(form: CorpusForm, file: string): string {
  return join(CORPUS, form, file);
}
