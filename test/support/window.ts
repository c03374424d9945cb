/** Mounts parts of the window over a store in memory. */
import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import type { Component } from 'vue';
import { createMemoryHistory, createRouter, RouterView, type Router } from 'vue-router';
import { connectBridge } from '../../src-renderer/api/bridge';
import { createFakeBridge } from '../../src-renderer/api/fake-bridge';
import { createWindowI18n } from '../../src-renderer/locales';

export type FakeBridge = ReturnType<typeof createFakeBridge>;

/** A new store in memory behind the window's api, and a new Pinia. */
export function connectStore(options: Parameters<typeof createFakeBridge>[0] = {}): FakeBridge {
  const bridge = createFakeBridge(options);
  connectBridge(bridge);
  setActivePinia(createPinia());
  return bridge;
}

export interface MountedWindow {
  readonly wrapper: VueWrapper;
  readonly router: Router;
  /** An element by its test selector. Throws when it is not there. */
  readonly find: (testid: string) => HTMLElement;
  readonly all: (testid: string) => HTMLElement[];
}

// happy-dom lays nothing out, so a virtual list would see no height and draw no row.
function giveHeight(): void {
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 600 });
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 1000 });
}

/** Mounts a component with everything the window gives it. Call `connectStore` first when it uses a store. */
export async function mountInWindow(
  /** A component; a generic one is a function that fits no narrower type. */
  component: object,
  props: Record<string, unknown> = {},
  language: 'en' | 'zh-CN' = 'en',
  /** For a page: its pattern, and the address it is opened at. */
  route?: { readonly path: string; readonly at: string },
): Promise<MountedWindow> {
  giveHeight();
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      ...(route === undefined ? [] : [{ path: route.path, component: component as Component }]),
      { path: '/:rest(.*)*', component: { template: '<i />' } },
    ],
  });
  if (route !== undefined) await router.push(route.at);
  const wrapper = mount(route === undefined ? (component as Component) : RouterView, {
    props,
    attachTo: document.body,
    global: { plugins: [createWindowI18n(language), router, ui] },
  });
  await flushPromises();
  const all = (testid: string): HTMLElement[] => [
    ...document.querySelectorAll<HTMLElement>(`[data-testid="${testid}"]`),
  ];
  const find = (testid: string): HTMLElement => {
    const [element] = all(testid);
    if (element === undefined) throw new Error(`there is no ${testid} in ${document.body.innerHTML.slice(0, 500)}`);
    return element;
  };
  return { wrapper, router, find, all };
}
