/** One stable colour for each layer of an image, and the text that stands for it where colour does not reach. */

const COLORS = 10;

export interface LayerColor {
  /** CSS value of the plate or chip. */
  readonly fill: string;
  /** CSS value of text on it. */
  readonly ink: string;
  /** Which of the patterns repeats the colour: 0 for the first ten layers, 1 for the next ten, and so on. */
  readonly round: number;
}

/** The colour of a layer numbered from 1. After ten layers the colours come again, told apart by `round`. */
export function layerColor(layer: number): LayerColor {
  const slot = ((layer - 1) % COLORS) + 1;
  return {
    fill: `var(--layer-${slot})`,
    ink: `var(--layer-${slot}-ink)`,
    round: Math.floor((layer - 1) / COLORS),
  };
}
