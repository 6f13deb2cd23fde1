import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configurationTable, readmeTable } from './configuration-table.ts';

const root = new URL('../..', import.meta.url).pathname;
const folders = ['server', 'client', 'probes', 'test'];
const topLevel = [
  ...folders,
  'docker-compose.yml',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'README.md',
  'LICENSE',
];
/** What building and running leaves; not part of the house. */
const leftovers = ['node_modules', 'dist'];
const emptyWords = new Set(['index', 'utils', 'util', 'helpers', 'helper', 'common', 'misc']);

const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length)),
);
const sources = files.filter((file) => /\.(ts|mjs|vue)$/.test(file));
const partsOf = (file: string): string[] => file.split('/').map((part) => part.replace(/\..*$/, ''));

describe('the house', () => {
  it('has the agreed top level and nothing else but dot files', () => {
    const found = readdirSync(root).filter((name) => !name.startsWith('.') && !leftovers.includes(name));
    expect(found.toSorted()).toEqual(topLevel.toSorted());
  });

  it('has no file or folder with an empty word for a name', () => {
    const empty = files.filter((file) => partsOf(file).some((part) => emptyWords.has(part)));
    expect(empty).toEqual(['client/index.html']);
  });

  it('has kebab-case files, and Vue files of two words in PascalCase', () => {
    const isWellNamed = (file: string) =>
      file.endsWith('.vue')
        ? /^([A-Z][a-z0-9]+){2,}\.vue$/.test(basename(file))
        : /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.(ts|mjs)$/.test(basename(file));
    expect(sources.filter((file) => !isWellNamed(file))).toEqual([]);
  });

  it('keeps SQL in repositories, migrations and the platform', () => {
    const mayHoldSql =
      /\.repository\.ts$|^server\/(migrations|platform)\/|^server\/cli\/doctor\.command\.ts$|^probes\/queues\.ts$/;
    const sql =
      /[`'"]\s*(select\s[^'"`]+\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|(create|alter|drop)\s+table\s)/i;
    const offenders = sources
      .filter((file) => /^(server|probes)\//.test(file) && !mayHoldSql.test(file))
      .filter((file) => sql.test(readFileSync(join(root, file), 'utf8')));
    expect(offenders).toEqual([]);
  });

  it('has no large component', () => {
    const lines = (file: string) => readFileSync(join(root, file), 'utf8').split('\n').length - 1;
    expect(sources.filter((file) => file.endsWith('.vue') && lines(file) > 250)).toEqual([]);
  });

  it('skips no test and leaves nothing to do', () => {
    const marks = new RegExp(
      ['\\b(it|describe|test)\\.(skip|todo|only)\\b', `\\b${'TO'}DO\\b`, `\\b${'FIX'}ME\\b`].join('|'),
    );
    expect(sources.filter((file) => marks.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });

  it('is free: the licence of the package is the licence in the file', () => {
    const { license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { license: string };
    expect(license).toBe('AGPL-3.0-or-later');
    expect(readFileSync(join(root, 'LICENSE'), 'utf8')).toMatch(/^GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3/);
  });

  it('builds nothing into the repository', () => {
    const ignored = leftovers.filter((name) => existsSync(join(root, name)));
    const tracked = execFileSync('git', ['ls-files', ...ignored, '.troth'], { cwd: root, encoding: 'utf8' });
    expect(tracked).toBe('');
  });
});

describe('the README', () => {
  it('lists every variable of the configuration as the schema has it (npm run readme writes the table)', () => {
    expect(readmeTable(readFileSync(join(root, 'README.md'), 'utf8'))).toBe(configurationTable());
  });

  it('links to files that exist', () => {
    const links = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
      ([, path]) => path!,
    );
    expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names only commands that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/npm run ([a-z:]+)/g)].map(
      ([, name]) => name!,
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    expect(named.length).toBeGreaterThan(0);
  });

  it('positions everything that scrolls: what is hidden in it for readers would stretch the page around it', () => {
    const loose = files
      .filter((file) => /^client\/.*\.(vue|css)$/.test(file))
      .flatMap((file) =>
        [...readFileSync(join(root, file), 'utf8').matchAll(/([^{}]*)\{([^{}]*)\}/g)]
          .filter(([, , body]) => /overflow(-[xy])?: [a-z ]*(auto|scroll)/.test(body!))
          .filter(([, selector, body]) => selector!.trim() !== 'html' && !/\bposition:/.test(body!))
          .map(([, selector]) => `${file}: ${selector!.trim()}`),
      );
    expect(loose).toEqual([]);
  });
});
