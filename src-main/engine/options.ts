/** The option bag that every long-running call of the engine takes last. */

/** How far one part (a layer, a file) of a long action has come. */
export interface PartProgress {
  /** Stable within one action, for example a layer's digest or the member's name in the archive. */
  readonly part: string;
  /** What a person calls the part, for example `layer 3 of 5`. */
  readonly label: string;
  readonly doneBytes: number;
  /** Undefined while it is not known. */
  readonly totalBytes?: number | undefined;
  readonly state: 'waiting' | 'running' | 'done' | 'known';
}

export interface WorkOptions {
  /** Aborting leaves nothing behind and rejects with CANCELLED. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: PartProgress) => void) | undefined;
}
