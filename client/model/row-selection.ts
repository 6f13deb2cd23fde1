/** Rows that are chosen in a list, by key. Pure. */

export interface RowSelection {
  readonly keys: ReadonlySet<string>;
  /** The row that a range begins with: the one that was chosen last by itself. */
  readonly anchor: string | null;
}

export const noSelection: RowSelection = { keys: new Set(), anchor: null };

/** Chooses a row, or lets go of it. */
export function toggled({ keys }: RowSelection, key: string): RowSelection {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return { keys: next, anchor: key };
}

/** Chooses all rows from the anchor to a row besides what is chosen; without an anchor that row alone. */
export function extended({ keys, anchor }: RowSelection, key: string, rows: readonly string[]): RowSelection {
  const [from, to] = [anchor === null ? -1 : rows.indexOf(anchor), rows.indexOf(key)];
  if (from < 0 || to < 0) return { keys: new Set([...keys, key]), anchor: key };
  return { keys: new Set([...keys, ...rows.slice(Math.min(from, to), Math.max(from, to) + 1)]), anchor };
}

/** Chooses all rows of the list, or lets go of them where all are chosen; rows outside it stay as they are. */
export function allToggled({ keys }: RowSelection, rows: readonly string[]): RowSelection {
  const isWhole = rows.every((key) => keys.has(key));
  const listed = new Set(rows);
  return {
    keys: isWhole ? new Set([...keys].filter((key) => !listed.has(key))) : new Set([...keys, ...rows]),
    anchor: null,
  };
}

/** Without what is no longer there. */
export function without({ keys, anchor }: RowSelection, isGone: (key: string) => boolean): RowSelection {
  return {
    keys: new Set([...keys].filter((key) => !isGone(key))),
    anchor: anchor !== null && isGone(anchor) ? null : anchor,
  };
}
