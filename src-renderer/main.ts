import ui from '@nuxt/ui/vue-plugin';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { connectBridge, hasPreload } from './api/bridge';
import { createWindowI18n } from './locales';
import { createWindowRouter } from './router';
import { useSettingsStore } from './stores/settings';
import './styles/main.css';

/** A plain browser (development, screenshots) has no preload; the production bundle drops this branch. */
async function connectFakeBridge(): Promise<void> {
  if ((import.meta.env.DEV || import.meta.env.MODE === 'fake') && !hasPreload()) {
    const { createFakeBridge, fakeOptionsFrom } = await import('./api/fake-bridge');
    connectBridge(createFakeBridge(fakeOptionsFrom(location.search)));
  }
}

async function start(): Promise<void> {
  await connectFakeBridge();
  const app = createApp(App);
  app.use(createPinia());
  // Language and theme must be known before the first word is drawn.
  const settings = useSettingsStore();
  await settings.start().catch(() => undefined);
  app.use(createWindowI18n(settings.language));
  app.use(createWindowRouter());
  app.use(ui);
  app.mount('#app');
}

void start();
