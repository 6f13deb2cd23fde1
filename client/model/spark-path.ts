/** A line of latencies as the path of an SVG that is `values.length - 1` wide and 1 high. */

/** Minutes without a value break the line; one alone is a dot. Null where there is nothing to compare. */
export function sparkPath(values: readonly (number | null)[]): string | null {
  const most = Math.max(...values.map((value) => value ?? 0));
  if (most <= 0 || values.filter((value) => value !== null).length < 2) return null;
  let path = '';
  let isOpen = false;
  for (const [index, value] of values.entries()) {
    if (value === null) {
      isOpen = false;
      continue;
    }
    const y = Number((1 - value / most).toFixed(3));
    const isAlone = !isOpen && (values[index + 1] ?? null) === null;
    path += `${isOpen ? 'L' : 'M'}${index} ${y}${isAlone ? 'h0' : ''}`;
    isOpen = true;
  }
  return path;
}
