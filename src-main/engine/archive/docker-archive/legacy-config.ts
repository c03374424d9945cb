/** The image config that Docker makes of the `json` files of an old archive (moby `image/v1/imagev1.go`). */
import type { Digest } from '../../digest/digest';
import { isObject, type JsonObject } from '../../store/json';
import { stringsOf } from '../document';

/** Fields of a v1 `json` that are about the layer, not the image. */
const LAYER_FIELDS = new Set(['id', 'parent', 'Size', 'parent_id', 'layer_id', 'throwaway']);

/** `documents` and `diffIds` lowest first. The bytes are what Go's encoder writes: sorted keys, `<>&` escaped. */
export function rebuildConfig(documents: readonly JsonObject[], diffIds: readonly Digest[]): Buffer {
  const top = documents.at(-1) ?? {};
  const fields = new Map(Object.entries(top).filter(([name]) => !LAYER_FIELDS.has(name)));
  fields.set('rootfs', { type: 'layers', diff_ids: diffIds });
  fields.set('history', documents.map(historyOf));
  const members = [...fields].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',');
  return Buffer.from(`{${escapeAsGo(text)}}`);
}

function historyOf(document: JsonObject): JsonObject {
  const containerConfig = document['container_config'];
  const command = isObject(containerConfig) ? (stringsOf(containerConfig['Cmd']) ?? []) : [];
  const created = document['created'];
  return {
    created: typeof created === 'string' ? created : '0001-01-01T00:00:00Z',
    ...textField('author', document['author']),
    ...textField('created_by', command.join(' ')),
    ...textField('comment', document['comment']),
  };
}

function textField(name: string, value: unknown): JsonObject {
  return typeof value === 'string' && value !== '' ? { [name]: value } : {};
}

function escapeAsGo(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
