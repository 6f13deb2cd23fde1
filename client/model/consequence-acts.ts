/** What can be done with an entry of the ledger: what each act asks, says and sends. */
import {
  mdiBookCheckOutline,
  mdiCalendarEdit,
  mdiCheck,
  mdiClipboardCheckOutline,
  mdiGavel,
  mdiHandHeartOutline,
  mdiScaleBalance,
} from '@mdi/js';
import type { Consequence, ConsequenceChoices } from '../../server/contract/consequences.ts';
import { isRepayment, owedText } from './consequence-text.ts';

export interface ActField {
  readonly name: 'reason' | 'journal' | 'owner' | 'dueOn' | 'note';
  readonly label: string;
  readonly kind: 'text' | 'lines' | 'date';
  readonly hint?: string;
}

export interface LedgerAct {
  readonly name: string;
  readonly may: keyof ConsequenceChoices;
  readonly label: string;
  readonly icon: string;
  readonly isMain?: boolean;
  readonly isDangerous?: boolean;
  readonly title: string;
  readonly words: string;
  readonly fields: readonly ActField[];
  readonly route:
    | 'acceptConsequence'
    | 'contestConsequence'
    | 'waiveConsequence'
    | 'decideConsequence'
    | 'bookConsequence'
    | 'planConsequence'
    | 'finishConsequence';
  /** Sent beside the fields. */
  readonly fixed?: Readonly<Record<string, string>>;
  readonly said: string;
}

const reason = (label: string): ActField => ({ name: 'reason', label, kind: 'lines' });
const plan: readonly ActField[] = [
  { name: 'owner', label: 'Who does it', kind: 'text', hint: 'The person, where one is named' },
  { name: 'dueOn', label: 'By which day', kind: 'date' },
];
/** What is owed is written by people, with or without a full stop. */
const stopped = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
const stays = 'This stays on record and cannot be taken back.';

/** What the one who is signed in may do with an entry, what is nearest first. */
export function actsOf(entry: Consequence): LedgerAct[] {
  return [...all(entry)].filter(({ may }) => entry.may[may]);
}

function all(entry: Consequence): LedgerAct[] {
  const isAction = entry.kind === 'action';
  const owed = stopped(owedText(entry));
  const noun = isAction ? 'action' : isRepayment(entry) ? 'repayment' : 'credit';
  return [
    {
      ...{ name: 'accept', may: 'accept', label: 'Accept', icon: mdiCheck, isMain: true, route: 'acceptConsequence' },
      ...{ title: `Accept this ${noun}?`, words: `${owed} ${stays}` },
      fields: [...(isAction ? plan : []), reason('What is to be said about it, if anything')],
      said: `The ${noun} is accepted${isAction ? '' : ' and can be booked'}.`,
    },
    {
      ...{ name: 'contest', may: 'contest', label: 'Contest', icon: mdiScaleBalance, route: 'contestConsequence' },
      ...{ title: 'Contest this?', fields: [reason('Why')], said: 'It is contested.' },
      words:
        'A correction that both parties agree on changes the figures, and with them what is owed; else the arbiter decides. Propose the correction from what the figure is made of.',
    },
    {
      ...{
        name: 'uphold',
        may: 'decide',
        label: 'It is owed',
        icon: mdiGavel,
        isMain: true,
        route: 'decideConsequence',
      },
      ...{ title: 'Decide that this is owed?', words: `${owed} ${stays}`, fields: [reason('Why, for both parties')] },
      ...{ fixed: { outcome: 'upheld' }, said: 'It is decided: it is owed.' },
    },
    {
      ...{ name: 'dismiss', may: 'decide', label: 'It is not owed', icon: mdiGavel, route: 'decideConsequence' },
      ...{
        title: 'Decide that this is not owed?',
        words: `${owed} ${stays}`,
        fields: [reason('Why, for both parties')],
      },
      ...{ fixed: { outcome: 'dismissed' }, isDangerous: true, said: 'It is decided: it is not owed.' },
    },
    {
      ...{ name: 'book', may: 'book', label: 'Booked …', icon: mdiBookCheckOutline, isMain: true },
      ...{ route: 'bookConsequence', title: 'Under which reference is it booked?', said: 'The booking is on record.' },
      words: `${owed} ${stays}`,
      fields: [{ name: 'journal', label: 'Journal reference', kind: 'text', hint: 'As it stands in the books' }],
    },
    {
      ...{ name: 'finish', may: 'finish', label: 'Done …', icon: mdiClipboardCheckOutline, isMain: true },
      ...{ route: 'finishConsequence', title: 'Is this done?', words: `${owed} ${stays}`, said: 'It is done.' },
      fields: [{ name: 'note', label: 'What was done', kind: 'lines' }],
    },
    {
      ...{ name: 'plan', may: 'plan', label: 'Plan', icon: mdiCalendarEdit, route: 'planConsequence' },
      ...{ title: 'Who does it, and by when?', words: owed, said: 'It is planned.' },
      fields: [...plan, reason('Why it is planned otherwise, if that is to be said')],
    },
    {
      ...{ name: 'waive', may: 'waive', label: 'Waive', icon: mdiHandHeartOutline, route: 'waiveConsequence' },
      ...{ title: 'Waive this?', words: `${owed} Nothing is owed for it any more. ${stays}`, isDangerous: true },
      ...{ fields: [reason('Why')], said: 'It is waived.' },
    },
  ];
}

/** What the fields begin with. */
export function beginOf(entry: Consequence): Record<ActField['name'], string> {
  const { action } = entry;
  return { reason: '', journal: '', note: '', owner: action?.owner ?? '', dueOn: action?.dueOn ?? '' };
}
