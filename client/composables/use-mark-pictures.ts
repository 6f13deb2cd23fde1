import { computed, type ComputedRef } from 'vue';
import { markPictures } from '../model/mark-pictures.ts';
import { readTokens } from '../model/tokens.ts';
import { usePreferencesStore } from '../stores/preferences.store.ts';

/** A style for what is around tiles that show their mark alone: its pictures, in the colours of the theme. */
export function useMarkPictures(): ComputedRef<Record<string, string>> {
  const preferences = usePreferencesStore();
  return computed(() => markPictures(readTokens(preferences.isDark).colours));
}
