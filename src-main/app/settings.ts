/** The user's settings: a small JSON file, read once, written atomically. What is missing or odd in it falls back to the default. */
import { z } from 'zod';
import type { EffectiveSettings, Settings } from '../ipc/contract/views';
import { readJson, writeJson } from './atomic-json';

/** What the file holds: settings of the contract, and what only main remembers. */
export interface StoredSettings extends Settings {
  /** The notice that jobs go on after the window was closed has been given. */
  readonly backgroundNoticeShown: boolean;
}

export interface SystemPreferences {
  /** Locale of the system, as `zh-CN` or `en-US`. */
  readonly locale: string;
  readonly dark: boolean;
}

export class SettingsStore {
  readonly #file: string;
  readonly #system: () => SystemPreferences;
  #storeOverride: string | undefined;
  #stored: StoredSettings;

  /** @param options.storeOverride store folder for this run only (LAMINA_STORE) */
  constructor(
    file: string,
    options: {
      readonly defaultStoreDir: string;
      readonly storeOverride?: string | undefined;
      readonly system: () => SystemPreferences;
    },
  ) {
    this.#file = file;
    this.#system = options.system;
    this.#storeOverride = options.storeOverride;
    this.#stored = schema(options.defaultStoreDir).parse(readJson(file) ?? {});
  }

  get stored(): StoredSettings {
    return this.#stored;
  }

  get storeDir(): string {
    return this.#storeOverride ?? this.#stored.storeDir;
  }

  effective(): EffectiveSettings {
    const { language, theme, author } = this.#stored;
    const system = this.#system();
    const systemLanguage = /^zh\b/i.test(system.locale) ? 'zh-CN' : 'en';
    const systemTheme = system.dark ? 'dark' : 'light';
    return {
      language,
      theme,
      author,
      storeDir: this.storeDir,
      effectiveLanguage: language === 'system' ? systemLanguage : language,
      effectiveTheme: theme === 'system' ? systemTheme : theme,
    };
  }

  /** From now on and in later runs; a store given for this run only counts no more. */
  chooseStore(storeDir: string): EffectiveSettings {
    this.#storeOverride = undefined;
    return this.change({ storeDir });
  }

  /** What is undefined stays as it is. */
  change(change: { readonly [K in keyof StoredSettings]?: StoredSettings[K] | undefined }): EffectiveSettings {
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    this.#stored = { ...this.#stored, ...(Object.fromEntries(given) as Partial<StoredSettings>) };
    writeJson(this.#file, this.#stored);
    return this.effective();
  }
}

function schema(defaultStoreDir: string): z.ZodType<StoredSettings> {
  const fields = z.object({
    language: z.enum(['system', 'en', 'zh-CN']).catch('system'),
    theme: z.enum(['system', 'light', 'dark']).catch('system'),
    storeDir: z.string().min(1).catch(defaultStoreDir),
    author: z.string().max(512).catch(''),
    backgroundNoticeShown: z.boolean().catch(false),
  });
  return fields.catch(() => fields.parse({}));
}
