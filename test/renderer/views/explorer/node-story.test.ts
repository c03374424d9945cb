import type { NodeDetails, VersionView } from '@contract/views';
import { describe, expect, it } from 'vitest';
import { nodeStory } from '../../../../src-renderer/views/explorer/node-story';

function version(layer: number, endLayer?: number): VersionView {
  return {
    layer,
    type: 'file',
    size: 1,
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: '2025-01-01T00:00:00Z',
    sha256: undefined,
    createdBy: undefined,
    endLayer,
    endReason: endLayer === undefined ? undefined : 'replaced',
  };
}

function details(versions: readonly VersionView[], ghost = false): NodeDetails {
  return {
    path: 'a',
    displayPath: '/a',
    ghost,
    current: versions[0],
    versions,
    linkname: undefined,
    linkPath: undefined,
    hardlinks: [],
    xattrs: [],
    device: undefined,
  };
}

describe('the sentence about a path', () => {
  it('says the layer it is from and how many versions it hides', () => {
    const versions = [version(3), version(2, 3), version(1, 2)];
    expect(nodeStory(details(versions), versions[0], undefined)).toEqual({
      key: 'explorer.story.fromHides',
      values: { layer: 3, count: 2 },
      count: 2,
    });
    expect(nodeStory(details([version(1)]), version(1), undefined)?.key).toBe('explorer.story.from');
  });

  it('says of a folder that layers add up in it', () => {
    const folders = [version(9), version(8, 9), version(1, 8)].map((one) => ({ ...one, type: 'dir' as const }));
    expect(nodeStory(details(folders), folders[0], undefined)).toEqual({
      key: 'explorer.story.merged',
      values: { layer: 9, count: 3 },
      count: 3,
    });
  });

  it('says so when an older version is on show', () => {
    const versions = [version(3), version(2, 3)];
    expect(nodeStory(details(versions), versions[1], undefined)).toMatchObject({
      key: 'explorer.story.older',
      values: { layer: 2 },
    });
  });

  it('says which layer took a ghost away', () => {
    expect(nodeStory(details([version(1, 4)], true), version(1, 4), undefined)).toMatchObject({
      key: 'explorer.story.gone',
      values: { layer: 4 },
    });
    expect(nodeStory(details([version(1, 4)], true), version(1, 4), 4)?.key).toBe('explorer.story.goneInContainer');
  });

  it('names the writable layer for what it is', () => {
    const versions = [version(4), version(1, 4)];
    expect(nodeStory(details(versions), versions[0], 4)?.key).toBe('explorer.story.fromContainerHides');
  });
});
