/** Results as they are told: figures rounded the honest way, and a sentence for people. */
import type { Counting } from '../contract/agreements.ts';
import type {
  Compliance,
  Explanation,
  ExplanationPiece,
  ObjectiveGist,
  ObjectiveResult,
} from '../contract/compliance.ts';
import type { CorrectionNote } from '../contract/corrections.ts';
import { reasonOf, reasons } from '../../probes/contract.ts';
import { cutAtEdges } from '../domain/corrections.ts';
import { lengthText } from '../domain/length-text.ts';
import type { Piece } from '../domain/objective-line.ts';
import {
  ceil,
  ceilNumber,
  compareRatios,
  decimalText,
  floor,
  floorNumber,
  negated,
  ratioOf,
  ratioOfPercent,
  ratioText,
  readablePercent,
  type Ratio,
} from '../domain/ratio.ts';
import type { Span } from '../domain/spans.ts';
import type { TimeFigures } from '../domain/time-objective.ts';
import { verdictWords } from '../domain/verdict.ts';
import type { NotedSpan } from './correction-notes.ts';
import type { Evaluated, Told } from './evaluated.ts';
import type { AskedPeriod } from './judged-parts.ts';
import { promiseText } from './promise-text.ts';

export const ratioView = (ratio: Ratio) => ({
  ratio: ratioText(ratio),
  numerator: Number(ratio.numerator),
  denominator: Number(ratio.denominator),
  text: readablePercent(ratio),
});

export const isoOf = (atMs: number): string => new Date(atMs).toISOString();
const seconds = (ms: number): number => ms / 1_000;

export const periodView = ({ label, fromMs, toMs, isRolling }: AskedPeriod, nowMs: number): Compliance['period'] => ({
  ...{ label, from: isoOf(fromMs), to: isoOf(toMs) },
  closed: !isRolling && nowMs >= toMs,
});

/** Whether what is told is of an agreement that ended before the period. */
export const isBehind = (version: number | null, effective: Span, period: Span): boolean =>
  version === null && effective.toMs <= period.fromMs;

/** When terms are in force within a period. */
export function spanView(effective: Span, { fromMs, toMs }: Span) {
  const beginMs = Math.max(effective.fromMs, fromMs);
  return { from: isoOf(beginMs), to: isoOf(Math.max(beginMs, Math.min(effective.toMs, toMs))) };
}

/** `excused`: what falls to services below is taken out already. */
export const resultView = (result: Evaluated, isUpstreamExcused: boolean): ObjectiveResult =>
  toldView({ ...result, isDisputed: result.corrections.open.length > 0 }, isUpstreamExcused);

/** The same of what is known without its pieces. */
export function toldView(result: Told, isUpstreamExcused: boolean): ObjectiveResult {
  const { time, shares, excused } = result;
  return {
    ...gistView(result),
    coverage: result.coverage && ratioView(result.coverage),
    seconds: time && secondsView(time),
    events: result.events,
    upstream: [
      ...shares.map(({ key: service, badMs }) => ({ service, seconds: seconds(badMs), excused: false })),
      ...(isUpstreamExcused
        ? excused.map(({ key: service, ms }) => ({ service, seconds: seconds(ms), excused: true }))
        : []),
    ],
    withoutUpstream: withoutUpstream(result),
    sentence: sentenceOf(result),
  };
}

/** What an overview tells of it. */
export const gistView = (result: Told): ObjectiveGist => ({ ...promiseView(result), ...standingView(result) });

export type PromiseView = Pick<ObjectiveResult, 'key' | 'type' | 'title' | 'promise' | 'target' | 'services'>;

/** What is promised, whatever comes of it. */
export const promiseView = ({
  key,
  objective,
  services,
}: Pick<Told, 'key' | 'objective' | 'services'>): PromiseView => ({
  key,
  type: objective.type,
  title: objective.title || key,
  promise: promiseText(objective),
  target: 'target' in objective ? (objective.target ?? null) : null,
  services: [...services],
});

/** How that stands. */
export const standingView = (result: Standing) => ({
  attained: result.judgement.attained && ratioView(result.judgement.attained),
  reached: result.reached,
  verdict: result.judgement.verdict,
  unproven: !result.isProven,
  disputed: result.isDisputed,
  budget: budgetView(result),
  burn: result.burn && decimalText(result.burn, 2, 'up'),
  exhaustedAt: result.exhaustedAtMs === null ? null : isoOf(result.exhaustedAtMs),
  losing: result.isLosing && result.exhaustedAtMs !== null,
});
export type StandingView = ReturnType<typeof standingView>;
type Standing = Omit<Told, 'key' | 'objective' | 'services' | 'time' | 'events' | 'coverage' | 'shares' | 'excused'>;

const secondsView = (time: TimeFigures) => ({
  agreed: seconds(time.agreedMs),
  excluded: seconds(time.excludedMs),
  eligible: seconds(time.eligibleMs),
  up: seconds(time.upMs),
  degraded: seconds(time.degradedMs),
  down: seconds(time.downMs),
  unknown: seconds(time.unknownMs),
  unmonitored: seconds(time.unmonitoredMs),
  bad: seconds(time.badMs),
});

function budgetView({ judgement: { budget, left, used }, unit }: Standing): ObjectiveResult['budget'] {
  const inUnit = (wanted: Evaluated['unit']) => unit === wanted;
  return {
    seconds: inUnit('ms') ? seconds(floorNumber(budget)) : null,
    leftSeconds: inUnit('ms') ? seconds(floorNumber(left)) : null,
    events: inUnit('events') ? floorNumber(budget) : null,
    leftEvents: inUnit('events') ? floorNumber(left) : null,
    usedRatio: used && decimalText(used, 6, 'up'),
  };
}

/** How it would stand had everything below been up: that time counts as good then. */
function withoutUpstream({ objective, time, shares }: Told): ObjectiveResult['withoutUpstream'] {
  if (objective.type !== 'availability' || !time || shares.length === 0 || time.measuredMs === 0) return null;
  const othersMs = shares.reduce((sum, { badMs }) => sum + badMs, 0);
  const attained = ratioOf(time.measuredMs - time.badMs + othersMs, time.measuredMs);
  return { attained: ratioView(attained), met: compareRatios(attained, ratioOfPercent(objective.target)) >= 0 };
}

/** What was reached, in words; null where nothing was measured. */
export const reachedText = ({ reached, judgement }: Pick<Told, 'reached' | 'judgement'>): string | null =>
  reached ?? (judgement.attained && readablePercent(judgement.attained));

/** What the figures mean, as one would say it. */
export function sentenceOf(result: Told): string {
  const { objective, judgement, unit } = result;
  const promise = promiseText(objective);
  const now = reachedText(result) ?? 'nothing';
  const { left, budget } = judgement;
  const size = (ratio: Ratio): string => (unit === 'ms' ? lengthText(floorNumber(ratio)) : String(floor(ratio)));
  const over = unit === 'ms' ? lengthText(ceilNumber(negated(left))) : String(ceil(negated(left)));
  const isNone = unit === 'events' && size(budget) === '0' && size(left) === '0';
  const rest =
    unit === 'micros' ? '' : isNone ? 'none may be missed' : `${size(left)} of ${size(budget)} may still be missed`;
  const word = verdictWords[judgement.verdict];
  switch (judgement.verdict) {
    case 'no-data':
      return `${word}: nothing was measured that could tell; promised: ${promise}.`;
    case 'met':
      return `${word}: ${now}; promised: ${promise}.`;
    case 'missed':
      return `${word}: ${now}; promised: ${promise}${unit === 'micros' ? '' : `, by ${over}`}.`;
    case 'breached':
      return `${word}: ${now}; promised: ${promise}. Nothing that comes can repair it.`;
    case 'below-target':
      return `${word}: ${now}; promised: ${promise}. It can still be reached.`;
    case 'at-risk':
      return `${word}: ${now}; promised: ${promise}${rest ? `; ${rest}` : ''}${lostAt(result)}.`;
    case 'on-track':
      return `${word}: ${now}; promised: ${promise}${rest ? `; ${rest}` : ''}.`;
  }
}

/** The forecast rests on what was lost of late: whether that goes on is told with it. */
function lostAt({ exhaustedAtMs, isLosing }: Told): string {
  if (exhaustedAtMs === null) return '';
  const day = isoOf(exhaustedAtMs).slice(0, 10);
  return isLosing
    ? `; it is being lost now, and going on as of late it is used up on ${day}`
    : `; nothing is being lost now, but going on as of late it is used up on ${day}`;
}

/** Cut where a correction begins or ends, each stretch with what is told of it. */
export function linesView(
  { lines, objective, shares }: Evaluated,
  counting: Counting,
  noted: readonly NotedSpan[],
): Explanation['lines'] {
  const ofUpstream = ({ isBad, fromMs, toMs }: Piece): string | null =>
    isBad
      ? (shares.find(({ spans }) => spans.some((span) => span.fromMs < toMs && span.toMs > fromMs))?.key ?? null)
      : null;
  const isAverage = 'combine' in objective && objective.combine === 'average';
  const notesOn = ({ fromMs, toMs, service }: Piece): CorrectionNote[] =>
    noted
      .filter((one) => one.fromMs < toMs && one.toMs > fromMs && (!isAverage || one.note.service === service))
      .map(({ note }) => note);
  return lines.map((line) =>
    cutAtEdges(line, noted).map((piece): ExplanationPiece => ({
      class: piece.class,
      from: isoOf(piece.fromMs),
      to: isoOf(piece.toMs),
      seconds: seconds(piece.toMs - piece.fromMs),
      bad: piece.isBad,
      rule: ruleText(piece, counting),
      service: objective.type === 'recovery' ? piece.service.split('.')[0]! : piece.service,
      reason: hasReason(piece) ? reasons[reasonOf(piece.reason)].text : null,
      upstream: ofUpstream(piece),
      corrections: notesOn(piece),
    })),
  );
}

const hasReason = ({ class: name }: Piece): boolean => name !== 'up' && name !== 'unmonitored' && name !== 'excluded';

function ruleText({ class: name, exclusion, isForgiven, reason }: Piece, counting: Counting): string {
  if (isForgiven) return `Shorter than ${lengthText(counting.minimumOutage)}: forgiven`;
  switch (name) {
    case 'excluded':
      if (exclusion?.cause === 'maintenance') return `Planned maintenance "${exclusion.key}", announced in time`;
      if (exclusion?.cause === 'upstream') return `Excused: "${exclusion.key}" was down below it`;
      return 'Excluded by an approved correction';
    case 'up':
      if (reason === reasons.supposed.code) return 'Up, as supposed';
      return reason === reasons.corrected.code ? 'Up by an approved correction' : 'Up';
    case 'down':
      return 'Down';
    case 'degraded':
      return counting.degraded === 'bad' ? 'Degraded, which counts as bad' : 'Degraded, which counts as good';
    case 'unknown':
      return counting.unknown === 'excluded' ? 'Unknown: left out' : `Unknown, which counts as ${counting.unknown}`;
    case 'unmonitored':
      return 'Not monitored: left out';
  }
}
