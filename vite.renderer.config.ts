/**
 * How the window is built. electron.vite.config.ts and vitest.config.ts use it too; alone it serves the window to a
 * plain browser over a store in memory: `npx vite -c vite.renderer.config.ts`.
 */
import { resolve } from 'node:path';
import ui from '@nuxt/ui/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin, type PluginOption } from 'vite';

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

/**
 * Tailwind registers properties without an initial value and reads them as `var(--tw-ring-inset,)`. Chromium before 118
 * does not let an empty fallback stand for a registered property, and drops the whole declaration: rings, transforms and
 * tabular numbers. So these are left unregistered and reset on every element, as Tailwind itself does for old browsers.
 */
function unregisterEmptyProperties(): Plugin {
  const registered = /@property (--tw-[\w-]+)\s*\{\s*syntax:\s*"\*";\s*inherits:\s*false;?\s*\}/g;
  return {
    name: 'lamina:unregister-empty-properties',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const asset of Object.values(bundle)) {
        if (asset.type !== 'asset' || !asset.fileName.endsWith('.css') || typeof asset.source !== 'string') continue;
        const names = new Set([...asset.source.matchAll(registered)].map(([, name]) => name));
        if (names.size === 0) continue;
        const resets = [...names].map((name) => `${name}:initial`).join(';');
        asset.source = `@layer properties{*,:before,:after,::backdrop{${resets}}}${asset.source.replace(registered, '')}`;
      }
    },
  };
}

export function rendererPlugins(): PluginOption[] {
  return [
    vue(),
    unregisterEmptyProperties(),
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
