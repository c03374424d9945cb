/** Why a layer cannot be applied. */
import { LaminaError } from '../errors';
import { pathToText, type LayerPath } from '../path/layer-path';

export type LayerFault =
  | 'PARENT_NOT_DIR'
  | 'HARDLINK_FORWARD'
  | 'HARDLINK_TO_DIR'
  | 'HARDLINK_TO_SELF'
  | 'INVALID_WHITEOUT'
  | 'SYMLINK_LOOP'
  | 'ROOT_NOT_DIR';

const HINT =
  'No container engine accepts this layer whole. Build or pull the image again; if the fault stays, tell whoever publishes it.';

/**
 * A layer that no engine applies. The message carries the fault's name, the layer's number (from 1) and the path.
 * @param layer 0-based
 */
export function layerError(fault: LayerFault, layer: number, path: LayerPath, reason: string): LaminaError {
  const subject = pathToText(path);
  return new LaminaError('LAYER_INVALID', `Layer ${layer + 1} cannot be applied: “${subject}” ${reason} (${fault}).`, {
    subject,
    hint: HINT,
  });
}
