/** What a file is that is no archive, how it came to be that, and what helps (the reasons are those users met). */
import type { Compression } from '../layer/compression';
import { LaminaError, type ErrorCode } from '../errors';

const TOOLS = { xz: 'xz -dk', zstd: 'zstd -dk', bzip2: 'bzip2 -dk' } as const;

/** A whole file that is compressed in a way Lamina does not read, with the command that undoes it. */
export function unsupportedWrapper(file: string, compression: 'xz' | 'zstd' | 'bzip2'): LaminaError {
  return new LaminaError('UNSUPPORTED_COMPRESSION', `${file} is compressed with ${compression} as a whole.`, {
    subject: file,
    hint: `Unpack it and import the result: ${TOOLS[compression]} ${quoted(file)}`,
  });
}

/** A layer that is compressed in a way Lamina does not read; nothing of the archive is imported. */
export function unsupportedLayer(file: string, layer: string, compression: Compression): LaminaError {
  return new LaminaError(
    'UNSUPPORTED_COMPRESSION',
    `${layer} in ${file} is compressed with ${compression}; layers can be read plain or compressed with gzip.`,
    {
      subject: file,
      hint: `Nothing was imported. Recompress the layers, for example: skopeo copy --dest-compress-format gzip oci-archive:${quoted(file)} oci-archive:recompressed.tar`,
    },
  );
}

interface Recognised {
  readonly code: ErrorCode;
  readonly what: string;
  readonly hint: string;
}

const SAVE_AGAIN = 'Save the image with `docker save -o image.tar NAME` (or podman, skopeo) and import that file.';

/** The refusal of a file whose first bytes are no tar header. `head` is at least 512 bytes, or all there are. */
export function notAnArchive(file: string, head: Uint8Array): LaminaError {
  const { code, what, hint } = recognise(Buffer.from(head));
  return new LaminaError(code, `${file} ${what}`, { subject: file, hint });
}

function recognise(head: Buffer): Recognised {
  if (head.length === 0) {
    return { code: 'ARCHIVE_INVALID', what: 'is empty: it has no bytes.', hint: `Saving it failed. ${SAVE_AGAIN}` };
  }
  return utf16(head) ?? otherContainer(head) ?? textOf(head) ?? unknownBytes(head);
}

/** PowerShell's `>` writes UTF-16 and so destroys what `docker save` prints. */
function utf16(head: Buffer): Recognised | undefined {
  const mark = head.subarray(0, 2).toString('hex');
  if (mark !== 'fffe' && mark !== 'feff') return undefined;
  return {
    code: 'ARCHIVE_INVALID',
    what: 'is UTF-16 text: a tar that was written through PowerShell’s “>”, which turns bytes into text and destroys them.',
    hint: 'It cannot be repaired. Save again without redirection: docker save -o image.tar NAME',
  };
}

function otherContainer(head: Buffer): Recognised | undefined {
  const code = 'UNKNOWN_FORMAT';
  const start = head.toString('latin1');
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06')) {
    return { code, what: 'is a zip archive, not an image.', hint: 'Unpack it and import the tar or the folder in it.' };
  }
  if (start.startsWith('7z\xbc\xaf\x27\x1c')) {
    return { code, what: 'is a 7z archive, not an image.', hint: 'Unpack it and import the tar or the folder in it.' };
  }
  if (start.startsWith('hsqs') || start.startsWith('QFI\xfb') || head.subarray(510, 512).toString('hex') === '55aa') {
    return { code, what: 'is a disk or filesystem image, not a container image.', hint: SAVE_AGAIN };
  }
  return undefined;
}

function textOf(head: Buffer): Recognised | undefined {
  const text = head.toString('utf8').trimStart();
  if (/^<(!doctype|html|head|body|\?xml)/i.test(text)) {
    return {
      code: 'UNKNOWN_FORMAT',
      what: 'is a web page, not an image: a download gave an error or a login page instead of the file.',
      hint: 'Open it in a browser to see what the server said, then download the image again.',
    };
  }
  if (head.includes(0) || text.includes('\ufffd')) return undefined;
  const first = text.split('\n', 1)[0]?.slice(0, 60) ?? '';
  return { code: 'UNKNOWN_FORMAT', what: `is a text file (“${first}”), not an image.`, hint: SAVE_AGAIN };
}

function unknownBytes(head: Buffer): Recognised {
  const short = head.length < 512;
  return {
    code: short ? 'ARCHIVE_INVALID' : 'UNKNOWN_FORMAT',
    what: short
      ? `has only ${head.length} bytes and is no tar: it was cut off.`
      : `is not a tar archive (it begins with ${head.subarray(0, 8).toString('hex')}).`,
    hint: `Images come as a tar (plain or gzip-compressed) or as the folder of an OCI image layout. ${SAVE_AGAIN}`,
  };
}

/** A file name as it can be pasted into a shell. */
function quoted(file: string): string {
  return /^[\w./:@+-]+$/.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`;
}
