import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeLayer } from '../../../src-main/engine/container/commit/write-layer';
import { decodeOperation, encodeOperation } from '../../../src-main/engine/container/journal-format';
import { Upper, type UpperObject } from '../../../src-main/engine/container/upper';
import { rowsOf } from '../../../src-main/engine/container/upper-rows';
import { entryList } from '../../../src-main/engine/layer/build-list';
import { loadLayerIndex } from '../../../src-main/engine/layer/index-file';
import { createLayerPool, type LayerPool } from '../../../src-main/engine/layer/pool';
import { toText } from '../../../src-main/engine/path/byte-string';
import { baseNameOf, ROOT, type LayerPath } from '../../../src-main/engine/path/layer-path';
import { buildUnion } from '../../../src-main/engine/union/merge';
import type { FileState, UnionNode, UnionTree } from '../../../src-main/engine/union/types';
import { layerOn, type LayerInMemory } from '../../support/container-layer';
import { apply, script, WORLD, type Edit } from '../../support/random-edits';
import { sha256Of } from '../../support/store-image';
import { tarEntries } from '../../support/tar-builder';

interface Facts extends Omit<UpperObject, 'content' | 'linkGroup' | 'mtime' | 'xattrs'> {
  readonly seconds: number;
  readonly sha256: string | undefined;
}

function factsOf(object: UpperObject | FileState): Facts {
  const { type, mode, uid, gid, linkname, devMajor, devMinor, mtime, content } = object;
  return { type, mode, uid, gid, linkname, devMajor, devMinor, seconds: mtime.sec, sha256: content?.sha256 };
}

function seenByView(on: LayerInMemory): Map<string, Facts> {
  return new Map([...on.view.walk(ROOT)].map(({ path, seen }) => [toText(path), factsOf(seen.object)]));
}

function stateAt(tree: UnionTree, node: UnionNode): FileState {
  const state = tree.visible(node)?.state;
  if (state === undefined) throw new Error(`${node.path} is not visible`);
  return state;
}

function seenByUnion(tree: UnionTree): Map<string, Facts> {
  return new Map([...tree.walk()].map((node) => [toText(node.path), factsOf(stateAt(tree, node))]));
}

/** Names of objects that the container layer has under several names. */
function linksByView({ upper }: LayerInMemory): string[] {
  const groups = new Map<number, string[]>();
  for (const { path, node } of upper.walk()) {
    if (node === 'whiteout' || node.linkGroup === 0) continue;
    groups.set(node.linkGroup, [...(groups.get(node.linkGroup) ?? []), path]);
  }
  return [...groups.values()]
    .filter((names) => names.length > 1)
    .map((names) => names.sort().join(' '))
    .sort();
}

function linksByUnion(tree: UnionTree): string[] {
  const found = new Set<string>();
  for (const node of tree.walk()) {
    const names = tree.namesOf(node);
    if (names.length > 1 && tree.visible(node)?.layer === 2) found.add(names.join(' '));
  }
  return [...found].sort();
}

/** Edits that cannot be done change nothing; the others are done. Answers how many were. */
function run(on: LayerInMemory, edits: readonly Edit[]): number {
  let done = 0;
  for (const edit of edits) {
    const before = on.layer();
    try {
      apply(on, edit);
      done += 1;
    } catch (error) {
      expect((error as { code?: string }).code).toMatch(/^(PATH_|INVALID_ARGUMENT|SYMLINK_LOOP)/);
      expect(on.layer()).toEqual(before);
    }
  }
  return done;
}

/** Docker's own comparison of two trees, written after moby's `addChanges`, over whole trees and not over the layer. */
function dockerDiff(before: UnionTree, after: UnionTree): string[] {
  const lines: string[] = [];
  const visit = (old: UnionNode | undefined, now: UnionNode, isListed: boolean): void => {
    const oldIsDir = old !== undefined && stateAt(before, old).type === 'dir';
    const left = new Map(oldIsDir ? before.childrenOf(old).map((child) => [baseNameOf(child.path), child]) : []);
    const start = lines.length;
    const isDir = stateAt(after, now).type === 'dir';
    for (const child of isDir ? after.childrenOf(now) : []) {
      const twin = left.get(baseNameOf(child.path));
      left.delete(baseNameOf(child.path));
      let listed = true;
      if (twin === undefined) lines.push(`A ${child.path}`);
      else if (differs(stateAt(before, twin), stateAt(after, child))) lines.push(`C ${child.path}`);
      else listed = false;
      visit(twin, child, listed);
    }
    if (isDir) for (const child of left.values()) lines.push(`D ${child.path}`);
    if (isDir && !isListed && lines.length > start && now.path !== ROOT) lines.push(`C ${now.path}`);
  };
  visit(before.root, after.root, false);
  return lines.sort();
}

function differs(a: FileState, b: FileState): boolean {
  const same = a.type === b.type && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;
  if (!same || a.type === 'dir') return !same;
  return a.mtime.sec !== b.mtime.sec || a.size !== b.size || a.linkname.length !== b.linkname.length;
}

describe('random edits', () => {
  let folder: string;
  let pool: LayerPool;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lamina-random-'));
    pool = createLayerPool();
  });
  afterAll(async () => {
    await pool.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('merged by the union give what the container’s own view shows, and the changes that Docker would list', () => {
    let done = 0;
    fc.assert(
      fc.property(script, (edits) => {
        const on = layerOn(...WORLD);
        done += run(on, edits);
        const merged = on.merged();
        expect(seenByUnion(merged)).toEqual(seenByView(on));
        expect(linksByUnion(merged)).toEqual(linksByView(on));
        expect(merged.diagnostics.filter(({ layer }) => layer === 2)).toEqual([]);
        expect(
          on
            .changes()
            .map((line) => line.replace(' /', ' '))
            .sort(),
        ).toEqual(dockerDiff(on.lower, merged));
      }),
      { numRuns: 500 },
    );
    console.log(`random edits: 500 scripts, ${done} edits done`);
    expect(done).toBeGreaterThan(2_000);
  });

  it('leave no whiteout of what the image does not have, and every directory on the way', () => {
    fc.assert(
      fc.property(script, (edits) => {
        const on = layerOn(...WORLD);
        run(on, edits);
        const seen = new Set<LayerPath>();
        for (const { path, node } of on.upper.walk()) {
          const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
          expect(parent === '' || seen.has(parent as LayerPath)).toBe(true);
          if (node === 'whiteout') expect(on.view.lowerState(path)).toBeDefined();
          else if (node.type === 'dir') seen.add(path);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('come back out of the journal as they were', () => {
    fc.assert(
      fc.property(script, (edits) => {
        const on = layerOn(...WORLD);
        run(on, edits);
        const mutations = [...on.upper.walk()];
        const operation = { revision: 1, name: 'x', time: '', mutations };
        const { line } = encodeOperation(operation, '');
        const again = new Upper();
        for (const { path, node } of decodeOperation(line.subarray(0, -1), '')?.operation.mutations ?? [])
          again.set(path, node);
        expect(rowsOf(again)).toEqual(rowsOf(on.upper));
      }),
      { numRuns: 300 },
    );
  });

  it('committed and read back from the tar give what the container’s own view shows', async () => {
    const texts = ['', 'x', 'one', 'some longer text'];
    const contents = new Map<string, Buffer>(texts.map((text) => [sha256Of(text), Buffer.from(text)]));
    for (const { content } of WORLD.flat()) contents.set(sha256Of(content.toString()), Buffer.from(content));
    const below = WORLD.map((parts) => entryList(tarEntries(parts)));
    let run_ = 0;
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(script, async (edits) => {
        const on = layerOn(...WORLD);
        run(on, edits);
        const file = join(folder, `layer-${(run_ += 1)}.tar`);
        const written = await writeLayer({
          ...{ rows: rowsOf(on.upper), file, latestTime: undefined },
          open: ({ sha256 }) => Promise.resolve(Readable.from([contents.get(sha256)!])),
        });
        const scanned = await pool.ingest({
          source: { file, offset: 0, length: written.size },
          ...{ folder, copy: false, label: 'layer', expectedDiffId: written.digest },
        });
        const index = await loadLayerIndex(scanned.indexFile);
        expect(index.diagnostics).toEqual([]);
        const seen = seenByUnion(buildUnion([...below, index]));
        expect(seen).toEqual(seenByView(on));
        compared += seen.size;
        await rm(file);
        await rm(scanned.indexFile);
      }),
      { numRuns: 250 },
    );
    console.log(`commit and read back: ${run_} scripts, ${compared} paths compared`);
    expect(compared).toBeGreaterThan(1_000);
  });
});
