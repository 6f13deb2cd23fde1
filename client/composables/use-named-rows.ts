import { type Ref, type ShallowRef, shallowRef, watch } from 'vue';
import { type Fields, isFields, isSame } from '../model/form-value.ts';

export interface NamedRow {
  /** Stays the same while the name is typed. */
  readonly id: number;
  readonly name: string;
  readonly value: unknown;
}

export interface NamedRows {
  rows: ShallowRef<readonly NamedRow[]>;
  change: (row: NamedRow, part: Partial<Omit<NamedRow, 'id'>>) => void;
  add: (name: string, value: unknown) => NamedRow;
  remove: (row: NamedRow) => void;
}

/** Values under names that people give, as rows in the order in which they were made; one without a name is not taken. */
export function useNamedRows(value: Ref<unknown>, set: (fields: Fields) => void): NamedRows {
  let lastId = 0;
  const rowOf = (name: string, given: unknown): NamedRow => ({ id: ++lastId, name, value: given });
  const rowsOf = (fields: unknown): NamedRow[] =>
    isFields(fields) ? Object.entries(fields).map(([name, given]) => rowOf(name, given)) : [];
  const rows = shallowRef<readonly NamedRow[]>(rowsOf(value.value));
  const taken = (): Fields =>
    Object.fromEntries(rows.value.filter(({ name }) => name !== '').map((row) => [row.name, row.value]));

  function put(next: readonly NamedRow[]): void {
    rows.value = next;
    set(taken());
  }
  watch(value, (next) => {
    if (!isSame(next ?? {}, taken())) rows.value = rowsOf(next);
  });
  return {
    rows,
    change: (row, part) => put(rows.value.map((one) => (one.id === row.id ? { ...one, ...part } : one))),
    add: (name, given) => {
      const row = rowOf(name, given);
      put([...rows.value, row]);
      return row;
    },
    remove: (row) => put(rows.value.filter(({ id }) => id !== row.id)),
  };
}
