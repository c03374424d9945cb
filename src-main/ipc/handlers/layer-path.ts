import { LaminaError, normaliseName, type ByteString, type LayerPath } from '../../engine/index';

/** A PathKey from the window as a path of the engine: one byte in each character, in normal form. @throws INVALID_ARGUMENT */
export function layerPath(key: string): LayerPath {
  // eslint-disable-next-line no-control-regex -- bytes are what is asked for
  const bytes = /^[\x01-\xff]*$/.test(key);
  const { path } = normaliseName(key as ByteString);
  if (!bytes || path !== key) throw new LaminaError('INVALID_ARGUMENT', 'The path is not one that Lamina gave out.');
  return path;
}
