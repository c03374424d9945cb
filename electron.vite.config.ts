import { resolve } from 'node:path';
import { defineConfig } from 'electron-vite';
import { CHROME_TARGET, rendererAlias, rendererDefine, rendererPlugins } from './vite.renderer.config';

const root = import.meta.dirname;

/** Electron 25 runs Node 18.15 and Chromium 114; everything newer runs this output too. */
const NODE_TARGET = 'node18.15';

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: NODE_TARGET,
      // Everything but Electron is bundled, so that a package needs no node_modules.
      externalizeDeps: false,
      rolldownOptions: {
        input: {
          index: resolve(root, 'src-main/app/main.ts'),
          lamina: resolve(root, 'src-main/cli/main.ts'),
          'engine-thread': resolve(root, 'src-main/ipc/engine-thread.ts'),
          'layer-worker': resolve(root, 'src-main/engine/layer/worker-entry.ts'),
        },
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: NODE_TARGET,
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: resolve(root, 'src-main/ipc/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    resolve: { alias: rendererAlias },
    define: rendererDefine,
    plugins: rendererPlugins(),
    build: {
      outDir: 'out/renderer',
      target: CHROME_TARGET,
      rolldownOptions: { input: resolve(root, 'src-renderer/index.html') },
    },
  },
});
