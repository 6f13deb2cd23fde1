import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;
const { forbidden, options } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
  forbidden: IForbiddenRuleType[];
  options: { tsConfig: { fileName: string }; enhancedResolveOptions: object };
};

/** One file for each way to break a rule: the rule, the file, what is in it. */
const offences: readonly [rule: string, file: string, text: string][] = [
  ['no-cycles', 'server/domain/egg.ts', "import type { Hen } from './hen.ts';\nexport interface Egg { hen: Hen }"],
  ['resolvable', 'probes/lost.ts', "import './nowhere.ts';"],
  ['no-test-code', 'server/platform/tested.ts', "import '../../test/support/target.ts';"],
  ['no-dev-packages', 'server/platform/random.ts', "import 'fast-check';"],
  ['probes-alone', 'probes/curious.ts', "import type { Config } from '../server/platform/config.ts';"],
  ['probes-alone', 'probes/nested.ts', "import '@nestjs/common';"],
  ['pure-domain', 'server/domain/reader.ts', "import 'node:fs';"],
  ['pure-domain', 'server/domain/caller.ts', "import '../platform/config.ts';"],
  ['contract-for-browsers', 'server/contract/heavy.ts', "import 'pg';"],
  ['client-sees-contract', 'client/composables/useKind.ts', "import '../../probes/registry.ts';"],
  [
    'client-sees-contract',
    'client/components/BoardTile.vue',
    '<script setup lang="ts">\nimport type { Config } from \'../../server/platform/config.ts\';\n</script>',
  ],
  ['sql-in-repositories', 'server/catalog/raw.service.ts', "import 'typeorm';"],
  ['queues-behind-one-door', 'server/live/eager.service.ts', "import 'bullmq';"],
  ['through-the-door', 'server/live/burglar.service.ts', "import '../catalog/teams.repository.ts';"],
  ['downward-from-catalog', 'server/catalog/climber.service.ts', "import '../live/board.service.ts';"],
  ['ground-floor', 'server/platform/upstart.ts', "import '../catalog/teams.service.ts';"],
  ['edges-stay-edges', 'server/catalog/commander.service.ts', "import '../cli/say.ts';"],
];
const bystanders: readonly [file: string, text: string][] = [
  // A cycle is told once, at the first file of it.
  ['server/domain/hen.ts', "import type { Egg } from './egg.ts';\nexport interface Hen { egg: Egg }"],
  ['server/platform/config.ts', 'export interface Config {}'],
  ['server/catalog/teams.repository.ts', "import 'typeorm';"],
  ['server/catalog/teams.service.ts', "import './teams.repository.ts';"],
  ['server/live/board.service.ts', "import '../catalog/teams.service.ts';"],
  ['server/cli/say.ts', "import '../live/board.service.ts';"],
  ['probes/registry.ts', 'export {};'],
  ['test/support/target.ts', 'export {};'],
];

const violations = async (folder: string): Promise<{ rule: string; from: string; to: string }[]> => {
  const { output } = await cruise(
    ['server', 'probes', 'client'],
    { ...options, baseDir: folder, ruleSet: { forbidden }, validate: true },
    options.enhancedResolveOptions,
    { tsConfig: extractTSConfig(join(folder, options.tsConfig.fileName)) },
  );
  return (output as ICruiseResult).summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
};

describe('import rules', () => {
  it('hold in the whole house', async () => {
    expect(await violations(root)).toEqual([]);
  }, 90_000);
});

describe('each import rule', () => {
  let folder: string;
  let found: { rule: string; from: string }[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'troth-imports-'));
    for (const [file, text] of [...offences.map(([, path, content]) => [path, content] as const), ...bystanders]) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    for (const file of ['tsconfig.json', 'package.json']) cpSync(join(root, file), join(folder, file));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    found = await violations(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(offences)('%s finds %s', (rule, file) => {
    expect(found.filter(({ from }) => from === file).map((one) => one.rule)).toContain(rule);
  });

  it('finds nothing else', () => {
    const expected = new Set(offences.map(([, file]) => file));
    expect(found.filter(({ from }) => !expected.has(from))).toEqual([]);
  });
});
