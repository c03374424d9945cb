/** Collects what a merge notices: layers that are legal enough to merge but that engines read in different ways. */
import type { Diagnostic } from '../layer/entry';
import { pathToText, type LayerPath } from '../path/layer-path';

/** A hostile layer may give one diagnostic an entry; of each code this many are kept, and then a last one says so. */
const MAX_PER_CODE = 1_000;
/** Nor may its paths fill the memory. */
const MAX_PATH_CHARACTERS = 4_000_000;

export class DiagnosticLog {
  readonly list: Diagnostic[] = [];
  readonly #counts = new Map<string, number>();
  #characters = 0;

  /** @param consequence the rest of a sentence that begins with the path */
  add(code: string, layer: number, where: { readonly path: LayerPath }, consequence: string): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count > MAX_PER_CODE + 1 || this.#characters > MAX_PATH_CHARACTERS) return;
    const { path } = where;
    this.#characters += path.length;
    const message = `“${shortened(pathToText(path))}” ${consequence}`;
    const last = count > MAX_PER_CODE ? ' More of this kind are not listed.' : '';
    this.list.push({ code, layer, path, message: message + last });
  }
}

function shortened(text: string): string {
  return text.length <= 240 ? text : `${text.slice(0, 120)}…${text.slice(-119)}`;
}
