import { z } from 'zod';
import { readJson, writeJson } from './atomic-json';

const MAX_REMEMBERED = 20;

/** Keys of the images that were opened or came in last, newest first; kept between runs. */
export class RecentImages {
  readonly #file: string;
  #keys: readonly string[];

  constructor(file: string) {
    this.#file = file;
    this.#keys = z.array(z.string()).catch([]).parse(readJson(file));
  }

  touch(key: string): void {
    if (this.#keys[0] === key) return;
    this.#keys = [key, ...this.#keys.filter((other) => other !== key)].slice(0, MAX_REMEMBERED);
    writeJson(this.#file, this.#keys);
  }

  /** The images in order of last use; those never used follow in their own order. */
  sort<T extends { readonly key: string }>(images: readonly T[]): T[] {
    const rank = new Map(this.#keys.map((key, index) => [key, index]));
    const rankOf = (image: T): number => rank.get(image.key) ?? MAX_REMEMBERED;
    return [...images].sort((a, b) => rankOf(a) - rankOf(b));
  }
}
