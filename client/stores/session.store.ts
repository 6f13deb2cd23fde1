import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Permission, Session, Setup } from '../../server/contract/access.ts';
import { ApiProblem } from '../api/api-problem.ts';
import { onSignInRequired, request } from '../api/request.ts';

/** `unasked` before the server was asked, `away` while it does not answer. */
export type SessionState = 'unasked' | 'in' | 'out' | 'away';

/** Who is signed in, and what they may do. */
export const useSessionStore = defineStore('session', () => {
  const session = shallowRef<Session | null>(null);
  const state = shallowRef<SessionState>('unasked');

  function begin(next: Session): void {
    session.value = next;
    state.value = 'in';
  }
  function end(): void {
    session.value = null;
    state.value = 'out';
  }
  onSignInRequired(end);

  /** Asks the server who is signed in. */
  async function load(): Promise<void> {
    try {
      begin(await request('session'));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.status === 401) end();
      else if (state.value !== 'in') state.value = 'away';
    }
  }
  async function signIn(name: string, password: string): Promise<void> {
    begin(await request('signIn', { body: { name, password } }));
  }
  async function setUp(body: Setup): Promise<void> {
    begin(await request('setUp', { body }));
  }
  async function signOut(): Promise<void> {
    await request('signOut');
    end();
  }

  return {
    session,
    state,
    user: computed(() => session.value?.user ?? null),
    can: (permission: Permission): boolean => session.value?.permissions.includes(permission) ?? false,
    load,
    signIn,
    setUp,
    signOut,
    end,
  };
});
