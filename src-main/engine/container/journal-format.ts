/**
 * One line of a container's journal: a checksum, a space, and one operation as JSON. An operation is a list of
 * primitive mutations that does not depend on the code which made it, so replaying a prefix of the journal gives the
 * container as it was then.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { fromBytes, toBytes, type ByteString } from '../path/byte-string';
import { normaliseName, ROOT, type LayerPath } from '../path/layer-path';
import { WHITEOUT, type Mutation, type UpperNode, type UpperObject } from './upper';

export interface Operation {
  /** 1 for the first operation; counts up without a gap. */
  readonly revision: number;
  /** What was asked for, `writeFile` for example; for people and for undo. */
  readonly name: string;
  /** ISO 8601. */
  readonly time: string;
  readonly mutations: readonly Mutation[];
}

const CHECKSUM_DIGITS = 16;
const natural = z.number().int().nonnegative();
const byteText = z
  .string()
  // eslint-disable-next-line no-control-regex -- one byte in each character, NUL included
  .regex(/^[\x00-\xff]*$/)
  .transform((text) => fromBytes(Buffer.from(text, 'latin1')));
const pathText = byteText.transform((text, context): LayerPath => {
  const { path } = normaliseName(text);
  if (path === ROOT || path !== text) context.addIssue({ code: 'custom', message: 'not a path in normal form' });
  return path;
});
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const contentSchema = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('container'), sha256, size: natural }),
  z.strictObject({ from: z.literal('layer'), layer: natural, position: natural, sha256, size: natural }),
]);

const objectSchema = z
  .strictObject({
    type: z.enum(['file', 'dir', 'symlink', 'char', 'block', 'fifo']),
    mode: natural.max(0o7777),
    uid: natural,
    gid: natural,
    mtime: z.tuple([z.number().int(), natural.max(999_999_999)]),
    target: byteText.optional(),
    xattrs: z.array(z.tuple([z.string(), z.base64()])).optional(),
    device: z.tuple([natural, natural]).optional(),
    content: contentSchema.optional(),
    links: natural.optional(),
  })
  .refine(
    (object) => (object.type === 'file') === (object.content !== undefined),
    'a file has content, nothing else has',
  )
  .transform((object): UpperObject => ({
    type: object.type,
    mode: object.mode,
    uid: object.uid,
    gid: object.gid,
    mtime: { sec: object.mtime[0], nsec: object.mtime[1] },
    linkname: object.target ?? fromBytes(new Uint8Array()),
    xattrs: new Map(object.xattrs?.map(([name, value]) => [name, Buffer.from(value, 'base64')])),
    devMajor: object.device?.[0] ?? 0,
    devMinor: object.device?.[1] ?? 0,
    content: object.content,
    linkGroup: object.links ?? 0,
  }));

const operationSchema = z.strictObject({
  revision: natural.min(1),
  name: z.string(),
  time: z.string(),
  mutations: z.array(
    z
      .strictObject({ path: pathText, node: z.union([z.literal(WHITEOUT), z.null(), objectSchema]) })
      .transform(({ path, node }): Mutation => ({ path, node: node ?? undefined })),
  ),
});

/**
 * A line and its checksum, which covers the one of the line before: a line fits in one place of one journal only.
 */
export interface EncodedOperation {
  /** Its newline included. */
  readonly line: Buffer;
  readonly checksum: string;
}

/** Checksum before the first line. */
export const NO_CHECKSUM = '';

/** @param previous checksum of the line before */
export function encodeOperation(operation: Operation, previous: string): EncodedOperation {
  const mutations = operation.mutations.map(({ path, node }) => ({ path, node: encodeNode(node) }));
  const text = Buffer.from(JSON.stringify({ ...operation, mutations }));
  const checksum = checksumOf(text, previous);
  return { line: Buffer.concat([Buffer.from(`${checksum} `), text, Buffer.from('\n')]), checksum };
}

/** The operation of one line without its newline, or undefined when the line is not whole or not as it was written. */
export function decodeOperation(
  line: Buffer,
  previous: string,
): { readonly operation: Operation; readonly checksum: string } | undefined {
  const bytes = line.subarray(CHECKSUM_DIGITS + 1);
  const checksum = checksumOf(bytes, previous);
  if (line.toString('latin1', 0, CHECKSUM_DIGITS + 1) !== `${checksum} `) return undefined;
  try {
    return { operation: operationSchema.parse(JSON.parse(bytes.toString('utf8'))), checksum };
  } catch {
    return undefined;
  }
}

function checksumOf(bytes: Uint8Array, previous: string): string {
  return createHash('sha256').update(previous).update(bytes).digest('hex').slice(0, CHECKSUM_DIGITS);
}

function encodeNode(node: UpperNode | undefined): unknown {
  if (node === undefined) return null;
  if (node === WHITEOUT) return WHITEOUT;
  const { type, mode, uid, gid, mtime, linkname, xattrs, devMajor, devMinor, content, linkGroup } = node;
  return {
    ...{ type, mode, uid, gid, mtime: [mtime.sec, mtime.nsec], content },
    target: linkname === '' ? undefined : latin1(linkname),
    xattrs: xattrs.size === 0 ? undefined : [...xattrs].map(([name, value]) => [name, base64(value)]),
    device: devMajor === 0 && devMinor === 0 ? undefined : [devMajor, devMinor],
    links: linkGroup === 0 ? undefined : linkGroup,
  };
}

function latin1(value: ByteString): string {
  return toBytes(value).toString('latin1');
}

function base64(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
}
