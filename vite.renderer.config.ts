/**
 * How the window is built. electron.vite.config.ts and vitest.config.ts use it too; alone it serves the window to a
 * plain browser over a store in memory: `npx vite -c vite.renderer.config.ts`.
 */
import { resolve } from 'node:path';
import ui from '@nuxt/ui/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type PluginOption } from 'vite';

const root = import.meta.dirname;

/** Chromium 114 is the oldest that runs Lamina (Electron 25). */
export const CHROME_TARGET = 'chrome114';

export const rendererAlias = { '@contract': resolve(root, 'src-main/ipc/contract') };

/** Switches off what would need `eval` or a network, and what the window does not use. */
export const rendererDefine = {
  __VUE_OPTIONS_API__: 'true',
  __VUE_PROD_DEVTOOLS__: 'false',
  __VUE_I18N_LEGACY_API__: 'false',
  __VUE_I18N_FULL_INSTALL__: 'false',
  __INTLIFY_JIT_COMPILATION__: 'true',
  __INTLIFY_PROD_DEVTOOLS__: 'false',
};

export function rendererPlugins(): PluginOption[] {
  return [
    vue(),
    ui({
      root,
      autoImport: false,
      components: false,
      colorMode: false,
      ui: { colors: { primary: 'ink', neutral: 'graphite' } },
      icon: {
        clientBundle: { scan: { globInclude: ['src-renderer/**/*.{vue,ts}'], globExclude: ['**/node_modules/**'] } },
      },
    }),
  ];
}

export default defineConfig({
  root: 'src-renderer',
  base: './',
  resolve: { alias: rendererAlias },
  define: rendererDefine,
  plugins: rendererPlugins(),
  build: { outDir: '../out/browser', emptyOutDir: true, target: CHROME_TARGET },
});
