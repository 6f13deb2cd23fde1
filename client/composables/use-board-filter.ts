import { computed, type ComputedRef } from 'vue';
import { type LocationQueryRaw, useRoute, useRouter } from 'vue-router';
import { isTileKind, type TileKind } from '../model/tile-kind.ts';

export interface BoardFilterControl {
  text: ComputedRef<string>;
  kinds: ComputedRef<ReadonlySet<TileKind>>;
  isActive: ComputedRef<boolean>;
  search: (text: string) => void;
  toggle: (kind: TileKind) => void;
  clear: () => void;
}

/** The filter of the board as it stands in the address; changing it from another page leads to the wall. */
export function useBoardFilter(): BoardFilterControl {
  const route = useRoute();
  const router = useRouter();
  const text = computed(() => (typeof route.query['q'] === 'string' ? route.query['q'] : ''));
  const kinds = computed<ReadonlySet<TileKind>>(
    () =>
      new Set(
        String(route.query['state'] ?? '')
          .split(',')
          .filter(isTileKind),
      ),
  );

  function go(nextText: string, nextKinds: ReadonlySet<TileKind>): void {
    const query: LocationQueryRaw = {};
    if (nextText) query['q'] = nextText;
    if (nextKinds.size > 0) query['state'] = [...nextKinds].join(',');
    void (route.name === 'wall' ? router.replace({ query }) : router.push({ name: 'wall', query }));
  }

  return {
    text,
    kinds,
    isActive: computed(() => text.value !== '' || kinds.value.size > 0),
    search: (next) => go(next, kinds.value),
    toggle: (kind) => go(text.value, toggled(kinds.value, kind)),
    clear: () => go('', new Set()),
  };
}

function toggled(kinds: ReadonlySet<TileKind>, kind: TileKind): ReadonlySet<TileKind> {
  const next = new Set(kinds);
  if (!next.delete(kind)) next.add(kind);
  return next;
}
