import type { AppInfo, EffectiveSettings, LanguageChoice, ThemeChoice } from '@contract/views';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { call, on } from '../api/bridge';

/** A mirror of main's settings, with facts about the app. */
export const useSettingsStore = defineStore('settings', () => {
  const settings = shallowRef<EffectiveSettings>();
  const info = shallowRef<AppInfo>();

  const language = computed(() => settings.value?.effectiveLanguage ?? 'en');
  const theme = computed(() => settings.value?.effectiveTheme ?? 'light');

  /** Loads both and follows changes from now on. */
  async function start(): Promise<void> {
    on('settings.changed', (changed) => (settings.value = changed));
    [settings.value, info.value] = await Promise.all([call('settings.get'), call('app.info')]);
  }

  async function setLanguage(value: LanguageChoice): Promise<void> {
    settings.value = await call('settings.set', { language: value });
  }

  async function setTheme(value: ThemeChoice): Promise<void> {
    settings.value = await call('settings.set', { theme: value });
  }

  async function setAuthor(value: string): Promise<void> {
    settings.value = await call('settings.set', { author: value });
  }

  /** Opens the system's folder dialog; the settings stay as they are when it is cancelled. */
  async function chooseStore(): Promise<void> {
    settings.value = await call('settings.chooseStore');
    info.value = await call('app.info');
  }

  return { settings, info, language, theme, start, setLanguage, setTheme, setAuthor, chooseStore };
});
