/**
 * Paths inside an image: normal form, components, and the questions about whiteouts that depend on the name alone
 * (image-spec layer.md "Whiteouts"; semantics 1.1, 1.7). The root is the empty path; no path starts or ends with `/`.
 */
import { LaminaError } from '../errors';
import { fromText, toText, type ByteString } from './byte-string';

declare const layerPath: unique symbol;
/** A normalised path: relative to the image root, no empty, `.` or `..` component, no leading or trailing slash. */
export type LayerPath = ByteString & { readonly [layerPath]: true };

export const ROOT = '' as LayerPath;
export const WHITEOUT_PREFIX = '.wh.';
const OPAQUE_MARKER = '.wh..wh..opq';

/** An empty component, `.` or `..`. */
const ODD_COMPONENT = /(?:^|\/)\.{0,2}(?:\/|$)/;

export interface NormalisedName {
  readonly path: LayerPath;
  /** `..` climbed above the root and was clamped there (rule 52). */
  readonly clamped: boolean;
  /** The name began with `/` (rule 51). */
  readonly absolute: boolean;
}

/** Brings a name from a tar header into normal form (rules 51, 52): `./a`, `/a`, `d/../a`, `a/` are all `a`. */
export function normaliseName(name: ByteString): NormalisedName {
  // Nearly every name is normal but for the slash that ends a directory; layers have hundreds of thousands.
  const trimmed = name.endsWith('/') ? name.slice(0, -1) : name;
  if (!ODD_COMPONENT.test(trimmed)) return { path: trimmed as LayerPath, clamped: false, absolute: false };
  const components: string[] = [];
  let clamped = false;
  for (const component of name.split('/')) {
    if (component === '' || component === '.') continue;
    if (component === '..') {
      if (components.pop() === undefined) clamped = true;
    } else components.push(component);
  }
  return { path: components.join('/') as LayerPath, clamped, absolute: name.startsWith('/') };
}

/** Path typed by a person or a program as text; `..` above the root is an error here, not clamped. */
export function pathFromText(text: string): LayerPath {
  if (text.includes('\0')) throw new LaminaError('INVALID_ARGUMENT', 'A path cannot contain a NUL character.');
  const { path, clamped } = normaliseName(fromText(text));
  if (clamped)
    throw new LaminaError('INVALID_ARGUMENT', `The path “${text}” leaves the image root.`, { subject: text });
  return path;
}

/** `/`-rooted text for people. */
export function pathToText(path: LayerPath): string {
  return `/${toText(path)}`;
}

export function componentsOf(path: LayerPath): ByteString[] {
  return path === ROOT ? [] : (path.split('/') as ByteString[]);
}

export function joinPath(parent: LayerPath, name: ByteString): LayerPath {
  return (parent === ROOT ? name : `${parent}/${name}`) as LayerPath;
}

export function parentOf(path: LayerPath): LayerPath {
  const slash = path.lastIndexOf('/');
  return (slash < 0 ? '' : path.slice(0, slash)) as LayerPath;
}

export function baseNameOf(path: LayerPath): ByteString {
  return path.slice(path.lastIndexOf('/') + 1) as ByteString;
}

export function isWithin(path: LayerPath, ancestor: LayerPath): boolean {
  return ancestor === ROOT || path === ancestor || path.startsWith(`${ancestor}/`);
}

export type NameKind =
  | { readonly kind: 'plain' }
  /** `.wh.X`: hides X in the layers below. */
  | { readonly kind: 'whiteout'; readonly target: ByteString }
  /** `.wh..wh..opq`: hides all lower children of its directory. */
  | { readonly kind: 'opaque' }
  /** Any other `.wh..wh.` name: AUFS metadata, never a whiteout of `.wh.…` (rule 15). */
  | { readonly kind: 'aufs' }
  /** `.wh.`, `.wh..`, `.wh...`: no usable target (rule 11). */
  | { readonly kind: 'invalid' };

/** What a base name means by itself; the type of the entry does not matter (rule 10). */
export function kindOfName(base: ByteString): NameKind {
  if (!base.startsWith(WHITEOUT_PREFIX)) return { kind: 'plain' };
  if (base === OPAQUE_MARKER) return { kind: 'opaque' };
  if (base.startsWith('.wh..wh.')) return { kind: 'aufs' };
  const target = base.slice(WHITEOUT_PREFIX.length) as ByteString;
  if (target === '' || target === '.' || target === '..') return { kind: 'invalid' };
  return { kind: 'whiteout', target };
}
