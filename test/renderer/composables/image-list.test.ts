import type { ImageRow } from '@contract/views';
import { describe, expect, it } from 'vitest';
import {
  filterImages,
  imageLabel,
  shortId,
  sortImages,
  splitReference,
  uniqueBytes,
} from '../../../src-renderer/composables/image-list';

function row(references: readonly string[], more: Partial<ImageRow> = {}): ImageRow {
  return {
    key: `sha256:${references.join('')}`,
    id: 'sha256:0123456789abcdef',
    references,
    platform: 'linux/amd64',
    created: '2025-01-01T00:00:00Z',
    layers: 1,
    size: 10,
    uniqueSize: 5,
    ...more,
  };
}

describe('a reference', () => {
  it.each([
    ['nginx', 'nginx', undefined],
    ['nginx:1.25', 'nginx', '1.25'],
    ['localhost:5000/app', 'localhost:5000/app', undefined],
    ['localhost:5000/team/app:2', 'localhost:5000/team/app', '2'],
    ['app@sha256:ab', 'app', 'sha256:ab'],
  ])('%s is the name %s with the tag %s', (reference, name, tag) => {
    expect(splitReference(reference)).toEqual({ name, tag });
  });
});

it('shortens a digest as Docker does', () => {
  expect(shortId('sha256:0123456789abcdef')).toBe('0123456789ab');
  expect(imageLabel(row([]))).toBe('0123456789ab');
});

it('finds images that have every word in a name, the platform or the ID', () => {
  const rows = [row(['team/api:1']), row(['team/web:1'], { platform: 'linux/arm64' }), row([], { id: 'sha256:feed' })];
  expect(filterImages(rows, 'TEAM arm')).toEqual([rows[1]]);
  expect(filterImages(rows, 'feed')).toEqual([rows[2]]);
  expect(filterImages(rows, '  ')).toBe(rows);
});

describe('order', () => {
  it('counts numbers in names as numbers, and puts untagged images last', () => {
    const rows = [row([], { id: 'sha256:00' }), row(['app:10']), row(['app:9'])];
    expect(sortImages(rows, { by: 'name', descending: false }).map((r) => r.references[0])).toEqual([
      'app:9',
      'app:10',
      undefined,
    ]);
  });

  it('is by name among equals, whichever way it goes', () => {
    const rows = [row(['b'], { size: 1 }), row(['a'], { size: 1 }), row(['c'], { size: 2 })];
    expect(sortImages(rows, { by: 'size', descending: true }).map((r) => r.references[0])).toEqual(['c', 'a', 'b']);
  });
});

it('adds up what only these images have', () => {
  expect(uniqueBytes([row(['a']), row(['b'], { uniqueSize: 7 })])).toBe(12);
});
