import { useLocalStorage, useMediaQuery, usePreferredDark } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, watch } from 'vue';

export const themes = ['system', 'dark', 'light'] as const;
export type Theme = (typeof themes)[number];

const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** How this browser likes to see things; kept in the browser. */
export const usePreferencesStore = defineStore('preferences', () => {
  const theme = useLocalStorage<Theme>('troth.theme', 'system');
  const usesUtc = useLocalStorage('troth.utc', false);
  const prefersDark = usePreferredDark();
  /** Paper is light, and shows instants rather than ages. */
  const isPrinting = useMediaQuery('print');
  const isDark = computed(() => {
    if (isPrinting.value) return false;
    return theme.value === 'dark' || theme.value === 'light' ? theme.value === 'dark' : prefersDark.value;
  });
  const zone = computed(() => (usesUtc.value ? 'UTC' : ownZone()));

  watch(isDark, (dark) => (document.documentElement.dataset['theme'] = dark ? 'dark' : 'light'), { immediate: true });

  return { theme, isDark, isPrinting, zone, usesUtc, ownZone: ownZone() };
});
