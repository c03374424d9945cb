/** The images a store in memory begins with: the two samples, and rows enough to look at a full table. */
import type { ImageDetails, LayerRow } from '@contract/views';
import { fakeDir, fakeFile, fakeLayer, fakeLink, type FakeLayer } from './layers';

export interface FakeImage {
  readonly key: string;
  readonly details: ImageDetails;
  readonly layers: readonly FakeLayer[];
}

/** A digest that is made up, but the same for the same seed. */
export function fakeDigest(seed: string): string {
  let state = 2_166_136_261;
  for (const character of seed) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  let hex = '';
  while (hex.length < 64) {
    state = Math.imul(state ^ (state >>> 15), 2_246_822_507) + 1;
    state = (state ^ (state >>> 13)) >>> 0;
    hex += state.toString(16).padStart(8, '0');
  }
  return `sha256:${hex}`;
}

interface ImageRecipe {
  readonly references: readonly string[];
  readonly created: string;
  readonly distribution?: string;
  readonly platform?: string;
  readonly layers: readonly (FakeLayer & { readonly blobSize?: number })[];
}

function layerRow(layer: FakeLayer & { readonly blobSize?: number }, index: number, created: string): LayerRow {
  const content = [...layer.entries.values()].reduce((sum, entry) => sum + entry.size, 0);
  return {
    number: index + 1,
    digest: fakeDigest(`${layer.createdBy}-blob`),
    diffId: fakeDigest(`${layer.createdBy}-tar`),
    blobSize: layer.blobSize ?? Math.round(content * 0.45) + 512,
    createdBy: layer.createdBy,
    created,
    comment: undefined,
    sharedWith: index === 0 && layer.createdBy.includes('debian') ? 2 : 0,
  };
}

/** An image with its details from its layers. */
export function fakeImage(recipe: ImageRecipe): FakeImage {
  const layerRows = recipe.layers.map((layer, index) => layerRow(layer, index, recipe.created));
  const size = layerRows.reduce((sum, row) => sum + row.blobSize, 0);
  const shared = layerRows.filter((row) => row.sharedWith > 0).reduce((sum, row) => sum + row.blobSize, 0);
  const seed = recipe.references[0] ?? recipe.created;
  const details: ImageDetails = {
    key: fakeDigest(seed),
    id: fakeDigest(`${seed}-config`),
    references: recipe.references,
    platform: recipe.platform ?? 'linux/amd64',
    created: recipe.created,
    layers: layerRows.length,
    size,
    uniqueSize: size - shared,
    distribution: recipe.distribution,
    layerRows,
    author: 'The Lamina maintainers',
    command: ['/bin/sh'],
    entrypoint: [],
    env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    workingDir: '/',
    user: '',
    exposedPorts: [],
    volumes: [],
    labels: [['org.opencontainers.image.title', seed]],
  };
  return { key: details.key, details, layers: recipe.layers };
}

/** The textbook's own example: three layers, seven writings, six files seen from outside. */
export function textbookImage(): FakeImage {
  const file = (n: number, version = 1): ReturnType<typeof fakeFile> =>
    fakeFile(`file${n}`, `File ${n}, version ${version}.\n`);
  return fakeImage({
    references: ['lamina/textbook:latest'],
    created: '2025-03-04T09:26:53Z',
    layers: [
      fakeLayer('ADD file1 file2 file3 /', [file(1), file(2), file(3)]),
      fakeLayer('ADD file4 file5 file6 /', [file(4), file(5), file(6)]),
      fakeLayer('ADD file7 file5 / # file5 is newer, file3 is gone', [file(7), file(5, 2)], ['file3']),
    ],
  });
}

const OS_RELEASE =
  'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n';

function debianEntries(): ReturnType<typeof fakeFile>[] {
  const libraries = Array.from({ length: 140 }, (_, i) =>
    fakeFile(
      `usr/lib/x86_64-linux-gnu/lib${String.fromCharCode(97 + (i % 26))}${i}.so.${i % 7}`,
      '',
      40_000 + i * 7919,
    ),
  );
  return [
    fakeFile('etc/os-release', OS_RELEASE),
    fakeFile(
      'etc/passwd',
      'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
    ),
    fakeFile('etc/app.conf', '# defaults\nport = 8080\nlog = info\n'),
    fakeFile('usr/bin/bash', '', 1_265_648),
    fakeFile('usr/bin/ls', '', 151_344),
    fakeLink('bin', 'usr/bin'),
    fakeFile('var/log/old.log', 'start\nstop\n', 209_715_200),
    fakeDir('tmp'),
    ...libraries,
  ];
}

/** Its story: a Linux base, a Python package on it, a security patch on that. */
export function storyImage(): FakeImage {
  return fakeImage({
    references: ['lamina/story:1.0', 'lamina/story:latest'],
    created: '2025-05-12T17:03:11Z',
    distribution: 'Debian GNU/Linux 12 (bookworm)',
    layers: [
      { ...fakeLayer('ADD debian-rootfs.tar / # debian base', debianEntries()), blobSize: 78_400_000 },
      fakeLayer('RUN apt-get install -y ca-certificates', [fakeFile('etc/ssl/certs/ca-certificates.crt', '', 213_777)]),
      fakeLayer('RUN pip install requests', [
        fakeFile('usr/bin/python3', '', 6_831_736),
        fakeFile(
          'usr/lib/python3/site-packages/requests/__init__.py',
          '"""HTTP for people."""\n__version__ = "2.30.0"\n',
        ),
        fakeFile('usr/lib/python3/site-packages/requests/api.py', 'def get(url):\n    return request("get", url)\n'),
      ]),
      fakeLayer(
        'RUN pip install requests==2.32.4 # CVE-2024-47081',
        [
          fakeFile(
            'usr/lib/python3/site-packages/requests/__init__.py',
            '"""HTTP for people."""\n__version__ = "2.32.4"\n',
          ),
          fakeFile('etc/app.conf', '# hardened\nport = 8443\nlog = warning\n'),
        ],
        ['var/log/old.log'],
      ),
    ],
  });
}

const NAMES = ['nginx', 'redis', 'postgres', 'node', 'golang', 'alpine', 'debian', 'registry.example.com/team/api'];

/** Further images, as many as asked for, all different. */
export function manyImages(count: number): FakeImage[] {
  return Array.from({ length: count }, (_, i) => {
    const name = NAMES[i % NAMES.length] ?? 'image';
    const version = `${1 + (i % 9)}.${i % 31}.${i}`;
    const day = new Date(Date.UTC(2025, 6, 1) - i * 7_777_777_0).toISOString();
    return fakeImage({
      references: i % 11 === 5 ? [] : [`${name}:${version}`, ...(i % 7 === 0 ? [`${name}:latest-${i}`] : [])],
      created: day,
      platform: i % 5 === 3 ? 'linux/arm64/v8' : 'linux/amd64',
      layers: Array.from({ length: 1 + (i % 12) }, (__, l) => ({
        ...fakeLayer(l === 0 ? 'ADD debian-rootfs.tar /' : `RUN step ${l} of ${name} ${version}`, [
          fakeFile(`opt/${name.replace(/\W/g, '-')}/part-${l}`, '', 100_000 * (l + 1)),
        ]),
        blobSize: 2_000_000 + ((i * 7_919 + l * 104_729) % 90_000_000),
      })),
    });
  });
}
