import type { Browse, Lamina } from '../../engine/index';

/** A merged tree of a large image takes some megabytes: the few images somebody looks at stay, the others go. */
const MAX_KEPT = 4;

/** Opened images by key. An image never changes under its key, so its merged tree is made once and shared. */
export class BrowseCache {
  readonly #lamina: Lamina;
  readonly #byKey = new Map<string, Promise<Browse>>();

  constructor(lamina: Lamina) {
    this.#lamina = lamina;
  }

  image(key: string): Promise<Browse> {
    const opening = this.#byKey.get(key) ?? this.#lamina.browse({ kind: 'image', ref: key });
    // Set anew, so that the map is in order of last use.
    this.#byKey.delete(key);
    this.#byKey.set(key, opening);
    opening.catch(() => this.#byKey.delete(key));
    for (const oldest of [...this.#byKey.keys()].slice(0, -MAX_KEPT)) this.#byKey.delete(oldest);
    return opening;
  }

  /** Forgets all: an image that was removed must not be found any more. */
  clear(): void {
    this.#byKey.clear();
  }
}
