import { type Ref, shallowRef } from 'vue';
import { type ApiProblem, asProblem } from '../api/api-problem.ts';
import { request } from '../api/request.ts';
import {
  type AddedService,
  chosenRows,
  type SharedFields,
  toNewServices,
  toRow,
  withFaults,
} from '../model/added-service.ts';

export interface AddingControl {
  rows: Ref<readonly AddedService[]>;
  busy: Ref<'propose' | 'again' | 'add' | null>;
  problem: Ref<ApiProblem | null>;
  /** Keys of the services that were made; null before. */
  made: Ref<readonly string[] | null>;
  propose: (text: string, location: string) => Promise<boolean>;
  /** Reads one line anew, after it was corrected. */
  proposeAgain: (row: AddedService, text: string, location: string) => Promise<void>;
  change: (row: AddedService) => void;
  add: (shared: SharedFields) => Promise<void>;
}

/** The way of a pasted list to services: proposed line by line, changed, then made all at once or not at all. */
export function useAdding(): AddingControl {
  const rows = shallowRef<readonly AddedService[]>([]);
  const busy = shallowRef<'propose' | 'again' | 'add' | null>(null);
  const problem = shallowRef<ApiProblem | null>(null);
  const made = shallowRef<readonly string[] | null>(null);
  let lastId = 0;

  /** One thing at a time; whether it could be done. */
  async function during(act: NonNullable<typeof busy.value>, work: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = act;
    problem.value = null;
    try {
      await work();
      return true;
    } catch (error) {
      problem.value = asProblem(error);
      return false;
    } finally {
      busy.value = null;
    }
  }

  const change = (row: AddedService): void =>
    void (rows.value = rows.value.map((each) => (each.id === row.id ? row : each)));

  return {
    rows,
    busy,
    problem,
    made,
    change,
    propose: (text, location) =>
      during('propose', async () => {
        const { proposals } = await request('proposeProbes', { body: { lines: text.split('\n'), location } });
        made.value = null;
        rows.value = proposals.map((proposal) => toRow((lastId += 1), proposal));
      }),
    proposeAgain: async (row, text, location) => {
      await during('again', async () => {
        const { proposals } = await request('proposeProbes', { body: { lines: [text], location } });
        const [proposal] = proposals;
        if (proposal) change(toRow(row.id, proposal));
        else rows.value = rows.value.filter(({ id }) => id !== row.id);
      });
    },
    add: async (shared) => {
      const sent = chosenRows(rows.value);
      await during('add', async () => {
        const answer = await request('makeServices', { body: toNewServices(sent, shared) });
        made.value = answer.made;
        rows.value = rows.value.filter((row) => !sent.includes(row));
      });
      rows.value = withFaults(rows.value, sent, problem.value?.issues ?? []);
    },
  };
}
