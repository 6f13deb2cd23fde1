/** Everything that an agreement sets beside its free texts, each in words and with a name that outlives its value. */
import { listWords } from '../../contract/list-words.ts';
import type { AgreementInput, ObjectiveInput } from '../../contract/agreements.ts';
import { counted, lengthWords } from '../../contract/length-words.ts';
import { objectiveTitle, targetWords, titleOfKey } from '../../contract/objective-words.ts';
import { kindTexts } from './agreement-document.ts';
import { dateWords, dayBeforeWords } from './date-words.ts';
import { servicesOf, servicesOfObjective } from '../agreement-scope.ts';
import { objectivesOf, serviceName, teamName, type Source } from './document-context.ts';
import { consequenceSettings } from './consequence-settings.ts';
import { setting, type Setting } from './setting.ts';
import { hoursWords } from './parts/hours-part.ts';

/** In the order of the document. */
export const agreementSettings = (source: Source): Setting[] => [
  ...headSettings(source),
  ...partySettings(source),
  setting('services', 'Services', listWords(servicesOf(source.agreement).map((key) => serviceName(source, key)))),
  ...hourSettings(source),
  ...countingSettings(source),
  ...objectivesOf(source).flatMap(([key, objective]) => objectiveSettings(source, key, objective)),
  ...severitySettings(source),
  setting('framework', 'Framework terms', frameworkWords(source)),
  ...source.agreement.restsOn.map((reference) => supportSetting(source, reference)),
  ...consequenceSettings(source),
  setting('review', 'Review', `every ${source.agreement.review.every}`),
  setting('renewal', 'At its end', renewalWords(source.agreement)),
];

function headSettings(source: Source): Setting[] {
  const { kind, title, provider, customer, effective } = source.agreement;
  return [
    setting('title', 'Title', title),
    setting('kind', 'Kind', kindTexts[kind]),
    setting('provider', 'Provider', teamName(source, provider)),
    setting('customer', 'Customer', teamName(source, customer)),
    setting('from', 'First day', dateWords(effective.from)),
    setting('to', 'Last day', effective.to == null ? 'none' : dayBeforeWords(effective.to)),
  ];
}

const frameworkWords = ({ context: { framework } }: Source): string =>
  framework ? `“${framework.title}”, version ${framework.version}` : '';

function renewalWords({ effective, renewal: { atEnd, months, notice } }: AgreementInput): string {
  // Where it expires, its last day says all.
  if (effective.to == null || atEnd === 'expires') return '';
  return `it goes on by ${counted(months, 'month')} each time; notice ${lengthWords(notice)} before`;
}

const partySettings = ({ agreement }: Source): Setting[] =>
  (['provider', 'customer'] as const).flatMap((side) => {
    const { contacts, escalation, signatories } = agreement.parties[side];
    const people = signatories.map(({ name, email, role }) => [name, role, email].filter(Boolean).join(', '));
    return [
      setting(`${side}.contacts`, `Contacts of the ${side}`, contacts.join('; ')),
      setting(`${side}.escalation`, `Escalation of the ${side}`, escalation.join('; ')),
      setting(`${side}.signatories`, `Signatories of the ${side}`, people.join('; ')),
    ];
  });

const hourSettings = (source: Source): Setting[] => [
  setting('period', 'Period', source.agreement.period),
  setting('timeZone', 'Time zone', source.agreement.timeZone),
  setting('calendar', 'Service hours', hoursWords(source, source.agreement.calendar)),
  setting('supportCalendar', 'Support hours', hoursWords(source, source.agreement.supportCalendar)),
];

function countingSettings({ agreement: { counting } }: Source): Setting[] {
  const { maintenanceAllowance } = counting;
  return [
    setting('degraded', 'Degraded time', counting.degraded),
    setting('unknown', 'Unknown time', counting.unknown),
    setting('minimumOutage', 'Forgiven below', lengthWords(counting.minimumOutage)),
    setting('minimumCoverage', 'Least coverage', `${counting.minimumCoverage} %`),
    setting('maintenanceNotice', 'Notice of maintenance', lengthWords(counting.maintenanceNotice)),
    setting(
      'maintenanceAllowance',
      'Maintenance in a period',
      maintenanceAllowance == null ? 'any' : `at most ${lengthWords(maintenanceAllowance)}`,
    ),
    setting('upstream', 'Downtime from services below', counting.upstream),
    setting('tail', 'Put down to services below after their recovery', lengthWords(counting.tail)),
  ];
}

function objectiveSettings(source: Source, key: string, objective: ObjectiveInput): Setting[] {
  const title = objectiveTitle(key, objective);
  const id = `objective.${key}`;
  const services = servicesOfObjective(source.agreement, objective).map((one) => serviceName(source, one));
  return [
    setting(id, title, targetWords(objective, source.agreement.period)),
    setting(`${id}.title`, `Name of ${titleOfKey(key)}`, title),
    setting(`${id}.note`, `${title}, note`, objective.note),
    setting(`${id}.services`, `${title}, covers`, listWords(services)),
    ...('severity' in objective
      ? [setting(`${id}.severity`, `${title}, holds for`, `${objective.of}s of severity ${objective.severity}`)]
      : []),
    ...('combine' in objective ? [setting(`${id}.combine`, `${title}, several services`, objective.combine)] : []),
    ...('probe' in objective ? [setting(`${id}.probe`, `${title}, told by`, objective.probe)] : []),
    ...('metric' in objective ? [setting(`${id}.metric`, `${title}, reported as`, objective.metric)] : []),
  ];
}

const severitySettings = ({ agreement }: Source): Setting[] => [
  ...agreement.severities.flatMap((row, impact) =>
    row.map((severity, urgency) =>
      setting(
        `severity.${impact}.${urgency}`,
        `Severity of impact ${impact + 1} and urgency ${urgency + 1}`,
        String(severity),
      ),
    ),
  ),
  setting('pausedBy', 'The resolution clock pauses for', agreement.pausedBy.toSorted().map(titleOfKey).join(', ')),
];

function supportSetting({ context }: Source, reference: string): Setting {
  const support = context.supports?.get(reference);
  const text = support ? `${support.agreement}, ${support.title}: ${support.target}` : reference;
  return setting(`restsOn.${reference}`, 'Rests on', text);
}
