/** How each type of objective in use is computed. */
import { listWords } from '../../../contract/list-words.ts';
import type { ObjectiveInput, ObjectiveOf, ObjectiveType, pauseReasons } from '../../../contract/agreements.ts';
import { isClocked } from '../../../contract/objective-words.ts';
import { define, type Definition } from '../blocks.ts';
import { objectivesOf, type Source } from '../document-context.ts';

export function measureDefinitions(source: Source): Definition[] {
  const objectives = objectivesOf(source).map(([, objective]) => objective);
  const has = (...types: ObjectiveType[]): boolean => objectives.some(({ type }) => types.includes(type));
  return [
    ...(has('availability') ? [availability(source)] : []),
    ...(has('success') ? [success] : []),
    ...(has('latency') ? [latency] : []),
    ...outages(objectives),
    ...clocks(source, objectives),
    ...recoveries(objectives),
    ...(has('metric') ? [metric] : []),
  ];
}

function availability({ agreement: { counting } }: Source): Definition {
  const bad = [
    'down',
    ...(counting.degraded === 'bad' ? ['degraded'] : []),
    ...(counting.unknown === 'bad' ? ['unknown'] : []),
  ];
  const left = ['unmonitored', ...(counting.unknown === 'excluded' ? ['unknown'] : [])];
  return define(
    'Availability',
    `(measured time − bad time) ÷ measured time. Measured time is eligible time less ${listWords(left)} time; bad time is ${listWords(bad)} time.`,
  );
}

const success = define(
  'Success',
  'Good checks ÷ all checks in eligible time. Repeated checks after a failure, and checks without a result, are not counted.',
);
const latency = define(
  'Latency',
  'Successful checks answered within the threshold ÷ successful checks in eligible time.',
);
const metric = define(
  'Reported value',
  'A number that a party reports for the period under the name given; the objective says how the values of a period are read.',
);

function outages(objectives: readonly ObjectiveInput[]): Definition[] {
  const outage = objectives.filter((one): one is ObjectiveOf<'outage'> => one.type === 'outage');
  if (outage.length === 0) return [];
  return [
    define('Outage', 'An unbroken stretch of bad time in eligible time.'),
    ...(outage.some(({ meanRestore }) => meanRestore != null)
      ? [define('Mean time to restore', 'Bad time of the outages of a period ÷ number of these outages.')]
      : []),
    ...(outage.some(({ meanBetween }) => meanBetween != null)
      ? [define('Mean time between failures', '(measured time − bad time) of a period ÷ number of its outages.')]
      : []),
  ];
}

function clocks(source: Source, objectives: readonly ObjectiveInput[]): Definition[] {
  const clocked = objectives.filter(isClocked);
  if (clocked.length === 0) return [];
  const has = (type: string): boolean => clocked.some((one) => one.type === type);
  return [
    ...(has('response') ? [response] : []),
    ...(has('resolution') ? [resolution(source)] : []),
    define('In time', 'A case counts in the period in which its clock stops or its time runs out, whichever is first.'),
  ];
}

const response = define(
  'Response',
  'Support hours from detection or report until the first human answer; for what probes detect, until it is acknowledged. This clock never pauses.',
);

const waiting: Record<(typeof pauseReasons)[number], string> = {
  customer: 'the customer',
  supplier: 'a supplier',
  'change-window': 'a change window',
  appointment: 'an appointment',
};

function resolution({ agreement: { pausedBy } }: Source): Definition {
  const pauses =
    pausedBy.length > 0
      ? `The clock pauses while the case waits for ${listWords(
          pausedBy.map((reason) => waiting[reason]),
          'or',
        )}.`
      : 'The clock never pauses.';
  return define(
    'Resolution',
    `Support hours from detection or report until it is resolved. ${pauses} A case reopened within five working days goes on with the same clock.`,
  );
}

function recoveries(objectives: readonly ObjectiveInput[]): Definition[] {
  const recovery = objectives.filter((one): one is ObjectiveOf<'recovery'> => one.type === 'recovery');
  return [
    ...(recovery.some(({ within }) => within != null)
      ? [define('Recovery', 'Elapsed time from the start of an incident or drill until service is restored.')]
      : []),
    ...(recovery.some(({ maxAge }) => maxAge != null)
      ? [
          define(
            'Age of backup or drill',
            'Time since the last backup or drill that reported success. Eligible time in which it is older than promised is bad time.',
          ),
        ]
      : []),
  ];
}
