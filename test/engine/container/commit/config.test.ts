import { describe, expect, it } from 'vitest';
import { committedConfig, type CommitFacts } from '../../../../src-main/engine/container/commit/config';
import { digestOf } from '../../../../src-main/engine/digest/digest';
import type { ImageConfig } from '../../../../src-main/engine/image/types';

const [LAYER_1, LAYER_2, NEW] = [digestOf('1'), digestOf('2'), digestOf('new')];
const PARENT: ImageConfig = {
  architecture: 'arm',
  variant: 'v7',
  os: 'linux',
  'os.features': ['x'],
  created: '2001-01-01T00:00:00Z',
  author: 'somebody else',
  comment: 'an old message',
  docker_version: '20.10',
  container: 'ab',
  container_config: { Cmd: ['x'] },
  'moby.buildkit.cache.v0': 'kept',
  config: { Env: ['A=1'], Hostname: 'abc', Image: 'x', AttachStdout: true, Unknown: { kept: true } },
  rootfs: { type: 'layers', diff_ids: [LAYER_1, LAYER_2] },
  history: [{ created_by: 'one' }, { created_by: 'env', empty_layer: true }, { created_by: 'two' }],
};
const FACTS: CommitFacts = {
  created: new Date('2024-05-06T07:08:09.120Z'),
  author: 'An author',
  message: 'why',
  changes: ["ENV B='it'"],
  diffId: NEW,
};

describe('the config of a committed image', () => {
  it('is the parent’s with the changes and without what is about a container', () => {
    expect(committedConfig(PARENT, FACTS)).toEqual({
      architecture: 'arm',
      variant: 'v7',
      os: 'linux',
      'os.features': ['x'],
      'moby.buildkit.cache.v0': 'kept',
      created: '2024-05-06T07:08:09.12Z',
      author: 'An author',
      config: { Env: ['A=1', 'B=it'], Unknown: { kept: true } },
      rootfs: { type: 'layers', diff_ids: [LAYER_1, LAYER_2, NEW] },
      history: [
        ...(PARENT.history ?? []),
        {
          created: '2024-05-06T07:08:09.12Z',
          created_by: "lamina commit -c 'ENV B='\\''it'\\'''",
          author: 'An author',
          comment: 'why',
        },
      ],
    });
  });

  it('without a new layer has an empty history entry', () => {
    const config = committedConfig(PARENT, { ...FACTS, diffId: undefined, author: undefined, message: undefined });
    expect(config.rootfs.diff_ids).toEqual([LAYER_1, LAYER_2]);
    expect(config.author).toBeUndefined();
    expect(config.history?.at(-1)).toEqual({
      created: '2024-05-06T07:08:09.12Z',
      created_by: "lamina commit -c 'ENV B='\\''it'\\'''",
      empty_layer: true,
    });
  });

  it('fills a history that is too short, so that the new entry belongs to the new layer', () => {
    const config = committedConfig({ ...PARENT, history: undefined, config: null }, { ...FACTS, changes: [] });
    const withLayer = config.history?.filter((entry) => entry.empty_layer !== true) ?? [];
    expect(withLayer).toHaveLength(3);
    expect(withLayer.at(-1)).toMatchObject({ comment: 'why', created_by: 'lamina commit' });
  });

  it('writes whole seconds as Go does', () => {
    const config = committedConfig(PARENT, { ...FACTS, created: new Date(1_000_000_000_000) });
    expect(config.created).toBe('2001-09-09T01:46:40Z');
  });
});
