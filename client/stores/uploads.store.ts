import { defineStore } from 'pinia';
import { shallowRef, triggerRef, watch } from 'vue';
import type { HistoryImport } from '../../server/contract/history-imports.ts';
import { type ApiProblem, asProblem } from '../api/api-problem.ts';
import { request } from '../api/request.ts';
import { useLiveStore } from './live.store.ts';

/** A file on its way to the server. */
export interface Upload {
  readonly file: File;
  readonly sentBytes: number;
  readonly isSending: boolean;
  readonly problem: ApiProblem | null;
}

/** So much is sent at once, and confirmed. */
const pieceBytes = 1_048_576;

/** Files on their way to the server, whatever page is shown meanwhile; one that was cut off goes on when the link is back. */
export const useUploadsStore = defineStore('uploads', () => {
  const live = useLiveStore();
  const uploads = shallowRef(new Map<number, Upload>());

  const of = (id: number): Upload | undefined => uploads.value.get(id);
  function set(id: number, part: Partial<Upload>): void {
    const known = uploads.value.get(id);
    if (known) uploads.value.set(id, { ...known, ...part });
    triggerRef(uploads);
  }

  /** Sends a file, or what the server has not confirmed of it. */
  function begin(found: Pick<HistoryImport, 'id' | 'receivedBytes'>, file: File): void {
    if (of(found.id)?.isSending) return;
    uploads.value.set(found.id, { file, sentBytes: found.receivedBytes, isSending: true, problem: null });
    triggerRef(uploads);
    void send(found.id, file, found.receivedBytes);
  }

  async function send(id: number, file: File, fromByte: number): Promise<void> {
    try {
      for (let offset = fromByte; offset < file.size && of(id);) {
        const body = file.slice(offset, offset + pieceBytes);
        const { receivedBytes } = await request('sendImport', { path: { id: String(id) }, query: { offset }, body });
        offset = receivedBytes;
        set(id, { sentBytes: offset });
      }
      forget(id);
    } catch (error) {
      set(id, { isSending: false, problem: asProblem(error) });
    }
  }

  /** Asks the server what it has, and sends the rest. */
  async function resume(id: number): Promise<void> {
    const upload = of(id);
    if (!upload || upload.isSending) return;
    try {
      const found = await request('import', { path: { id: String(id) } });
      if (found.state === 'receiving') begin(found, upload.file);
      else forget(id);
    } catch (error) {
      set(id, { problem: asProblem(error) });
    }
  }

  function forget(id: number): void {
    uploads.value.delete(id);
    triggerRef(uploads);
  }

  watch(
    () => live.link,
    (link) => {
      if (link === 'live')
        for (const [id, { problem }] of uploads.value) if (problem?.code === 'unreachable') void resume(id);
    },
  );
  return { of, begin, resume, forget };
});
