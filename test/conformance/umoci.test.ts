/**
 * Random layers, unpacked by the real umoci and merged by Lamina. umoci applies layers one after the other as the
 * specification words it, with two known exceptions that the generator keeps away from: it looks at a whiteout when it
 * comes to it in the tar, and it cannot make a file of a lower layer an opaque directory.
 */
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LaminaError } from '../../src-main/engine/errors';
import { dir, file, hardlink, opaque, symlink, tar, whiteout, type EntryPart } from '../support/tar-builder';
import { stack } from '../support/tree-text';

const RUNS = 300;
const when = { mtime: 1_000_000_000 };

const name = fc.constantFrom('a', 'b', 'c');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const target = fc.oneof(
  path,
  path.map((to) => `/${to}`),
  path.map((to) => `../${to}`),
);
const addition: fc.Arbitrary<EntryPart[]> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(path, fc.constantFrom('1', '22')).map(([at, text]) => [file(at, text, when)]) },
  {
    weight: 4,
    arbitrary: fc.tuple(path, fc.constantFrom(0o700, 0o755)).map(([at, mode]) => [dir(at, { mode, ...when })]),
  },
  { weight: 2, arbitrary: fc.tuple(path, target).map(([at, to]) => [symlink(at, to, when)]) },
  { weight: 1, arbitrary: fc.tuple(path, path).map(([at, to]) => [hardlink(at, to, when)]) },
  { weight: 1, arbitrary: path.map((at) => [dir(at, when), opaque(at)]) },
);
const layer: fc.Arbitrary<EntryPart[]> = fc
  .tuple(
    fc.array(
      path.map((hidden) => whiteout(hidden)),
      { maxLength: 2 },
    ),
    fc.array(addition, { maxLength: 3 }),
  )
  .map(([whiteouts, additions]) => [...whiteouts, ...additions.flat()]);
const layers = fc.array(layer, { minLength: 1, maxLength: 4 });

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lamina-umoci-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Each path with its content or mode and its number of names; undefined when umoci refuses the layers. */
function unpacked(parts: readonly (readonly EntryPart[])[]): string[] | undefined {
  const layout = join(folder, 'layout');
  const bundle = join(folder, 'bundle');
  for (const old of [layout, bundle]) rmSync(old, { recursive: true, force: true });
  writeLayout(
    layout,
    parts.map((list) => tar(list)),
  );
  const { status, error } = spawnSync('umoci', ['unpack', '--image', `${layout}:t`, bundle]);
  if (error !== undefined) throw error;
  return status === 0 ? listFolder(join(bundle, 'rootfs')) : undefined;
}

function writeLayout(layout: string, blobs: readonly Buffer[]): void {
  mkdirSync(join(layout, 'blobs/sha256'), { recursive: true });
  const put = (mediaType: string, bytes: Buffer) => {
    const hex = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(layout, 'blobs/sha256', hex), bytes);
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  };
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const stored = blobs.map((bytes) => put('application/vnd.oci.image.layer.v1.tar', bytes));
  const rootfs = { type: 'layers', diff_ids: stored.map(({ digest }) => digest) };
  const config = put(
    'application/vnd.oci.image.config.v1+json',
    json({ architecture: 'amd64', os: 'linux', config: {}, rootfs }),
  );
  const manifest = put(
    'application/vnd.oci.image.manifest.v1+json',
    json({ schemaVersion: 2, config, layers: stored }),
  );
  const annotations = { 'org.opencontainers.image.ref.name': 't' };
  writeFileSync(join(layout, 'index.json'), json({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }));
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}

function listFolder(root: string, below = ''): string[] {
  return readdirSync(join(root, below))
    .sort()
    .flatMap((entry) => {
      const at = below === '' ? entry : `${below}/${entry}`;
      const full = join(root, at);
      const stat = lstatSync(full);
      if (stat.isDirectory()) return [`${at}/ ${(stat.mode & 0o7777).toString(8)}`, ...listFolder(root, at)];
      const text = stat.isSymbolicLink() ? `->${readlinkSync(full)}` : `=${readFileSync(full, 'utf8')}`;
      return [`${at}${text} ${stat.nlink}`];
    });
}

function merged(parts: readonly (readonly EntryPart[])[]): string[] | undefined {
  try {
    const { tree, show } = stack(...parts);
    const lines = show();
    return [...tree.walk()].map((node, i) => {
      const state = tree.visible(node)?.state;
      return `${lines[i] ?? ''} ${state?.type === 'dir' ? state.mode.toString(8) : tree.namesOf(node).length}`;
    });
  } catch (error) {
    if (error instanceof LaminaError && error.code === 'LAYER_INVALID') return undefined;
    throw error;
  }
}

describe('random layers', () => {
  it('are merged to what the real umoci unpacks, and refused only where it refuses them', () => {
    let compared = 0;
    let paths = 0;
    fc.assert(
      fc.property(layers, (parts) => {
        const theirs = unpacked(parts);
        if (theirs === undefined) return;
        expect(merged(parts)).toEqual(theirs);
        compared++;
        paths += theirs.length;
      }),
      { numRuns: RUNS, seed: 20_260_101 },
    );
    console.log(`umoci: ${compared} of ${RUNS} stacks accepted, ${paths} paths equal`);
    expect(compared).toBeGreaterThan(RUNS / 4);
  });
});
