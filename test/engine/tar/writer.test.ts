import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { Parser, type ReadEntry } from 'tar';
import { describe, expect, it } from 'vitest';
import { fromBytes, fromText, isUtf8, toText, type ByteString } from '../../../src-main/engine/path/byte-string';
import { normaliseName, ROOT, type LayerPath } from '../../../src-main/engine/path/layer-path';
import type { EntryType, TarHeader } from '../../../src-main/engine/tar/types';
import { createTarWriter } from '../../../src-main/engine/tar/writer';
import { scanTar } from '../../support/scan-tar';

interface Sample {
  readonly header: TarHeader;
  readonly content: Uint8Array;
}

async function write(samples: readonly Sample[]): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const writer = createTarWriter((piece) => void pieces.push(piece));
  for (const { header, content } of samples) await writer.add(header, [content]);
  await writer.end();
  return Buffer.concat(pieces);
}

const plain: TarHeader = {
  path: 'a' as LayerPath,
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 0,
  mtime: { sec: 0, nsec: 0 },
  linkname: '' as ByteString,
  xattrs: new Map(),
  devMajor: 0,
  devMinor: 0,
};

function sample(header: Partial<TarHeader>, content = ''): Sample {
  return { header: { ...plain, size: content.length, ...header }, content: Buffer.from(content) };
}

const byte = fc.integer({ min: 1, max: 255 }).filter((value) => value !== 0x2f);
const component = fc
  .oneof(
    fc.uint8Array({ minLength: 1, maxLength: 12 }).map((bytes) => fromBytes(bytes.map((value) => value || 1))),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).map(fromText),
    fc
      .tuple(byte, fc.integer({ min: 90, max: 255 }))
      .map(([value, length]) => fromBytes(new Uint8Array(length).fill(value))),
  )
  .map((name) => name.replaceAll(/[/\0]/g, '_') as ByteString);
const path = fc
  .array(component, { minLength: 1, maxLength: 4 })
  .map((parts) => normaliseName(parts.join('/') as ByteString).path)
  .filter((name) => name !== ROOT);
const size32 = fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 2 ** 32 - 2 }));
const time = fc.record({
  sec: fc.oneof(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: -(2 ** 36), max: 2 ** 36 })),
  nsec: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 999_999_999 })),
});
const xattrs = fc
  .array(
    fc.tuple(
      fc.stringMatching(/^user\.[a-z.é]{1,20}$/),
      fc.uint8Array({ minLength: 1, maxLength: 40 }).map((value) => Buffer.from(value)),
    ),
    {
      maxLength: 3,
    },
  )
  .map((pairs) => new Map([...new Map(pairs)].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))));
const type = fc.constantFrom<EntryType>('file', 'dir', 'symlink', 'hardlink', 'char', 'block', 'fifo');
const attributes = fc.record({
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: size32,
  gid: size32,
  mtime: time,
  xattrs,
});
const device = fc.integer({ min: 0, max: 8 ** 7 - 1 });

const anySample: fc.Arbitrary<Sample> = fc
  .tuple(attributes, type, path, path, fc.uint8Array({ maxLength: 2000 }), fc.tuple(device, device))
  .map(([common, kind, name, target, content, [devMajor, devMinor]]) => {
    const isDevice = kind === 'char' || kind === 'block';
    const header: TarHeader = {
      ...common,
      path: name,
      type: kind,
      size: kind === 'file' ? content.length : 0,
      linkname: kind === 'symlink' || kind === 'hardlink' ? target : ('' as ByteString),
      devMajor: isDevice ? devMajor : 0,
      devMinor: isDevice ? devMinor : 0,
    };
    return { header, content: kind === 'file' ? content : new Uint8Array() };
  });

describe('what the writer writes', () => {
  it('is read back by the scanner as it was, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anySample, { maxLength: 6 }),
        fc.integer({ min: 1, max: 3000 }),
        async (samples, pieceBytes) => {
          const { entries } = scanTar(await write(samples), { pieceBytes });
          const read = entries.map((entry) => ({ header: headerOf(entry), content: entry.content }));
          expect(read).toEqual(samples.map(({ header, content }) => ({ header, content: Buffer.from(content) })));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is read by node-tar as the same entries', async () => {
    // It decodes names as UTF-8, and takes any newline for the end of a PAX record.
    const isReadable = ({ header }: Sample): boolean =>
      [header.path, header.linkname].every((name) => isUtf8(name) && !name.includes('\n')) && header.xattrs.size === 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anySample.filter(isReadable), { minLength: 1, maxLength: 6 }), async (samples) => {
        const read = await readWithNodeTar(await write(samples));
        expect(read).toEqual(samples.map(asNodeTarSees));
      }),
      { numRuns: 100 },
    );
  });

  it.skipIf(spawnSync('python3', ['--version']).status !== 0)(
    'is read by Python as the same entries, odd bytes included',
    async () => {
      const samples = fc.sample(anySample, { numRuns: 300, seed: 1 });
      expect(readWithPython(await write(samples))).toEqual(samples.map(asPythonSees));
    },
  );

  it('depends on nothing but the entries, and uses PAX only where it must', async () => {
    const samples = [
      sample({ path: 'd' as LayerPath, type: 'dir', mode: 0o755 }),
      sample({ path: 'd/f' as LayerPath, mtime: { sec: 1_600_000_000, nsec: 0 } }, 'content'),
      sample({ path: ('p'.repeat(100) + '/' + 'n'.repeat(99)) as LayerPath }),
    ];
    const bytes = await write(samples);
    expect(await write(samples)).toEqual(bytes);
    // three headers, one block of content, two zero blocks
    expect(bytes.length).toBe(512 * 6);
    expect(bytes.toString('latin1', 0, 2)).toBe('d/');
    expect(bytes.toString('latin1', 257, 265)).toBe('ustar\x0000');
    expect(bytes.subarray(265, 329)).toEqual(Buffer.alloc(64));
  });

  it('names the root ./', async () => {
    expect((await write([sample({ path: ROOT, type: 'dir' })])).toString('latin1', 0, 3)).toBe('./\0');
  });

  it('has the size that was announced, or is refused', async () => {
    await expect(write([sample({ size: 5 }, 'four')])).rejects.toThrow(/does not have the 5 bytes/);
    await expect(write([sample({ size: 3 }, 'four')])).rejects.toThrow(/does not have the 3 bytes/);
  });

  it('cannot hold any device number', async () => {
    await expect(write([sample({ type: 'char', devMajor: 8 ** 7 })])).rejects.toThrow(/device number/);
  });
});

function headerOf(entry: TarHeader): TarHeader {
  const { path: name, type: kind, mode, uid, gid, size, mtime, linkname, xattrs: all, devMajor, devMinor } = entry;
  return { path: name, type: kind, mode, uid, gid, size, mtime, linkname, xattrs: all, devMajor, devMinor };
}

/** What node-tar tells of an entry; it gives times in milliseconds and no extended attributes. */
interface NodeTarEntry {
  readonly path: string;
  readonly type: string | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly size: number;
  readonly link: string;
  readonly content: string;
}

const NODE_TAR_TYPES: Readonly<Record<EntryType, string>> = {
  file: 'File',
  dir: 'Directory',
  symlink: 'SymbolicLink',
  hardlink: 'Link',
  char: 'CharacterDevice',
  block: 'BlockDevice',
  fifo: 'FIFO',
};

function asNodeTarSees({ header, content }: Sample): NodeTarEntry {
  return {
    path: toText(header.path) + (header.type === 'dir' ? '/' : ''),
    type: NODE_TAR_TYPES[header.type],
    uid: header.uid,
    gid: header.gid,
    size: header.size,
    link: toText(header.linkname),
    content: Buffer.from(content).toString('hex'),
  };
}

async function readWithNodeTar(bytes: Buffer): Promise<NodeTarEntry[]> {
  const entries: NodeTarEntry[] = [];
  await new Promise<void>((resolve, reject) => {
    const parser = new Parser({
      strict: true,
      onReadEntry(entry: ReadEntry) {
        const { path: name, type: kind, uid, gid, size, linkpath } = entry;
        const pieces: Buffer[] = [];
        entry.on('data', (piece: Buffer) => pieces.push(piece));
        entry.on('end', () => {
          const content = Buffer.concat(pieces).toString('hex');
          entries.push({ path: name, type: kind, uid, gid, size, link: linkpath ?? '', content });
        });
      },
    });
    parser.on('end', () => resolve());
    parser.on('error', reject);
    parser.end(bytes);
  });
  return entries;
}

const PYTHON = `
import sys, tarfile, json, io
tar = tarfile.open(fileobj=io.BytesIO(sys.stdin.buffer.read()), mode='r:', errors='surrogateescape')
raw = lambda text: text.encode('utf-8', 'surrogateescape').hex()
json.dump([[raw(m.name), m.type.decode(), m.mode, m.uid, m.gid, m.size, raw(m.linkname),
            tar.extractfile(m).read().hex() if m.isreg() else ''] for m in tar], sys.stdout)
`;

const TYPEFLAGS: Readonly<Record<EntryType, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  char: '3',
  block: '4',
  dir: '5',
  fifo: '6',
};

function asPythonSees({ header, content }: Sample): unknown[] {
  const raw = (value: string): string => Buffer.from(value, 'latin1').toString('hex');
  const { mode, uid, gid, size } = header;
  const bytes = Buffer.from(content).toString('hex');
  return [raw(header.path), TYPEFLAGS[header.type], mode, uid, gid, size, raw(header.linkname), bytes];
}

function readWithPython(bytes: Buffer): unknown {
  const out = execFileSync('python3', ['-c', PYTHON], { input: bytes, maxBuffer: 2 ** 28, encoding: 'utf8' });
  return JSON.parse(out);
}
