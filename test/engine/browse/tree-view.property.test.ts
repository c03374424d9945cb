import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TreeView } from '../../../src-main/engine/browse/tree-view';
import type { TreeOptions } from '../../../src-main/engine/browse/types';
import { LaminaError } from '../../../src-main/engine/errors';
import type { LayerPath } from '../../../src-main/engine/path/layer-path';
import { layer } from '../../support/random-layers';
import type { EntryPart } from '../../support/tar-builder';
import { stack, type Stack } from '../../support/tree-text';

const options: fc.Arbitrary<TreeOptions> = fc.record({
  mode: fc.constantFrom('union', 'layer', 'upTo'),
  layer: fc.nat(3),
  ghosts: fc.boolean(),
  filter: fc.constantFrom('', '', 'a', '*b', 'b/', 'type:dir', 'changed:', 'layer:1', 'a/**'),
  sort: fc.record({
    by: fc.constantFrom('name', 'size', 'mode', 'owner', 'mtime', 'layer'),
    descending: fc.boolean(),
  }),
});
const toggles = fc.array(fc.record({ pick: fc.nat(), open: fc.boolean(), deep: fc.boolean() }), { maxLength: 12 });

function merged(layers: readonly (readonly EntryPart[])[]): Stack | undefined {
  try {
    return stack(...layers);
  } catch (error) {
    if (error instanceof LaminaError && error.code === 'LAYER_INVALID') return undefined;
    throw error;
  }
}

const layers = fc.array(layer, { minLength: 1, maxLength: 4 });

describe('the rows of any tree', () => {
  it('are the same after opening and closing as when the view is made anew with the same directories open', () => {
    fc.assert(
      fc.property(layers, options, toggles, (parts, chosen, steps) => {
        const tree = merged(parts)?.tree;
        if (tree === undefined) return;
        const view = new TreeView(tree);
        view.configure(chosen);
        for (const { pick, open, deep } of steps) {
          const paths = view.rows(0, 1_000).map(({ path }) => path);
          view.toggle(paths[pick % (paths.length + 1)] ?? ('' as LayerPath), open, deep);
        }
        const rows = view.rows(0, 1_000);
        expect(rows).toHaveLength(view.state().rowCount);
        // Sorting anew makes all rows anew; sorting back must lead to what toggling led to.
        const { by, descending } = chosen.sort;
        view.configure({ ...chosen, sort: { by, descending: !descending } });
        view.configure(chosen);
        expect(view.rows(0, 1_000)).toEqual(rows);
      }),
      { numRuns: 600 },
    );
  });

  it('stand below their parents, one level deeper, and nothing stands below a closed directory', () => {
    fc.assert(
      fc.property(layers, options, (parts, chosen) => {
        const tree = merged(parts)?.tree;
        if (tree === undefined) return;
        const view = new TreeView(tree);
        view.configure(chosen);
        view.toggle('' as LayerPath, true, true);
        const open: string[] = [];
        for (const row of view.rows(0, 1_000)) {
          open.length = row.depth;
          expect(open.join('/')).toBe(row.path.split('/').slice(0, -1).join('/'));
          open.push(row.name);
          expect(view.reveal(row.path)).toBeGreaterThanOrEqual(0);
        }
        view.toggle('' as LayerPath, false, true);
        expect(view.rows(0, 1_000).every(({ depth }) => depth === 0)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('give directories the bytes of the distinct objects below them', () => {
    fc.assert(
      fc.property(layers, (parts) => {
        const image = merged(parts);
        if (image === undefined) return;
        const { tree } = image;
        const view = new TreeView(tree);
        view.toggle('' as LayerPath, true, true);
        const bytesBelow = (path: LayerPath): number => {
          const objects = new Map<number, number>();
          for (const node of tree.walk({ from: tree.nodeAt(path) })) {
            const version = tree.visible(node);
            if (version !== undefined) objects.set(version.inode, version.size);
          }
          return [...objects.values()].reduce((sum, size) => sum + size, 0);
        };
        for (const { path, type, size } of view.rows(0, 1_000)) if (type === 'dir') expect(size).toBe(bytesBelow(path));
        expect(view.state().bytes).toBe(bytesBelow('' as LayerPath));
      }),
      { numRuns: 400 },
    );
  });
});
