import { computed, type ComputedRef } from 'vue';
import { type LocationQuery, useRoute, useRouter } from 'vue-router';
import { fixedSpanOf, fittedSpan, type Span, type SpanChoice, spanChoiceOf } from '../model/span.ts';
import { useClockStore } from '../stores/clock.store.ts';

export interface ServiceView {
  /** The span up to now that is chosen; null while a fixed one is shown. */
  choice: ComputedRef<SpanChoice | null>;
  /** The span to show at this moment. */
  spanNow: () => Span;
  /** Changes with what is chosen, and not with time. */
  spanKey: ComputedRef<string>;
  probeKey: ComputedRef<string | null>;
  location: ComputedRef<string | null>;
  /** The instant whose observations are shown, ms. */
  atMs: ComputedRef<number | null>;
  canGoBack: ComputedRef<boolean>;
  choose: (key: string) => void;
  zoom: (span: Span) => void;
  back: () => void;
  chooseProbe: (key: string) => void;
  chooseLocation: (key: string | null) => void;
  /** Shows the observations around an instant, of a probe where one is named. */
  lookAt: (atMs: number | null, probeKey?: string) => void;
}

/** What the page of a service shows, as it stands in the address: a copied link shows the same. */
export function useServiceView(): ServiceView {
  const route = useRoute();
  const router = useRouter();
  const clock = useClockStore();
  const part = (name: string): string | null => {
    const value = route.query[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const fixed = computed(() => fixedSpanOf(part('from'), part('to')));
  const choice = computed(() => (fixed.value ? null : spanChoiceOf(part('span'))));
  const atMs = computed(() => {
    const at = Date.parse(part('at') ?? '');
    return Number.isNaN(at) ? null : at;
  });

  function go(parts: Record<string, string | null>, isStep = false): void {
    const query: LocationQuery = { ...route.query };
    for (const [name, value] of Object.entries(parts)) {
      if (value === null) delete query[name];
      else query[name] = value;
    }
    void router[isStep ? 'push' : 'replace']({ query });
  }

  return {
    choice,
    spanNow: () => {
      if (fixed.value) return fixed.value;
      return { fromMs: clock.nowMs - spanChoiceOf(part('span')).ms, toMs: clock.nowMs };
    },
    spanKey: computed(() => (choice.value ? choice.value.key : `${part('from')}/${part('to')}`)),
    probeKey: computed(() => part('probe')),
    location: computed(() => part('location')),
    atMs,
    // The page before is the same one: a step of zooming, not where the visitor came from.
    canGoBack: computed(() => {
      void route.fullPath;
      const before: unknown = window.history.state?.back;
      return typeof before === 'string' && before.split('?')[0] === route.path;
    }),
    choose: (key) => go({ span: key, from: null, to: null }, true),
    zoom: (span) => {
      const { fromMs, toMs } = fittedSpan(span, clock.nowMs);
      go({ span: null, from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() }, true);
    },
    back: () => router.back(),
    chooseProbe: (key) => go({ probe: key, location: null }),
    chooseLocation: (key) => go({ location: key }),
    lookAt: (at, probeKey) =>
      go({ at: at === null ? null : new Date(at).toISOString(), ...(probeKey ? { probe: probeKey } : {}) }),
  };
}
