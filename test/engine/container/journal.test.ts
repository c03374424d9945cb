import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendJournal, readJournal } from '../../../src-main/engine/container/journal';
import {
  decodeOperation,
  encodeOperation,
  NO_CHECKSUM,
  type Operation,
} from '../../../src-main/engine/container/journal-format';
import type { UpperObject } from '../../../src-main/engine/container/upper';
import { fromBytes, fromText } from '../../../src-main/engine/path/byte-string';
import { normaliseName, pathFromText } from '../../../src-main/engine/path/layer-path';

const OBJECT: UpperObject = {
  type: 'file',
  mode: 0o4755,
  uid: 4_294_967_294,
  gid: 5,
  mtime: { sec: -5, nsec: 999_999_999 },
  linkname: fromText(''),
  xattrs: new Map([['security.capability', Buffer.from([1, 0, 255])]]),
  devMajor: 0,
  devMinor: 0,
  content: { from: 'layer', layer: 2, position: 7, sha256: 'ab'.repeat(32), size: 9 },
  linkGroup: 3,
};

function operation(revision: number): Operation {
  const { path } = normaliseName(fromBytes(Buffer.from([0x61, 0x2f, 0xe9, 0x0a, 0x22])));
  return {
    ...{ revision, name: 'writeFile', time: '2024-01-02T03:04:05.678Z' },
    mutations: [
      { path, node: OBJECT },
      { path: pathFromText('s'), node: { ...OBJECT, type: 'symlink', linkname: fromText('ü'), content: undefined } },
      { path: pathFromText('n'), node: { ...OBJECT, type: 'char', devMajor: 1, devMinor: 3, content: undefined } },
      { path: pathFromText('gone'), node: 'whiteout' },
      { path: pathFromText('as below'), node: undefined },
    ],
  };
}

describe('a line of the journal', () => {
  it('gives back the operation, names that are not UTF-8 and binary attributes too', () => {
    const { line, checksum } = encodeOperation(operation(1), 'before');
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(decodeOperation(line.subarray(0, -1), 'before')).toEqual({ operation: operation(1), checksum });
  });

  it('with any byte changed is no operation', () => {
    const line = encodeOperation(operation(1), '').line.subarray(0, -1);
    for (let at = 0; at < line.length; at += 1) {
      const changed = Buffer.from(line);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(decodeOperation(changed, '')).toBeUndefined();
    }
  });

  it('after another line than the one it was written after is no operation', () => {
    const { line } = encodeOperation(operation(2), 'first');
    expect(decodeOperation(line.subarray(0, -1), 'other')).toBeUndefined();
  });
});

/** Lines of the operations 1, 2, …, each fitting after the one before. */
function journalOf(count: number): Buffer[] {
  let previous = NO_CHECKSUM;
  return Array.from({ length: count }, (_, i) => {
    const { line, checksum } = encodeOperation(operation(i + 1), previous);
    previous = checksum;
    return line;
  });
}

describe('a journal file', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lamina-journal-'));
    file = join(folder, 'journal');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('cut at any length gives exactly the operations that were whole by then', async () => {
    const lines = journalOf(3);
    const whole = Buffer.concat(lines);
    const ends = lines.map((_, i) => Buffer.concat(lines.slice(0, i + 1)).length);
    for (let length = 0; length <= whole.length; length += 1) {
      await writeFile(file, whole.subarray(0, length));
      const read = await readJournal(file);
      const expected = ends.filter((end) => end <= length);
      expect(read.operations.map(({ revision }) => revision)).toEqual(expected.map((_, i) => i + 1));
      expect(read.position).toMatchObject({ length: expected.at(-1) ?? 0, revision: expected.length });
    }
  });

  it('is written over a torn end, and read on from where a reader was', async () => {
    const [first, second] = journalOf(2);
    await writeFile(file, Buffer.concat([first!, second!.subarray(0, 40)]));
    const { position } = await readJournal(file);
    expect(position.length).toBe(first!.length);
    const length = await appendJournal(file, position.length, second!);
    expect((await readFile(file)).length).toBe(length);
    const rest = await readJournal(file, position);
    expect(rest).toMatchObject({ operations: [operation(2)], fromStart: false });
  });

  it('that is another one than a reader knew is read from the start', async () => {
    const lines = journalOf(3);
    await writeFile(file, Buffer.concat(lines));
    const { position } = await readJournal(file);
    const { line, checksum } = encodeOperation({ ...operation(1), name: 'symlink' }, NO_CHECKSUM);
    // The same lengths and revisions, so that only the chain of checksums tells.
    const others = [line, encodeOperation(operation(2), checksum).line];
    await writeFile(file, line);
    expect(await readJournal(file, position)).toMatchObject({ fromStart: true, operations: [{ name: 'symlink' }] });
    const at = { ...position, length: lines[0]!.length, revision: 1 };
    await writeFile(file, Buffer.concat(others));
    const read = await readJournal(file, { ...at, length: line.length });
    expect(read).toMatchObject({ fromStart: true, operations: [{ name: 'symlink' }, { revision: 2 }] });
  });

  it('with a damaged last line drops it, with a damaged line in the middle is refused', async () => {
    const [first, second, third] = journalOf(3);
    const damaged = Buffer.from(first!);
    damaged[30] = 0;
    await writeFile(file, damaged);
    expect(await readJournal(file)).toMatchObject({ operations: [], position: { length: 0 } });
    await writeFile(file, Buffer.concat([damaged, second!]));
    await expect(readJournal(file)).rejects.toMatchObject({ code: 'STORE_INVALID', subject: file });
    await writeFile(file, Buffer.concat([second!, third!]));
    await expect(readJournal(file)).rejects.toMatchObject({ code: 'STORE_INVALID' });
    await truncate(file, 0);
    expect((await readJournal(file)).operations).toEqual([]);
  });
});
