/** Any value of a setting as people read it. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(valueText).join(', ');
  const parts = Object.entries(value).map(([name, item]) => `${name}: ${valueText(item)}`);
  return parts.length === 0 ? 'nothing' : `{ ${parts.join(', ')} }`;
}
