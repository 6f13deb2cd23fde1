/** What verdicts look like: a mark of its own shape, a word and a colour for each, and which is the worst. */
import {
  mdiAlert,
  mdiArrowDownBoldBox,
  mdiCheckCircle,
  mdiCheckDecagram,
  mdiCloseOctagon,
  mdiCloseThick,
  mdiMinusCircleOutline,
} from '@mdi/js';
import type { ObjectiveResult } from '../../server/contract/compliance.ts';
import { verdictWords } from '../../server/domain/verdict.ts';
import type { TileKind } from './tile-kind.ts';

export type Verdict = ObjectiveResult['verdict'];

export interface VerdictLook {
  readonly word: string;
  /** Path of a 24×24 icon whose outline differs from every other verdict's. */
  readonly icon: string;
  /** The state whose colours it has. */
  readonly colour: TileKind;
  readonly explanation: string;
}

/** The worst first. */
const looks: Readonly<Record<Verdict, Omit<VerdictLook, 'word'>>> = {
  breached: {
    icon: mdiCloseOctagon,
    colour: 'down',
    explanation: 'More is lost than may be: nothing that is still to come can repair it',
  },
  missed: { icon: mdiCloseThick, colour: 'down', explanation: 'The period is over, the target missed' },
  'below-target': {
    icon: mdiArrowDownBoldBox,
    colour: 'suspect',
    explanation: 'Less than was promised, which better days can still repair',
  },
  'at-risk': {
    icon: mdiAlert,
    colour: 'degraded',
    explanation: 'At most a fifth of the budget is left, or it ends before the period at the rate of late',
  },
  'no-data': {
    icon: mdiMinusCircleOutline,
    colour: 'unmonitored',
    explanation: 'Nothing was measured that would tell',
  },
  'on-track': { icon: mdiCheckCircle, colour: 'up', explanation: 'As promised so far' },
  met: { icon: mdiCheckDecagram, colour: 'up', explanation: 'The period is over, the target met' },
};
const worstFirst = Object.keys(looks) as Verdict[];

export const verdictLooks = Object.fromEntries(
  worstFirst.map((verdict) => [verdict, { word: verdictWords[verdict], ...looks[verdict] }]),
) as Readonly<Record<Verdict, VerdictLook>>;

/** The verdict that deserves attention first; null of none. */
export function worstVerdict(objectives: readonly Pick<ObjectiveResult, 'verdict'>[]): Verdict | null {
  const found = new Set(objectives.map(({ verdict }) => verdict));
  return worstFirst.find((verdict) => found.has(verdict)) ?? null;
}
