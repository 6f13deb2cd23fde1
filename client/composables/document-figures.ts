import type { ComputedRef, InjectionKey } from 'vue';

/** How each objective stands at present, in words, by its key. */
export const figuresKey: InjectionKey<ComputedRef<ReadonlyMap<string, string>>> = Symbol('figures');
