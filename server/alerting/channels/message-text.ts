import type { AlertMessage, AlertMoment, AlertUrgency } from '../../contract/channels.ts';
import { listWords } from '../../contract/list-words.ts';
import { instantText } from '../../domain/instant-text.ts';
import { fitted, lineOf } from './plain-text.ts';

const momentWords: Readonly<Record<AlertMoment, string>> = {
  firing: 'Firing',
  reminder: 'Still firing',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
  test: 'Test',
};
export const urgencyWords: Readonly<Record<AlertUrgency, string>> = {
  page: 'Page: act now',
  notify: 'Notice',
  ticket: 'Ticket: no hurry',
};

export interface Fact {
  label: string;
  text: string;
}
export interface MessageLink {
  label: string;
  url: string;
}

/** A message in words that every kind of channel uses: lines without control characters, none of them long. */
export interface MessageText {
  /** `Firing`, `Resolved`. */
  moment: string;
  title: string;
  /** `Firing: Payroll is down`. */
  headline: string;
  facts: readonly Fact[];
  links: readonly MessageLink[];
}

const longestTitle = 200;
const longestFact = 300;
const mostNames = 10;

export function messageText(message: AlertMessage): MessageText {
  const moment = momentWords[message.moment];
  const title = fitted(lineOf(message.title), longestTitle);
  return { moment, title, headline: `${moment}: ${title}`, facts: factsOf(message), links: linksOf(message) };
}

function factsOf(message: AlertMessage): Fact[] {
  const { service, sinceAt, reason, budget, dependents, holder, clocks, urgency, moment } = message;
  const facts: [string, string | null][] = [
    ['Promise', promiseOf(message)],
    ['Service', service && service.name],
    ['Since', instantText(sinceAt, 'UTC')],
    ['Reason', reason],
    ['Budget', budget && `${budget.leftText}, ${percentUsed(budget.usedRatio)} used`],
    ['Depends on it', dependentsOf(dependents)],
    ['Who has it', holder ?? (moment === 'resolved' || moment === 'test' ? null : 'nobody yet')],
    ...clocks.map(({ what, dueAt }): [string, string] => [lineOf(what), instantText(dueAt, 'UTC')]),
    ['Urgency', urgencyWords[urgency]],
  ];
  return facts
    .filter((fact): fact is [string, string] => Boolean(fact[1]))
    .map(([label, text]) => ({ label: fitted(label, 60), text: fitted(lineOf(text), longestFact) }));
}

function promiseOf({ agreement, objective }: AlertMessage): string | null {
  if (!agreement) return objective;
  return objective ? `${agreement.name}: ${objective}` : agreement.name;
}

/** `0.712500` is `71.25 %`; what is more than two places is rounded up. */
export function percentUsed(ratio: string): string {
  const [whole = '0', places = ''] = ratio.split('.');
  const millionths = BigInt(whole + places.padEnd(6, '0'));
  const hundredths = (millionths + 99n) / 100n;
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`.replace(/\.?0+$/, '') + ' %';
}

function dependentsOf({ names, count }: AlertMessage['dependents']): string | null {
  if (count === 0) return null;
  const shown = names.slice(0, mostNames).map((name) => fitted(lineOf(name), 60));
  const further = count - shown.length;
  return listWords(further > 0 ? [...shown, `${further}${shown.length > 0 ? ' more' : ''}`] : shown);
}

function linksOf({ links }: AlertMessage): MessageLink[] {
  const all: [string, string | null | undefined][] = [
    ['Acknowledge', links.acknowledge],
    ['Open', links.open],
    ['Silence', links.silence],
    ['Escalate', links.escalate],
  ];
  return all.flatMap(([label, url]) => (url ? [{ label, url }] : []));
}

/** The facts as lines, `Since: 2026-11-26 14:52:00 UTC`. */
export const factLines = (facts: readonly Fact[]): string =>
  facts.map(({ label, text }) => `${label}: ${text}`).join('\n');
