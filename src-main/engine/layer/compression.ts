/** How a stored layer is compressed, told by its first bytes and never by its name or media type (rule 73). */
import { LaminaError } from '../errors';

export type Compression = 'none' | 'gzip' | 'zstd' | 'xz' | 'bzip2';

/** Bytes that are enough for an answer. */
export const SNIFF_BYTES = 10;

interface Magic {
  readonly compression: Compression;
  readonly bytes: readonly number[];
}

const MAGICS: readonly Magic[] = [
  { compression: 'gzip', bytes: [0x1f, 0x8b, 0x08] },
  { compression: 'zstd', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { compression: 'xz', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
];

const ZSTD_SKIPPABLE = [0x2a, 0x4d, 0x18];
/** After `BZh` and a digit comes a block or the end of an empty stream: a tar whose first file is `BZh…` is not bzip2. */
const BZIP2_BLOCKS = ['314159265359', '177245385090'];

/** Needs the first `SNIFF_BYTES` bytes, or all there are. */
export function sniffCompression(firstBytes: Uint8Array): Compression {
  const startsWith = (bytes: readonly number[], at = 0): boolean =>
    bytes.every((byte, index) => firstBytes[at + index] === byte);
  const magic = MAGICS.find(({ bytes }) => startsWith(bytes));
  if (magic !== undefined) return magic.compression;
  // A zstd stream may begin with a skippable frame: `5x 2a 4d 18`.
  if (((firstBytes[0] ?? 0) & 0xf0) === 0x50 && startsWith(ZSTD_SKIPPABLE, 1)) return 'zstd';
  if (startsWith([0x42, 0x5a, 0x68]) && BZIP2_BLOCKS.includes(hex(firstBytes.subarray(4, 10)))) return 'bzip2';
  return 'none';
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

const CURES: Readonly<Record<'zstd' | 'xz' | 'bzip2', string>> = {
  zstd: 'Recompress it with gzip, for example: skopeo copy --dest-compress-format gzip <source> oci-archive:image.tar',
  xz: 'Unpack it first with `xz -d`, or recompress it with gzip.',
  bzip2: 'Unpack it first with `bzip2 -d`, or recompress it with gzip.',
};

/** The refusal of a compression that cannot be read; `subject` is the file, `what` names the part of it. */
export function unsupportedCompression(
  compression: 'zstd' | 'xz' | 'bzip2',
  what: string,
  subject: string,
): LaminaError {
  return new LaminaError(
    'UNSUPPORTED_COMPRESSION',
    `${what} is compressed with ${compression}, which cannot be read; uncompressed and gzip can.`,
    { subject, hint: CURES[compression] },
  );
}
