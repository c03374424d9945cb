import { watchEffect } from 'vue';
import { useI18n } from 'vue-i18n';
import { useSettingsStore } from '../stores/settings';

/** Keeps language and theme of the document as the settings say, live. */
export function useAppearance(): void {
  const settings = useSettingsStore();
  const { locale } = useI18n();
  watchEffect(() => {
    locale.value = settings.language;
    document.documentElement.lang = settings.language;
  });
  watchEffect(() => {
    document.documentElement.classList.toggle('dark', settings.theme === 'dark');
    document.documentElement.classList.toggle('light', settings.theme === 'light');
  });
}
