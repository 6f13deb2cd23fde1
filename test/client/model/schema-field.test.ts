import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { kindSchemas, probeKinds } from '../../../probes/registry.ts';
import { tokenInputSchema, userInputSchema } from '../../../server/contract/access.ts';
import { agreementInputSchema } from '../../../server/contract/agreements.ts';
import { boardInputSchema } from '../../../server/contract/boards.ts';
import { calendarInputSchema } from '../../../server/contract/calendars.ts';
import {
  locationInputSchema,
  probeInputSchema,
  serviceInputSchema,
  teamInputSchema,
} from '../../../server/contract/catalog.ts';
import { maintenanceInputSchema } from '../../../server/contract/maintenance.ts';
import { jsonSchemaOf, type JsonSchema } from '../../../server/contract/schema-fields.ts';
import {
  asOption,
  blankOf,
  isDefault,
  optionOf,
  tagOf,
  withField,
  withGroupField,
} from '../../../client/model/form-value.ts';
import {
  fieldOf,
  type ChoiceField,
  type GroupField,
  type SchemaField,
  type UnionField,
} from '../../../client/model/schema-field.ts';

const inputs: Record<string, z.ZodType> = {
  team: teamInputSchema,
  location: locationInputSchema,
  service: serviceInputSchema,
  probe: probeInputSchema,
  user: userInputSchema,
  token: tokenInputSchema,
  board: boardInputSchema,
  agreement: agreementInputSchema,
  calendar: calendarInputSchema,
  maintenance: maintenanceInputSchema,
};
const schemas: [string, JsonSchema][] = [
  ...Object.entries(inputs).map(([name, schema]): [string, JsonSchema] => [name, jsonSchemaOf(schema)]),
  ...kindSchemas().map(({ kind, schema }): [string, JsonSchema] => [`config of ${kind}`, schema as JsonSchema]),
];

/** What is drawn as one whole, with all that is in it. */
const wholes = ['week', 'exceptions', 'holidays'];

/** Paths of everything that a schema names, whatever way it says so. */
function propertiesOf(schema: JsonSchema, path = ''): string[] {
  if (wholes.includes(String(schema['x-form']))) return [];
  const below = (name: string) => (path ? `${path}.${name}` : name);
  const { properties = {}, items, additionalProperties, anyOf = [], oneOf = [] } = schema;
  const everywhere = [items, additionalProperties].filter((one) => typeof one === 'object');
  return [
    ...Object.entries(properties).flatMap(([name, one]) => [below(name), ...propertiesOf(one, below(name))]),
    ...everywhere.flatMap((one) => propertiesOf(one, below('*'))),
    ...[...anyOf, ...oneOf].flatMap((one) => propertiesOf(one, path)),
  ];
}

function drawnOf(field: SchemaField, path = ''): string[] {
  const below = (name: string) => (path ? `${path}.${name}` : name);
  switch (field.kind) {
    case 'group':
      return field.fields.flatMap((one) => [below(one.name), ...drawnOf(one, below(one.name))]);
    case 'list':
    case 'rows':
      return drawnOf(field.item, below('*'));
    case 'union':
      return field.options.flatMap((one) => drawnOf(one, path));
    default:
      return [];
  }
}

/** Sets every field of a value anew as a form does, from the inside out. */
function retyped(field: SchemaField, value: unknown): unknown {
  if (value === undefined) return undefined;
  switch (field.kind) {
    case 'group':
      return field.fields.reduce<unknown>(
        (group, one) =>
          withGroupField(field, group, one.name, retyped(one, (value as Record<string, unknown>)[one.name])),
        value,
      );
    case 'list':
      return (value as unknown[]).map((one) => retyped(field.item, one));
    case 'rows':
      return Object.entries(value as object).reduce(
        (rows, [name, one]) => withField(rows, name, retyped(field.item, one)),
        {},
      );
    case 'union':
      return retyped(field.options[optionOf(field, value)]!, value);
    default:
      return value;
  }
}

const fieldAt = (name: string, path: string): SchemaField =>
  path.split('.').reduce<SchemaField>(
    (field, part) => {
      if (field.kind === 'list' || field.kind === 'rows') return field.item;
      return (field as GroupField).fields.find((one) => one.name === part)!;
    },
    fieldOf(schemas.find(([one]) => one === name)![1]),
  );

describe.each(schemas)('the form of a %s', (_name, schema) => {
  it('draws every property', () => {
    expect([...new Set(drawnOf(fieldOf(schema)))].toSorted()).toEqual([...new Set(propertiesOf(schema))].toSorted());
  });

  it('knows how to draw all of them, and leaves open only what the schema does', () => {
    const open = (field: SchemaField): string[] =>
      field.kind === 'group' ? field.fields.flatMap(open) : field.kind === 'json' ? [field.name] : [];
    expect(open(fieldOf(schema))).toEqual(schema === jsonSchemaOf(probeInputSchema) ? ['config'] : []);
  });

  it('has a title for each, and a hint', () => {
    const bare = (field: SchemaField): string[] =>
      field.kind === 'group'
        ? field.fields.flatMap((one) => (one.title && one.hint ? bare(one) : [one.name]))
        : field.kind === 'list' || field.kind === 'rows'
          ? bare(field.item)
          : [];
    expect(bare(fieldOf(schema))).toEqual([]);
  });
});

const configs: [string, object][] = [
  [
    'http',
    {
      url: 'https://payroll.internal/login',
      headers: { accept: 'text/html' },
      secretHeaders: { 'x-api-key': '********' },
      basic: { username: 'probe', password: '********' },
      expect: {
        status: ['2xx', 304],
        headers: { 'content-type': { contains: 'html' } },
        json: [
          { path: '$.ok', op: 'equals', value: true },
          { path: '$.n', value: 3 },
          { path: '$.gone', value: null },
        ],
      },
      tls: { insecure: true },
      family: 6,
    },
  ],
  [
    'tcp',
    {
      host: 'mail.internal',
      port: 25,
      tls: {},
      conversation: [{ expect: { contains: '220' } }, { send: 'QUIT\\r\\n', expect: { matches: '^221' } }],
    },
  ],
  ['dns', { name: 'a.example', expect: { answers: { equals: 'one', contains: ['a', 'b'], count: { atLeast: 2 } } } }],
  ['tls', { host: 'a.example', expect: { daysLeft: 30 } }],
  ['icmp', { host: 'a.example', packets: 5 }],
  ['heartbeat', { grace: '90s' }],
];

describe('a value', () => {
  it('is there for every kind', () => {
    expect(configs.map(([kind]) => kind).toSorted()).toEqual(probeKinds.map(({ kind }) => kind).toSorted());
  });

  it.each(configs)('of a %s probe is the same after every field was set anew', (kind, config) => {
    const { schema } = kindSchemas().find((one) => one.kind === kind)!;
    expect(retyped(fieldOf(schema as JsonSchema), config)).toEqual(config);
  });
});

describe('a field', () => {
  it('is a secret, a choice of things, a duration, lines or PEM where its schema says so', () => {
    expect(fieldAt('config of http', 'secretHeaders.*')).toMatchObject({ kind: 'text', isSecret: true });
    expect(fieldAt('config of http', 'tls.key')).toMatchObject({ form: 'pem', isSecret: true });
    expect(fieldAt('user', 'password')).toMatchObject({ isSecret: true, isRequired: false });
    expect(fieldAt('service', 'owner')).toMatchObject({ references: 'teams', isRequired: true });
    expect(fieldAt('service', 'dependsOn')).toMatchObject({ kind: 'words', item: { references: 'services' } });
    expect(fieldAt('probe', 'locations')).toMatchObject({ kind: 'words', item: { references: 'locations' } });
    expect(fieldAt('probe', 'degradedAbove')).toMatchObject({ form: 'duration', isRequired: false });
    expect(fieldAt('probe', 'confirm.recheckAfter')).toMatchObject({ form: 'duration', fallback: '5s' });
    expect(fieldAt('team', 'description')).toMatchObject({ form: 'lines' });
    expect(fieldAt('team', 'email')).toMatchObject({ form: 'email' });
    expect(fieldAt('token', 'expiresAt')).toMatchObject({ form: 'instant' });
  });

  it('is a week, dates, holidays, a zone, a local time or a recurrence where its schema says so', () => {
    expect(['week', 'exceptions', 'holidays'].map((name) => fieldAt('calendar', name).kind)).toEqual(wholes);
    expect(fieldAt('calendar', 'timeZone')).toMatchObject({ kind: 'text', form: 'time-zone', isRequired: true });
    expect(fieldAt('maintenance', 'start')).toMatchObject({ form: 'local-time', isRequired: true });
    expect(fieldAt('maintenance', 'repeat')).toMatchObject({ form: 'recurrence', isRequired: false });
    expect(fieldAt('maintenance', 'except')).toMatchObject({ kind: 'words', item: { form: 'date' } });
  });

  it('offers the values of its schema, of whatever type', () => {
    expect(fieldAt('config of http', 'family')).toMatchObject({
      kind: 'choice',
      options: ['any', 4, 6],
      fallback: 'any',
    });
    expect(fieldAt('token', 'scopes')).toMatchObject({ kind: 'set' });
    expect(fieldAt('config of http', 'expect.status')).toMatchObject({ kind: 'words', item: { mayBeNumber: true } });
  });

  it('explains every scope of a token and every role in a sentence', () => {
    for (const [schema, field] of [
      ['token', 'scopes'],
      ['user', 'role'],
    ] as const) {
      const { options, notes } = fieldAt(schema, field) as ChoiceField;
      expect(options.filter((option) => !/^[A-Z].*\.$/.test(notes[String(option)] ?? ''))).toEqual([]);
    }
    expect(fieldAt('config of http', 'family')).toMatchObject({ notes: {} });
  });

  it('lets one choose the sort of a value where several are allowed', () => {
    const value = fieldAt('config of http', 'expect.json.0.value');
    expect(value.kind === 'union' && value.options.map(({ title }) => title)).toEqual([
      'Text',
      'Number',
      'Yes or no',
      'Nothing (null)',
    ]);
  });

  it('is switched on and off where being there means something, else folded while it says nothing', () => {
    const tls = fieldAt('config of tcp', 'tls') as GroupField;
    expect([tls.isSwitched, isDefault(tls, {})]).toEqual([true, false]);
    const own = fieldAt('config of http', 'tls') as GroupField;
    expect([own.isSwitched, isDefault(own, { insecure: false }), isDefault(own, { insecure: true })]).toEqual([
      false,
      true,
      false,
    ]);
    expect(withGroupField(own, { insecure: true }, 'insecure', undefined)).toBeUndefined();
    expect(withGroupField(tls, { insecure: true }, 'insecure', undefined)).toEqual({});
  });
});

describe('a schema of alternatives', () => {
  const schema: JsonSchema = {
    oneOf: [
      { type: 'object', properties: { type: { const: 'weekly' }, day: { type: 'string' } }, required: ['type'] },
      { type: 'object', properties: { type: { const: 'once' }, at: { type: 'string' } }, required: ['type'] },
    ],
  };

  it('is told apart by what each fixes, and begins with that', () => {
    const field = fieldOf(schema);
    if (field.kind !== 'union') throw new Error(field.kind);
    expect(field.options.map(({ title }) => title)).toEqual(['Weekly', 'Once']);
    expect(optionOf(field, { type: 'once', at: 'noon' })).toBe(1);
    expect(blankOf(field.options[1]!)).toEqual({ type: 'once' });
  });
});

describe('the period of an agreement', () => {
  it('is chosen among those that exist', () => {
    expect(fieldAt('agreement', 'period')).toMatchObject({ kind: 'text', form: 'period', isRequired: false });
    expect(fieldAt('agreement', 'period').fallback).toBe('month');
  });
});

describe('an objective of an agreement', () => {
  it('is chosen, not typed, where credits and actions name it', () => {
    expect(fieldAt('agreement', 'consequences.credits.0.objective')).toMatchObject({ form: 'objective' });
    expect(fieldAt('agreement', 'consequences.actions.0.objective')).toMatchObject({ form: 'objective' });
  });

  const objectives = fieldAt('agreement', 'objectives');
  const union = (objectives.kind === 'rows' ? objectives.item : objectives) as UnionField;
  const option = (title: string): SchemaField => union.options.find((one) => one.title === title)!;

  it('is of one of several types, which its type tells apart', () => {
    expect(tagOf(union)).toBe('type');
    expect(union.options.map(({ title }) => title)).toEqual([
      'Availability',
      'Success',
      'Latency',
      'Outage',
      'Response',
      'Resolution',
      'Recovery',
      'Metric',
    ]);
    expect(optionOf(union, { type: 'response', severity: 1 })).toBe(4);
  });

  it('keeps as another type what both know of, and nothing that means something else there', () => {
    const given = { type: 'response', title: 'Fast', severity: 1, of: 'request', within: '15m', services: ['payroll'] };
    expect(asOption(option('Resolution'), given)).toEqual({ ...given, type: 'resolution' });
    expect(asOption(option('Availability'), given)).toEqual({
      type: 'availability',
      title: 'Fast',
      services: ['payroll'],
    });
    // A drill or an incident is timed there, never a request.
    expect(asOption(option('Recovery'), given)).not.toHaveProperty('of');
    expect(asOption(option('Outage'), undefined)).toEqual({ type: 'outage' });
  });
});
