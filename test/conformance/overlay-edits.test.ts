/** Random edit scripts on a container layer and, by system calls, on the kernel's own overlay: the same tree comes out. */
import { execFile } from 'node:child_process';
import { chmod, chown, link, lutimes, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toText } from '../../src-main/engine/path/byte-string';
import { ROOT } from '../../src-main/engine/path/layer-path';
import { FIRST_EDIT, layerOn } from '../support/container-layer';
import { apply, script, WORLD, type Edit } from '../support/random-edits';
import { runWithInput } from '../support/run-with-input';
import type { EntryPart } from '../support/tar-builder';

const execute = promisify(execFile);
const PROGRAM = join(import.meta.dirname, 'edit-tree.py');
const SCRIPTS = 120;

interface Outcome {
  readonly done: readonly boolean[];
  readonly tree: readonly Record<string, unknown>[];
}

/** Times of the world are small; whatever an edit left is “new”. */
function withoutClock(seconds: number): number | 'new' {
  return seconds < FIRST_EDIT ? seconds : 'new';
}

function inMemory(edits: readonly Edit[]): Outcome {
  const on = layerOn(...WORLD);
  const done = edits.map((edit) => {
    try {
      apply(on, edit);
      return true;
    } catch {
      return false;
    }
  });
  const tree = [...on.view.walk(ROOT)].map(({ path, seen: { object } }) => ({
    path: toText(path),
    ...{ type: object.type, mode: object.mode, uid: object.uid, gid: object.gid },
    mtime: withoutClock(object.mtime.sec),
    linkname: toText(object.linkname),
    sha256: object.content?.sha256 ?? '',
  }));
  return { done, tree };
}

/** Lays a layer out as overlay wants its lower directories: a whiteout is the character device 0:0. */
async function layOut(parts: readonly EntryPart[], folder: string): Promise<void> {
  await mkdir(folder);
  for (const part of parts) await make(part, folder);
  for (const part of [...parts].reverse()) {
    const name = part.name.toString();
    if (typeof part.mtime === 'number' && !name.includes('.wh.'))
      await lutimes(join(folder, name), part.mtime, part.mtime);
  }
}

async function make(part: EntryPart, folder: string): Promise<void> {
  const name = part.name.toString();
  const path = join(folder, name);
  const link_ = part.link.toString();
  const [, parent = '', hidden] = /^(.*\/)?\.wh\.(.*)$/.exec(name) ?? [];
  if (hidden !== undefined) await execute('mknod', [join(folder, parent, hidden), 'c', '0', '0']);
  else if (part.type === 'symlink') await symlink(link_, path);
  else if (part.type === 'hardlink') await link(join(folder, link_), path);
  else {
    await (part.type === 'dir' ? mkdir(path) : writeFile(path, part.content));
    await chown(path, part.uid ?? 0, part.gid ?? 0);
    await chmod(path, part.mode ?? (part.type === 'dir' ? 0o755 : 0o644));
  }
}

async function inKernel(edits: readonly Edit[], folder: string, lower: readonly string[]): Promise<Outcome> {
  const [upper, work, merged] = ['upper', 'work', 'merged'].map((name) => join(folder, name));
  if (upper === undefined || work === undefined || merged === undefined) throw new Error('three folders');
  for (const one of [upper, work, merged]) await mkdir(one);
  const options = `lowerdir=${[...lower].reverse().join(':')},upperdir=${upper},workdir=${work},redirect_dir=off,metacopy=off,index=off`;
  await execute('mount', ['-t', 'overlay', 'overlay', '-o', options, merged]);
  try {
    return JSON.parse(await runWithInput(JSON.stringify(edits), 'python3', PROGRAM, merged)) as Outcome;
  } finally {
    await execute('umount', [merged]);
    for (const one of [upper, work, merged]) await rm(one, { recursive: true });
  }
}

describe('edits', () => {
  let folder: string;
  const lower: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lamina-overlay-'));
    // Not every root filesystem can be the upper of an overlay; a tmpfs can.
    await execute('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
    for (const [position, parts] of WORLD.entries()) {
      lower.push(join(folder, `lower-${position}`));
      await layOut(parts, join(folder, `lower-${position}`));
    }
  });
  afterAll(async () => {
    await execute('umount', [folder]);
    await rm(folder, { recursive: true });
  });

  it('do what they do on the kernel’s overlay, and are refused when it refuses them', async () => {
    let [scripts, edits, paths] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const theirs = await inKernel(steps, folder, lower);
        const ours = inMemory(steps);
        expect(ours.done).toEqual(theirs.done);
        const tree = theirs.tree.map((row) => ({ ...row, mtime: withoutClock(Number(row['mtime'])) }));
        const byPath = (rows: readonly object[]): Map<unknown, object> =>
          new Map(rows.map((row) => [(row as { path: string }).path, row]));
        expect(byPath(ours.tree)).toEqual(byPath(tree));
        scripts += 1;
        edits += steps.length;
        paths += tree.length;
      }),
      { numRuns: SCRIPTS },
    );
    console.log(`kernel overlay: ${scripts} scripts of ${edits} edits, ${paths} paths compared, no difference`);
    expect(paths).toBeGreaterThan(SCRIPTS);
  });
});
