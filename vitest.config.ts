import { defineConfig } from 'vitest/config';
import { rendererAlias, rendererDefine, rendererPlugins } from './vite.renderer.config';

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias: rendererAlias },
        test: {
          name: 'main',
          environment: 'node',
          include: ['test/{engine,ipc,cli,app,security,architecture,scripts}/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        plugins: rendererPlugins(),
        resolve: { alias: rendererAlias },
        define: rendererDefine,
        test: {
          name: 'renderer',
          environment: 'happy-dom',
          include: ['test/renderer/**/*.test.ts'],
          server: { deps: { inline: ['@nuxt/ui'] } },
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
