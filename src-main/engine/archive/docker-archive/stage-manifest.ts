/** The manifest of an image that came without one: built from its config and layers alone. */
import type { Digest } from '../../digest/digest';
import { buildManifest } from '../../image/manifest';
import { OCI_CONFIG, OCI_LAYER, OCI_LAYER_GZIP, OCI_MANIFEST } from '../../image/media-types';
import type { Descriptor, StoreTransaction } from '../../store/types';
import type { ReadImage } from '../job';
import type { TakenLayer } from '../intake';

/** Stages config and manifest. The same config and layers always give the same bytes and so the same key. */
export async function stageManifest(
  transaction: StoreTransaction,
  configBytes: Uint8Array,
  layers: readonly TakenLayer[],
): Promise<Pick<ReadImage, 'root' | 'key' | 'id' | 'needs'>> {
  const config = await transaction.putBytes(configBytes);
  const manifest = await transaction.putBytes(
    buildManifest({
      config: { mediaType: OCI_CONFIG, digest: config.digest, size: config.size },
      layers: layers.map(layerDescriptor),
    }),
  );
  const needs: Digest[] = [manifest.digest, config.digest, ...layers.map(({ digest }) => digest)];
  const root: Descriptor = { mediaType: OCI_MANIFEST, digest: manifest.digest, size: manifest.size };
  return { root, key: manifest.digest, id: config.digest, needs };
}

function layerDescriptor({ digest, size, compression }: TakenLayer): Descriptor {
  return { mediaType: compression === 'gzip' ? OCI_LAYER_GZIP : OCI_LAYER, digest, size };
}
