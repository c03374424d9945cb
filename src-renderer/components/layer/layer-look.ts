/**
 * How a layer looks besides its colour: the pattern that repeats on its plate and chip, and the height of the plate.
 */
const PATTERNS = 7;
const PLATE_MIN = 46;
const PLATE_MAX = 104;
/** Below this size all plates are equally thin, above it each doubling adds the same height. */
const SIZE_FLOOR = 4_096;
const SIZE_CEILING = 2 ** 31;

/** 0 is plain. Seven patterns against ten colours: the first seventy layers all look different. */
export function layerPattern(number: number): number {
  return (number - 1) % PATTERNS;
}

/** Height of a plate in pixels: logarithmic, so that a 2 kB layer and a 200 MB layer can stand in one stack. */
export function plateHeight(bytes: number): number {
  const clamped = Math.min(Math.max(bytes, SIZE_FLOOR), SIZE_CEILING);
  const share = Math.log2(clamped / SIZE_FLOOR) / Math.log2(SIZE_CEILING / SIZE_FLOOR);
  return Math.round(PLATE_MIN + share * (PLATE_MAX - PLATE_MIN));
}
