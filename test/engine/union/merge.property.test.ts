import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LaminaError } from '../../../src-main/engine/errors';
import { toText } from '../../../src-main/engine/path/byte-string';
import { naiveMerge } from '../../support/naive-merge';
import { additionPart, layer, whiteoutPart } from '../../support/random-layers';
import type { EntryPart } from '../../support/tar-builder';
import { stack, type Stack } from '../../support/tree-text';

/** Everything a person can see of a tree, one line a path; hard links by the names they share. */
function picture({ tree, show }: Stack, upTo?: number): string[] {
  const nodes = [tree.root, ...tree.walk({ upTo })];
  const lines = ['/', ...show(upTo)];
  return nodes.map((node, i) => {
    const state = tree.visible(node, upTo)?.state;
    const names = tree.namesOf(node, upTo).map(toText).join(' ');
    return `${lines[i] ?? ''} ${(state?.mode ?? 0).toString(8)} ${state?.uid ?? 0} [${names}]`;
  });
}

function naivePicture(layers: readonly (readonly EntryPart[])[]): string[] {
  const tree = naiveMerge(layers);
  const suffixes = { dir: '/', file: '=', symlink: '->', hardlink: '', char: ':', block: ':', fifo: '|' };
  const key = (path: string): string => path.split('/').join('\0');
  const sorted = [...tree].sort(([a], [b]) => (key(a) < key(b) ? -1 : 1));
  return sorted.map(([path, object]) => {
    const names = object.type === 'dir' ? [path] : [...tree].filter(([, other]) => other === object).map(([at]) => at);
    const line = `${path}${suffixes[object.type]}${object.content}${object.target}`;
    return `${line} ${object.mode.toString(8)} ${object.uid} [${names.sort().join(' ')}]`;
  });
}

function attempt<T>(work: () => T): T | 'refused' {
  try {
    return work();
  } catch (error) {
    if (error instanceof LaminaError && error.code !== 'LAYER_INVALID') throw error;
    return 'refused';
  }
}

const layers = fc.array(layer, { minLength: 1, maxLength: 5 });

describe('merging random layers', () => {
  it('gives the tree that applying them one after the other gives', () => {
    let accepted = 0;
    fc.assert(
      fc.property(layers, (parts) => {
        const merged = attempt(() => picture(stack(...parts)));
        if (merged !== 'refused') accepted++;
        expect(merged).toEqual(attempt(() => naivePicture(parts)));
      }),
      { numRuns: 1_500 },
    );
    expect(accepted).toBeGreaterThan(200);
  });

  it('shows, as of layer k, what merging the first k layers alone gives', () => {
    fc.assert(
      fc.property(layers, (parts) => {
        const whole = attempt(() => stack(...parts));
        if (whole === 'refused') return;
        parts.forEach((_layer, k) => expect(picture(whole, k)).toEqual(picture(stack(...parts.slice(0, k + 1)))));
      }),
      { numRuns: 600 },
    );
  });

  it('gives the same tree and history wherever the whiteouts of a layer stand', () => {
    const history = ({ tree }: Stack): string[] =>
      [...tree.walkAll()].map(({ path, versions, marks }) =>
        JSON.stringify([
          path,
          versions.map(({ layer: from, endLayer, endReason }) => [from, endLayer, endReason]),
          marks.length,
        ]),
      );
    const withWhiteouts = fc.record({
      below: fc.array(layer, { maxLength: 2 }),
      whiteouts: fc.array(whiteoutPart, { minLength: 1, maxLength: 4 }),
      additions: fc.array(additionPart, { maxLength: 5 }),
      places: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
    });
    fc.assert(
      fc.property(withWhiteouts, ({ below, whiteouts, additions, places }) => {
        const first = attempt(() => stack(...below, [...whiteouts, ...additions]));
        const mixed: EntryPart[] = [...additions];
        whiteouts.forEach((part, i) => mixed.splice((places[i] ?? 0) % (mixed.length + 1), 0, part));
        const second = attempt(() => stack(...below, mixed));
        if (first === 'refused' || second === 'refused') expect(second).toBe(first);
        else {
          expect(picture(second)).toEqual(picture(first));
          expect(history(second)).toEqual(history(first));
        }
      }),
      { numRuns: 800 },
    );
  });

  it('keeps every version that some layer showed, and shows none at two times at once', () => {
    fc.assert(
      fc.property(layers, (parts) => {
        const whole = attempt(() => stack(...parts));
        if (whole === 'refused') return;
        for (const { versions } of whole.tree.walkAll()) {
          versions.forEach((version, i) => {
            const next = versions[i + 1];
            expect(version.endLayer ?? Infinity).toBeGreaterThan(version.layer);
            if (next !== undefined) expect(version.endLayer).toBeLessThanOrEqual(next.layer);
          });
        }
      }),
      { numRuns: 400 },
    );
  });
});
