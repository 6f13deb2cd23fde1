import { type Ref, shallowRef } from 'vue';
import type { Incident } from '../../server/contract/incidents.ts';
import { asProblem } from '../api/api-problem.ts';
import { request } from '../api/request.ts';
import { useRecordsStore } from '../stores/records.store.ts';
import { useToastsStore } from '../stores/toasts.store.ts';

type Acknowledged = Pick<Incident, 'id' | 'acknowledgedAt' | 'respondedAt'>;

/** Acknowledging incidents in one touch, which a toast takes back. */
export function useAcknowledging(): { isBusy: Ref<boolean>; acknowledge: (incident: Acknowledged) => Promise<void> } {
  const records = useRecordsStore();
  const toasts = useToastsStore();
  const isBusy = shallowRef(false);

  async function told(act: () => Promise<unknown>): Promise<boolean> {
    isBusy.value = true;
    try {
      await act();
      return true;
    } catch (error) {
      toasts.show(asProblem(error).message, { isProblem: true });
      return false;
    } finally {
      isBusy.value = false;
      records.changed();
    }
  }
  async function acknowledge({ id, acknowledgedAt, respondedAt }: Acknowledged): Promise<void> {
    const path = { id: String(id) };
    if (!(await told(() => request('acknowledgeIncident', { path, body: {} })))) return;
    const undo = async (): Promise<void> => {
      const isBack = await told(() => request('changeIncident', { path, body: { acknowledgedAt, respondedAt } }));
      if (isBack) toasts.show(`#${id} waits for somebody again.`);
    };
    toasts.show(`You acknowledged #${id}.`, { act: { label: 'Undo', run: undo } });
  }
  return { isBusy, acknowledge };
}
