/** What the pool and its workers say to each other. */
import type { ErrorFacts } from '../errors';
import type { PartProgress } from '../options';
import type { IngestJob, IngestResult } from './ingest';

export type ToWorker =
  | { readonly kind: 'ingest'; readonly id: number; readonly job: IngestJob }
  | { readonly kind: 'cancel'; readonly id: number };

export type FromWorker =
  | { readonly kind: 'progress'; readonly id: number; readonly progress: PartProgress }
  | { readonly kind: 'done'; readonly id: number; readonly result: IngestResult }
  | { readonly kind: 'failed'; readonly id: number; readonly facts: ErrorFacts };
