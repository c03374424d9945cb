import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { createFormat, type Format } from './format';

/** The format of the language in use; follows it when it is switched. */
export function useFormat(): ComputedRef<Format> {
  const { locale } = useI18n();
  return computed(() => createFormat(locale.value));
}
