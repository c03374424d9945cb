import vue from '@vitejs/plugin-vue';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const contract = { '@contract': resolve(import.meta.dirname, 'src-main/ipc/contract') };

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias: contract },
        test: {
          name: 'main',
          environment: 'node',
          include: ['test/{engine,ipc,cli,app,security,architecture,scripts}/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        plugins: [vue()],
        resolve: { alias: contract },
        test: {
          name: 'renderer',
          environment: 'happy-dom',
          include: ['test/renderer/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        // Needs root, a Docker daemon of its own and the large corpus: run by .ci/run, not by `npm test`.
        test: {
          name: 'conformance',
          environment: 'node',
          include: ['test/conformance/**/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
