import ui from '@nuxt/ui/vue-plugin';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { connectBridge, hasPreload } from './api/bridge';
import { createWindowI18n } from './locales';
import { createWindowRouter } from './router';
import { useSettingsStore } from './stores/settings';
import './styles/main.css';

async function start(): Promise<void> {
  // A plain browser (development, screenshots) has no preload; the production bundle drops this branch.
  if ((import.meta.env.DEV || import.meta.env.MODE === 'fake') && !hasPreload()) {
    const { createFakeBridge } = await import('./api/fake-bridge');
    connectBridge(createFakeBridge());
  }
  const app = createApp(App);
  app.use(createPinia());
  const settings = useSettingsStore();
  await settings.start();
  app.use(createWindowI18n(settings.language));
  app.use(createWindowRouter());
  app.use(ui);
  app.mount('#app');
}

void start();
