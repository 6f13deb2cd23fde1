import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** WCAG 2.2 at level AA. */
export const wcag: readonly string[] = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface Violation {
  id: string;
  nodes: string[];
}
/** What axe is to look for: the rules of these standards, or these rules. */
interface Wanted {
  type: 'tag' | 'rule';
  values: string[];
}

async function violationsOf(page: Page, wanted: Wanted): Promise<Violation[]> {
  // Handed over as an evaluated text: the page's policy allows no script of another place.
  if (!(await page.evaluate(`'axe' in globalThis`))) await page.evaluate(axeSource);
  return page.evaluate(async (runOnly) => {
    const { axe, document } = globalThis as unknown as {
      document: {
        getAnimations(): { effect: { getComputedTiming(): { endTime: unknown } } | null; finished: Promise<unknown> }[];
      };
      axe: {
        run: (
          options: object,
        ) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
      };
    };
    // What is half faded in has colours that nobody reads: the page is judged once it has settled.
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
    const { violations } = await axe.run({ runOnly });
    return violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`),
    }));
  }, wanted);
}

/** The rules that look at colours: a theme is nothing but colours. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/** Judges the page in the light theme and then in the dark one, which it goes over to as its machine does. */
export async function violationsInThemes(
  page: Page,
  tags: readonly string[] = [...wcag, 'best-practice'],
): Promise<Record<string, Violation[]>> {
  const light = await violationsOf(page, { type: 'tag', values: [...tags] });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html[data-theme=dark]').waitFor();
  return { light, dark: await violationsOf(page, { type: 'rule', values: colourRules }) };
}
export const nothing = { light: [], dark: [] };
