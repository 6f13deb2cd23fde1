import type { Role } from '../contract/access.ts';
import type { Actor } from '../platform/request-context.ts';

/** Someone who is signed in: a person by a session, a program by an API token, a display by a kiosk token. */
export interface Principal extends Actor {
  /** Opaque, the same for as long as the sign-in lasts. */
  id: string;
  kind: 'user' | 'token' | 'kiosk';
  /** The account, of a session alone. */
  user: { id: number; name: string; displayName: string; role: Role; teams: string[] } | null;
  /** When it ends if it is not used; null when it does not end by itself. */
  expiresAt: Date | null;
}

export const isPrincipal = (actor: Actor): actor is Principal => 'id' in actor;
