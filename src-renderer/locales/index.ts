/**
 * Every word of the window, a file for each area in each language. English is the source; a missing key would show as
 * its name, so a test holds both catalogues equal and every key used.
 */
import type { EffectiveSettings } from '@contract/views';
import { createI18n, type I18n } from 'vue-i18n';
import enContainerList from './en/containerList.json';
import enContainers from './en/containers.json';
import enErrors from './en/errors.json';
import enExplorer from './en/explorer.json';
import enImages from './en/images.json';
import enInspect from './en/inspect.json';
import enJobs from './en/jobs.json';
import enSettings from './en/settings.json';
import enShell from './en/shell.json';
import zhContainerList from './zh-CN/containerList.json';
import zhContainers from './zh-CN/containers.json';
import zhErrors from './zh-CN/errors.json';
import zhExplorer from './zh-CN/explorer.json';
import zhImages from './zh-CN/images.json';
import zhInspect from './zh-CN/inspect.json';
import zhJobs from './zh-CN/jobs.json';
import zhSettings from './zh-CN/settings.json';
import zhShell from './zh-CN/shell.json';

export type Language = EffectiveSettings['effectiveLanguage'];

/** The catalogues by language; a key is `area.name`. */
export const catalogues = {
  en: {
    containerList: enContainerList,
    containers: enContainers,
    errors: enErrors,
    explorer: enExplorer,
    images: enImages,
    inspect: enInspect,
    jobs: enJobs,
    settings: enSettings,
    shell: enShell,
  },
  'zh-CN': {
    containerList: zhContainerList,
    containers: zhContainers,
    errors: zhErrors,
    explorer: zhExplorer,
    images: zhImages,
    inspect: zhInspect,
    jobs: zhJobs,
    settings: zhSettings,
    shell: zhShell,
  },
} as const;

/** The i18n plugin in the language it starts with; `i18n.global.locale` switches it live. */
export function createWindowI18n(
  language: Language,
): I18n<typeof catalogues, Record<string, never>, Record<string, never>, Language, false> {
  return createI18n({
    legacy: false,
    locale: language,
    fallbackLocale: 'en',
    messages: catalogues,
    missingWarn: import.meta.env.DEV,
  });
}
