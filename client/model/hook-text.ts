import type { HookKind } from '../../server/contract/incident-hooks.ts';

/** Whose payloads a hook takes. */
export const hookKindWords: Readonly<Record<HookKind, string>> = {
  generic: 'Any system, by a mapping',
  jira: 'Jira Service Management',
  glpi: 'GLPI',
  servicenow: 'ServiceNow',
};
