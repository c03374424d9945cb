import { createRouter, createWebHashHistory, type RouteLocationNormalized, type Router } from 'vue-router';
import ActivityView from './views/ActivityView.vue';
import ContainersView from './views/ContainersView.vue';
import ImagesView from './views/ImagesView.vue';
import SettingsView from './views/SettingsView.vue';

declare module 'vue-router' {
  interface RouteMeta {
    /** The sidebar entry that is lit on this page. */
    readonly section?: 'images' | 'containers' | 'activity' | 'settings';
  }
}

const IMAGE_KEY = /^sha256:[0-9a-f]{64}$/;
const CONTAINER_ID = /^[0-9a-f]{32}$/;

/** Sends an address that names no image or container back to its list, whoever wrote it. */
function checkParameter(pattern: RegExp, name: string, list: string) {
  return (to: RouteLocationNormalized): true | string => {
    const value = to.params[name];
    return typeof value === 'string' && pattern.test(value) ? true : list;
  };
}

/** The pages of the window. */
export function createWindowRouter(): Router {
  return createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', redirect: '/images' },
      { path: '/images', name: 'images', component: ImagesView, meta: { section: 'images' } },
      {
        path: '/images/:key/:tab(explore|history|inspect)?',
        name: 'image',
        component: () => import('./views/ImageView.vue'),
        meta: { section: 'images' },
        beforeEnter: checkParameter(IMAGE_KEY, 'key', '/images'),
      },
      { path: '/containers', name: 'containers', component: ContainersView, meta: { section: 'containers' } },
      {
        path: '/containers/:id',
        name: 'container',
        component: () => import('./views/ContainerView.vue'),
        meta: { section: 'containers' },
        beforeEnter: checkParameter(CONTAINER_ID, 'id', '/containers'),
      },
      { path: '/activity', name: 'activity', component: ActivityView, meta: { section: 'activity' } },
      { path: '/settings', name: 'settings', component: SettingsView, meta: { section: 'settings' } },
      { path: '/:rest(.*)*', redirect: '/images' },
    ],
  });
}
