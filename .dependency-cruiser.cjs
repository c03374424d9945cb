/** Which way the arrows go (docs/architecture.md). `npm run arrows` fails on one that goes the other way. */
const engineRooms = {
  // room: what it may import inside the engine, besides itself and the rooms open to all
  digest: [],
  tar: [],
  store: ['digest'],
  layer: ['store', 'digest'],
  union: ['layer', 'store', 'digest'],
  image: ['union', 'layer', 'store', 'digest'],
  container: ['image', 'union', 'layer', 'store', 'digest'],
  archive: ['container', 'image', 'union', 'layer', 'store', 'digest'],
  browse: ['container', 'image', 'union', 'layer', 'store', 'digest'],
  path: [],
};
const openToAll = ['tar', 'path'];

const roomRules = Object.entries(engineRooms).map(([room, may]) => {
  const allowed = [room, ...may, ...(room === 'path' ? [] : openToAll.filter((r) => r !== room || r === 'path'))];
  return {
    name: `engine-${room}`,
    comment: `engine/${room} may import only: ${allowed.join(', ')}, errors, options`,
    severity: 'error',
    from: { path: `^src-main/engine/${room}/` },
    to: {
      path: '^src-main/engine/',
      pathNot: `^src-main/engine/(errors|options)\\.ts$|^src-main/engine/(${allowed.join('|')})/`,
    },
  };
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'engine-is-plain-node',
      comment: 'The engine knows neither Electron nor the window nor the IPC.',
      severity: 'error',
      from: { path: '^src-main/engine/' },
      to: { path: '^src-main/(app|ipc|cli)/|^src-renderer/|^node_modules/(electron|vue|pinia)/' },
    },
    {
      name: 'engine-has-one-door',
      comment: 'Outside the engine only engine/index.ts is imported.',
      severity: 'error',
      from: { path: '^src-main/(app|ipc|cli)/' },
      to: { path: '^src-main/engine/', pathNot: '^src-main/engine/index\\.ts$' },
    },
    {
      name: 'contract-is-a-leaf',
      severity: 'error',
      from: { path: '^src-main/ipc/contract/' },
      to: { pathNot: '^src-main/ipc/contract/|^node_modules/zod/' },
    },
    {
      name: 'ipc-knows-no-app',
      severity: 'error',
      from: { path: '^src-main/ipc/' },
      to: { path: '^src-main/(app|cli)/|^src-renderer/' },
    },
    {
      name: 'handlers-know-no-electron',
      severity: 'error',
      from: { path: '^src-main/ipc/(handlers|jobs)/' },
      to: { path: '^node_modules/electron/' },
    },
    {
      name: 'cli-uses-the-engine-only',
      severity: 'error',
      from: { path: '^src-main/cli/' },
      to: { path: '^src-main/(app|ipc)/|^src-renderer/' },
    },
    {
      name: 'renderer-imports-the-contract-only',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { path: '^src-main/', pathNot: '^src-main/ipc/contract/' },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'components-know-no-store',
      severity: 'error',
      from: { path: '^src-renderer/components/' },
      to: { path: '^src-renderer/(stores|api|views)/' },
    },
    {
      name: 'stores-use-the-api',
      severity: 'error',
      from: { path: '^src-renderer/stores/' },
      to: { path: '^src-renderer/(components|views)/' },
    },
    {
      name: 'bridge-behind-the-api',
      severity: 'error',
      from: { path: '^src-renderer/(views|components|composables)/' },
      to: { path: '^src-renderer/api/' },
    },
    {
      name: 'merge-is-pure',
      comment: 'The merge sees indexes, not disks.',
      severity: 'error',
      from: { path: '^src-main/engine/union/' },
      to: { path: '^src-main/engine/store/|^(node:)?(fs|fs/promises)$' },
    },
    ...roomRules,
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.renderer.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist)/' },
    enhancedResolveOptions: { extensions: ['.ts', '.vue', '.json', '.js', '.mjs', '.cjs'] },
  },
};
