/** Arguments that are more than text, checked while the command line is parsed, so that mistakes are wrong usage. */
import { InvalidArgumentError } from 'commander';

/** Layers as people count them: from 1, the lowest. */
export function layerNumber(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Layers are counted from 1, the lowest one.');
}

/** Octal permission bits as chmod(1) takes them: `755`, `0644`, `4755`. */
export function octalMode(text: string): number {
  if (/^[0-7]{1,5}$/.test(text) && parseInt(text, 8) <= 0o7777) return parseInt(text, 8);
  throw new InvalidArgumentError('A mode is an octal number such as 755 or 4755.');
}

/** `UID`, `UID:GID` or `:GID`, as numbers: names depend on the image's own files. */
export function owner(text: string): { readonly uid: number | undefined; readonly gid: number | undefined } {
  const [, uid, gid] = /^(\d{1,10})?(?::(\d{1,10}))?$/.exec(text) ?? [];
  const ids = { uid: uid === undefined ? undefined : Number(uid), gid: gid === undefined ? undefined : Number(gid) };
  const tooLarge = Math.max(ids.uid ?? 0, ids.gid ?? 0) > 0xfffffffe;
  if ((uid === undefined && gid === undefined) || tooLarge) {
    throw new InvalidArgumentError('An owner is UID, UID:GID or :GID in numbers, for example 1000:1000.');
  }
  return ids;
}

/** Gathers an option that may be given several times. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
