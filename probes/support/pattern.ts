import { RE2 } from 're2-wasm';
import { z } from 'zod';

const rememberedPatterns = 1000;
const remembered = new Map<string, RE2>();

/**
 * Whether a pattern of RE2 matches anywhere in the text, in time linear to it. Throws a SyntaxError for what is no
 * pattern. Flags stand inside: `(?i)` ignores case, `(?s)` lets the dot match line ends, `(?m)` makes ^ and $ work by line.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  return compiled(pattern).test(text);
}

/** A field that holds a pattern. */
export const patternSchema = z
  .string()
  .min(1)
  .max(1000)
  .superRefine((pattern, issues) => {
    try {
      compiled(pattern);
    } catch (error) {
      issues.addIssue({ code: 'custom', message: `not a usable pattern: ${(error as Error).message}` });
    }
  });

function compiled(pattern: string): RE2 {
  let found = remembered.get(pattern);
  if (found === undefined) {
    found = new RE2(pattern, 'u');
    if (remembered.size >= rememberedPatterns) forgetOldest();
    remembered.set(pattern, found);
  }
  return found;
}

/** The compiled form lives in the memory of the WASM module, where nothing collects it. */
function forgetOldest(): void {
  const [pattern, oldest] = remembered.entries().next().value!;
  remembered.delete(pattern);
  (oldest as unknown as { wrapper: { delete(): void } }).wrapper.delete();
}
