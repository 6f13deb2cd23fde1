import { useLocalStorage, useMediaQuery, usePreferredDark } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, watch } from 'vue';
import { isZone } from '../model/time-zone.ts';

export const themes = ['system', 'dark', 'light'] as const;
export type Theme = (typeof themes)[number];

const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** How this browser likes to see things; kept in the browser. */
export const usePreferencesStore = defineStore('preferences', () => {
  const theme = useLocalStorage<Theme>('troth.theme', 'system');
  /** An IANA name, or `own` for the zone of the browser. */
  const zoneChoice = useLocalStorage('troth.zone', 'own');
  const prefersDark = usePreferredDark();
  /** Paper is light, and shows instants rather than ages. */
  const isPrinting = useMediaQuery('print');
  const isDark = computed(() => {
    if (isPrinting.value) return false;
    return theme.value === 'dark' || theme.value === 'light' ? theme.value === 'dark' : prefersDark.value;
  });
  const zone = computed(() => (isZone(zoneChoice.value) ? zoneChoice.value : ownZone()));

  watch(isDark, (dark) => (document.documentElement.dataset['theme'] = dark ? 'dark' : 'light'), { immediate: true });

  return { theme, isDark, isPrinting, zone, zoneChoice, ownZone: ownZone() };
});
