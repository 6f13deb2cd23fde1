/** `npm run readme`: brings the configuration table of the README up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withTable } from './configuration-table.ts';

const file = new URL('../../README.md', import.meta.url);
writeFileSync(file, withTable(readFileSync(file, 'utf8')));
