/** Collects what a merge notices: layers that are legal enough to merge but that engines read in different ways. */
import type { Diagnostic } from '../layer/entry';
import type { LayerPath } from '../path/layer-path';

/** A hostile layer may give one diagnostic an entry; of each code this many are kept, and then a last one says so. */
export const MAX_PER_CODE = 1_000;

export class DiagnosticLog {
  readonly list: Diagnostic[] = [];
  readonly #counts = new Map<string, number>();

  add(code: string, layer: number, path: LayerPath, message: string): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count <= MAX_PER_CODE) this.list.push({ code, layer, path, message });
    else if (count === MAX_PER_CODE + 1) {
      this.list.push({ code, layer, path, message: `${message} More of this kind are not listed.` });
    }
  }
}
