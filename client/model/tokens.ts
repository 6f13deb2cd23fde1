/** Design tokens for what CSS does not reach: the canvas of a chart, and pictures. */
export const tokenNames = [
  'surface-raised',
  'line',
  'line-strong',
  'text',
  'text-soft',
  'text-faint',
  'up',
  'up-quiet',
  'degraded',
  'down',
  'down-text',
  'suspect',
  'unknown',
  'unmonitored',
  'stale',
  'percentile-50',
  'percentile-95',
  'percentile-99',
] as const;
export type TokenName = (typeof tokenNames)[number];
export interface Tokens {
  colours: Record<TokenName, string>;
  font: string;
  fontPx: number;
}

/** The tokens of a theme; the argument says which one the page shows, so that a computed value follows it. */
export function readTokens(isDark: boolean): Tokens {
  const root = document.documentElement;
  root.dataset['theme'] = isDark ? 'dark' : 'light';
  const style = getComputedStyle(root);
  const colours = Object.fromEntries(tokenNames.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  return {
    colours: colours as Record<TokenName, string>,
    font: style.getPropertyValue('--font'),
    fontPx: Number.parseFloat(style.fontSize) * 0.72,
  };
}
