import { describe, expect, it } from 'vitest';
import { goJson, goTime, sortedMap } from '../../../src-main/engine/image/go-json';
import { historyRows } from '../../../src-main/engine/image/history';
import { inspectImage } from '../../../src-main/engine/image/inspect';
import { findImage } from '../../../src-main/engine/image/load';
import type { Image } from '../../../src-main/engine/image/types';
import { openStore } from '../../../src-main/engine/store/open-store';
import { image, ociFiles, someLayers, unpack } from '../../support/image-builder';
import { tempFolder } from '../../support/temp-folder';

async function imageWith(config: Readonly<Record<string, unknown>>, tags: readonly string[] = ['x:1']): Promise<Image> {
  const files = ociFiles([image(someLayers(), { tags, config })]);
  return findImage(await openStore(await unpack(files, await tempFolder('inspect'))), tags[0] ?? '');
}

const TOP_20_10 = [
  ...['Id', 'RepoTags', 'RepoDigests', 'Parent', 'Comment', 'Created', 'Container', 'ContainerConfig'],
  ...[
    'DockerVersion',
    'Author',
    'Config',
    'Architecture',
    'Os',
    'Size',
    'VirtualSize',
    'GraphDriver',
    'RootFS',
    'Metadata',
  ],
];

describe('inspect', () => {
  it('has Docker’s fields in Docker’s order', async () => {
    const built = await imageWith({ created: '2024-05-01T10:00:00.120000000Z' });
    const old = inspectImage(built, 7, 'docker-20.10');
    expect(Object.keys(old)).toEqual(TOP_20_10);
    expect(old).toMatchObject({ Size: 7, VirtualSize: 7, Created: '2024-05-01T10:00:00.12Z', RepoTags: ['x:1'] });
    expect(Object.keys(inspectImage(built, 7))).toEqual(TOP_20_10.filter((field) => field !== 'VirtualSize'));
  });

  it('has every field of a container config, also when the image says little', async () => {
    const { Config, ContainerConfig } = inspectImage(await imageWith({ config: { Env: ['A=b'] } }), 0);
    const fields = [
      ...[
        'Hostname',
        'Domainname',
        'User',
        'AttachStdin',
        'AttachStdout',
        'AttachStderr',
        'Tty',
        'OpenStdin',
        'StdinOnce',
      ],
      ...['Env', 'Cmd', 'Image', 'Volumes', 'WorkingDir', 'Entrypoint', 'OnBuild', 'Labels'],
    ];
    expect(Object.keys(Config as object)).toEqual(fields);
    expect(Object.keys(ContainerConfig as object)).toEqual(fields);
    expect(Config).toMatchObject({ Env: ['A=b'], Cmd: null, User: '', Tty: false, Labels: null });
  });

  it('leaves optional fields in their place and maps in the order of their keys', async () => {
    const config = {
      Shell: ['/bin/sh'],
      Labels: { b: '2', a: '1', Z: '0' },
      ExposedPorts: { '80/tcp': {} },
      StopSignal: 'SIGTERM',
      Healthcheck: { Test: ['NONE'] },
    };
    const { Config } = inspectImage(await imageWith({ config }), 0) as { Config: Record<string, object> };
    const order = Object.keys(Config).filter((field) => field in config);
    expect(order).toEqual(['ExposedPorts', 'Healthcheck', 'Labels', 'StopSignal', 'Shell']);
    expect(Object.keys(Config['Labels'] ?? {})).toEqual(['Z', 'a', 'b']);
  });

  it('takes the comment of the last step when the image has none', async () => {
    const history = [{ comment: 'first' }, { comment: 'last' }];
    expect(inspectImage(await imageWith({ history }), 0)['Comment']).toBe('last');
    expect(inspectImage(await imageWith({ history, comment: 'own' }), 0)['Comment']).toBe('own');
  });

  it('says that it does not know when an image was made, each Docker in its way', async () => {
    const built = await imageWith({ config: null });
    expect(inspectImage(built, 0, 'docker-20.10')['Created']).toBe('0001-01-01T00:00:00Z');
    expect(inspectImage(built, 0)).not.toHaveProperty('Created');
    expect(inspectImage(built, 0)['Config']).toBeNull();
  });
});

describe('Go’s JSON', () => {
  it('is written as Go writes it', () => {
    const value = {
      html: '<&>',
      control: '\b\f\n\t\u0001',
      line: '\u2028',
      path: '\\b',
      none: [],
      empty: {},
      list: [1, { a: null }],
    };
    expect(goJson(value)).toBe(
      [
        '{',
        '    "html": "<&>",',
        '    "control": "\\u0008\\u000c\\n\\t\\u0001",',
        '    "line": "\\u2028",',
        '    "path": "\\\\b",',
        '    "none": [],',
        '    "empty": {},',
        '    "list": [',
        '        1,',
        '        {',
        '            "a": null',
        '        }',
        '    ]',
        '}',
      ].join('\n'),
    );
  });

  it('has map keys in the order of their bytes, numbers too', () => {
    const labels = sortedMap({ b: 0, '2': 0, '10': 0, a: 0, é: 0, Z: 0 });
    expect(goJson(labels).match(/"[^"]+"/g)).toEqual(['"10"', '"2"', '"Z"', '"a"', '"b"', '"é"']);
  });

  it.each([
    ['2024-05-01T10:00:00Z', '2024-05-01T10:00:00Z'],
    ['2024-05-01T10:00:00.100Z', '2024-05-01T10:00:00.1Z'],
    ['2024-05-01T10:00:00.000000000Z', '2024-05-01T10:00:00Z'],
    ['2024-05-01T10:00:00.123456789+02:00', '2024-05-01T10:00:00.123456789+02:00'],
    ['2024-05-01T10:00:00+00:00', '2024-05-01T10:00:00Z'],
    ['2024-05-01T10:00:00.5-07:30', '2024-05-01T10:00:00.5-07:30'],
  ])('prints the time %s as %s', (time, printed) => {
    expect(goTime(time)).toBe(printed);
  });
});

describe('history', () => {
  it('pairs the nth entry with a layer with the nth layer, from the bottom', async () => {
    const history = [{ created_by: 'a' }, { created_by: 'b', empty_layer: true }, { created_by: 'c' }];
    const rows = historyRows(await imageWith({ history }), [10, 20]);
    expect(rows.map((row) => [row.created_by, row.layer, row.size])).toEqual([
      ['a', 0, 10],
      ['b', undefined, 0],
      ['c', 1, 20],
    ]);
  });

  it('has a row for layers that no entry tells of', async () => {
    const rows = historyRows(await imageWith({ history: [] }), [10, 20]);
    expect(rows).toEqual([
      { layer: 0, size: 10 },
      { layer: 1, size: 20 },
    ]);
  });
});
