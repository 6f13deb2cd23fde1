import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { ApiProblem } from '../api/api-problem.ts';
import { request } from '../api/request.ts';

const placeOf = (board: string): string => `troth.kiosk.${board}`;

/** The token in the fragment of a kiosk link, `#kiosk=<token>`; null where there is none. */
export const kioskTokenIn = (hash: string): string | null => /^#kiosk=([\w-]+)$/.exec(hash)?.[1] ?? null;

/** A display without an account, which a kiosk link lets read one board. The browser keeps the token. */
export const useKioskStore = defineStore('kiosk', () => {
  /** The board that is open in this way; null for people, who sign in. */
  const board = shallowRef<string | null>(null);
  /** Null once it is revoked: the display then says so and shows nothing. */
  const token = shallowRef<string | null>(null);

  function enter(key: string, given: string): void {
    board.value = key;
    token.value = given;
    localStorage.setItem(placeOf(key), given);
  }

  /** Opens a board by the token that this browser kept. Answers whether it has one. */
  function recall(key: string): boolean {
    const kept = localStorage.getItem(placeOf(key));
    if (kept !== null) enter(key, kept);
    return kept !== null;
  }

  function leave(): void {
    board.value = null;
    token.value = null;
  }

  function end(): void {
    if (board.value !== null) localStorage.removeItem(placeOf(board.value));
    token.value = null;
  }

  /** Asks the server whether the token still opens its board; one that is away does not say so. */
  async function isOver(): Promise<boolean> {
    if (board.value === null || token.value === null) return true;
    try {
      await request('board', { path: { key: board.value }, bearer: token.value });
      return false;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.status !== 401) return false;
      end();
      return true;
    }
  }

  return { board, token, enter, recall, leave, end, isOver };
});
