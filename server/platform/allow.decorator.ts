import { SetMetadata } from '@nestjs/common';
import type { Permission } from '../contract/access.ts';

/** What a route asks of the one who calls it: a permission, any sign-in, or nothing. */
export type Requirement = Permission | 'sign-in' | 'nothing';

/** The metadata that the guard reads. A route without it stops the start. */
export const requirementKey = 'troth:requirement';

/** Names the parameter of a route that holds the key of a board, where a display of that board may call it too. */
export const kioskKey = 'troth:kiosk';
export const KioskToo = (parameter: string) => SetMetadata(kioskKey, parameter);

/** The route is for those who have this permission. */
export const Allow = (permission: Permission) => SetMetadata(requirementKey, permission satisfies Requirement);

/** The route is for everyone who is signed in. */
export const SignedIn = () => SetMetadata(requirementKey, 'sign-in' satisfies Requirement);

/** The route is for everyone, without sign-in. */
export const Public = () => SetMetadata(requirementKey, 'nothing' satisfies Requirement);
