import type { z } from 'zod';
import { environmentSchema } from '../../server/platform/config.ts';

const begin = '<!-- configuration: written by npm run readme -->\n';
const end = '\n<!-- end of configuration -->';

/** The variables of server and agent as a Markdown table. */
export function configurationTable(): string {
  const rows = Object.entries(environmentSchema.shape).map(
    ([name, schema]) => `| \`${name}\` | ${defaultOf(schema)} | ${schema.description} |`,
  );
  return ['| variable | default | what it does |', '| --- | --- | --- |', ...rows].join('\n');
}

function defaultOf(schema: z.ZodType): string {
  const { data } = schema.safeParse(undefined);
  return data === undefined ? '' : `\`${[data].flat().join(',')}\``;
}

/** The table that a README holds now; null where its marks are missing. */
export function readmeTable(readme: string): string | null {
  const [, rest] = readme.split(begin);
  return rest?.split(end)[0] ?? null;
}

/** A README with the table brought up to date. */
export const withTable = (readme: string): string =>
  readme.replace(`${begin}${readmeTable(readme)}${end}`, () => `${begin}${configurationTable()}${end}`);
