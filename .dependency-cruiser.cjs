/**
 * Who may import whom; every rule is an error, type imports count. `npm test` runs these rules.
 * @type {import('dependency-cruiser').IConfiguration}
 */

/** Features from the bottom to the top: each may use those before it, through a service or module. */
const layers = [
  'access',
  'mails',
  'catalog',
  'probing',
  'agreements',
  'incidents',
  'compliance',
  'reports',
  'consequences',
  'reviews',
  'reminders',
  'alerting',
  'live',
  'interchange',
  'demo',
];
const anyFeature = `^server/(${layers.join('|')})/`;
/** What a feature shows to others. */
const doors = '[.](service|module|decorator|event)[.]ts$';
const npm = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;

const error = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });
const only = (name, comment, path, allowed) => error(name, comment, { path }, { pathNot: allowed });

module.exports = {
  forbidden: [
    error('no-cycles', 'Cycles make a part impossible to understand alone.', {}, { circular: true }),
    error('resolvable', 'What is imported must exist.', {}, { couldNotResolve: true }),
    error(
      'no-test-code',
      'What runs must not need what only the tests have.',
      { path: '^(server|probes|client)/', pathNot: '(^|/)vite[.]config[.]ts$' },
      { path: '^test/' },
    ),
    error(
      'no-dev-packages',
      'The image has no development packages.',
      { path: '^(server|probes)/', pathNot: '^server/vite[.]config[.]ts$' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    ),
    error(
      'probes-alone',
      'Probes run beside any server and know nothing of it.',
      { path: '^probes/' },
      { path: ['^(server|client)/', npm('@nestjs', 'typeorm', 'vue')] },
    ),
    only('pure-domain', 'The domain is pure: data in, data out.', '^server/domain/', [
      '^server/domain/',
      '^probes/contract[.]ts$',
      npm('temporal-polyfill', 'temporal-spec', 'rrule-temporal', 'date-holidays', '@datadog/sketches-js'),
    ]),
    only('contract-for-browsers', 'The contract is read in the browser too.', '^server/contract/', [
      '^server/(contract|domain)/',
      '^probes/contract[.]ts$',
      '^probes/support/(duration|nearest)[.]ts$',
      npm('zod'),
    ]),
    error(
      'client-sees-contract',
      'The browser knows the wire and pure arithmetic; kinds of probes come as schemas.',
      { path: '^client/' },
      { path: '^(server|probes)/', pathNot: ['^server/(contract|domain)/', '^probes/contract[.]ts$'] },
    ),
    error(
      'sql-in-repositories',
      'SQL lives in repositories and migrations.',
      {
        path: '^server/',
        pathNot: ['[.](entity|repository)[.]ts$', '^server/migrations/', '^server/platform/database[.]ts$'],
      },
      { path: npm('typeorm') },
    ),
    error(
      'queues-behind-one-door',
      'Queues are reached through probes/queues; jobs are handled by processors, the dispatcher and the agent.',
      {
        path: '^(server|probes)/',
        pathNot: ['[.]processor[.]ts$', '/dispatcher[^/]*$', '^probes/(agent|queues)[.]ts$'],
      },
      { path: npm('bullmq', 'ioredis') },
    ),
    error(
      'through-the-door',
      'A feature is reached through its services, modules, decorators and events.',
      { path: anyFeature },
      { path: anyFeature, pathNot: ['^server/$1/', doors] },
    ),
    ...layers.map((layer, height) =>
      error(
        `downward-from-${layer}`,
        'A lower feature tells higher ones by events.',
        { path: `^server/${layer}/` },
        { path: anyFeature, pathNot: layers.slice(0, height + 1).map((below) => `^server/${below}/`) },
      ),
    ),
    error(
      'ground-floor',
      'Platform, migrations and sample stand beneath the features.',
      { path: '^server/(platform|migrations|sample)/' },
      { path: [anyFeature, '^server/(cli|start)/', '^server/[^/]+[.]ts$'] },
    ),
    error(
      'edges-stay-edges',
      'Nothing is built on the command line or the start.',
      { path: `${anyFeature}|^server/(main|app[.]module|schema)[.]ts$` },
      { path: '^server/(cli|start|sample)/|^server/(cli|start|main)[.]ts$' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'types', 'default'],
      extensions: ['.ts', '.vue', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
};
