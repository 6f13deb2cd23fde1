import { permissions, type Permission, type Role } from '../contract/access.ts';

/** What each role may do. An owner's `catalog:write` reaches no further than the services of the owner's teams. */
export const permissionsOf: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(['board:read']),
  operator: new Set(['board:read', 'probes:try', 'incidents:write', 'config:read']),
  owner: new Set(['board:read', 'probes:try', 'incidents:write', 'config:read', 'catalog:write']),
  admin: new Set(permissions),
};
