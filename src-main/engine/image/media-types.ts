/** Media types of images, OCI and their Docker twins (rule 85). */

export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json';
export const OCI_LAYER = 'application/vnd.oci.image.layer.v1.tar';
export const OCI_LAYER_GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip';

const DOCKER_MANIFEST_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
export const DOCKER_CONFIG = 'application/vnd.docker.container.image.v1+json';
export const DOCKER_LAYER = 'application/vnd.docker.image.rootfs.diff.tar';

const INDEX_TYPES = new Set([OCI_INDEX, DOCKER_MANIFEST_LIST]);
const MANIFEST_TYPES = new Set([OCI_MANIFEST, DOCKER_MANIFEST]);
/** The bare JSON type is what some old writers put on configs. */
const CONFIG_TYPES = new Set([OCI_CONFIG, DOCKER_CONFIG, 'application/json', 'application/octet-stream', '']);
const OCI_LAYER_TYPE = /^application\/vnd\.oci\.image\.layer\.(?:nondistributable\.)?v1\.tar(?:\+(?:gzip|zstd))?$/;
const DOCKER_LAYER_TYPE = /^application\/vnd\.docker\.image\.rootfs\.(?:foreign\.)?diff\.tar(?:\.(?:gzip|zstd))?$/;

export function isIndexType(mediaType: string): boolean {
  return INDEX_TYPES.has(mediaType);
}

export function isManifestType(mediaType: string): boolean {
  return MANIFEST_TYPES.has(mediaType);
}

/** Whether a manifest with such a config is an image and not another artifact. */
export function isConfigType(mediaType: string): boolean {
  return CONFIG_TYPES.has(mediaType);
}

/** Whether the layer is a filesystem tar that the engine can read; not so for encrypted layers. */
export function isLayerType(mediaType: string): boolean {
  return OCI_LAYER_TYPE.test(mediaType) || DOCKER_LAYER_TYPE.test(mediaType);
}

export function isEncryptedLayer(mediaType: string): boolean {
  return mediaType.endsWith('+encrypted');
}

/** Whether the layer's blob may be absent because it must be fetched from its own address (rule 87). */
export function isForeignLayer(mediaType: string): boolean {
  return mediaType.includes('.nondistributable.') || mediaType.includes('.foreign.');
}
