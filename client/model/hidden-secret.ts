import { hiddenSecret } from '../../server/contract/catalog.ts';

/** Whether a configuration as the browser sees it lacks a secret, so that it cannot be tried from here. */
export function holdsHiddenSecret(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(hiddenSecret);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsHiddenSecret);
}
