/** Which layers the tree shows, and how clicks and keys on the stack change it. */
import type { TreeMode } from '@contract/views';

export interface LayerChoice {
  readonly mode: TreeMode;
  /** From 1; undefined in `union`. */
  readonly layer: number | undefined;
}

export const ALL_LAYERS: LayerChoice = { mode: 'union', layer: undefined };

/** A click shows the layer alone, a shift-click everything up to it; on what is chosen already, all layers again. */
export function clicked(before: LayerChoice, layer: number, upTo: boolean): LayerChoice {
  const mode = upTo ? 'upTo' : 'layer';
  return before.mode === mode && before.layer === layer ? ALL_LAYERS : { mode, layer };
}

/** An arrow key moves to the next layer above (1) or below (-1) and keeps the mode; Shift makes it "up to". */
export function stepped(
  before: LayerChoice,
  from: number,
  step: 1 | -1,
  options: { count: number; upTo: boolean },
): LayerChoice {
  const layer = before.mode === 'union' ? from : Math.min(options.count, Math.max(1, from + step));
  return { mode: options.upTo || before.mode === 'upTo' ? 'upTo' : 'layer', layer };
}

/** Whether a layer takes part in what is shown. */
export function isLit(choice: LayerChoice, layer: number): boolean {
  if (choice.mode === 'union' || choice.layer === undefined) return true;
  return choice.mode === 'layer' ? layer === choice.layer : layer <= choice.layer;
}
