/** What is said of changes of many services. */
import type { ServiceChange } from '../../server/contract/service-bulk.ts';

/** `1 service`, `12 services` */
export const servicesText = (count: number): string => (count === 1 ? '1 service' : `${count} services`);

/** What was done to how many, and how many were so already. */
export function changeText(change: ServiceChange, changed: number, asked: number): string {
  const rest = asked - changed;
  const already = rest === 0 ? '' : changed === 0 ? ' They were so already.' : ` ${rest} were so already.`;
  const what = {
    pause: 'paused',
    resume: 'resumed',
    'add-tag': `tagged “${'tag' in change ? change.tag : ''}”`,
    'remove-tag': `without the tag “${'tag' in change ? change.tag : ''}”`,
  }[change.type];
  return changed === 0 ? `Nothing changed.${already}` : `${servicesText(changed)} ${what}.${already}`;
}

/** What takes a change back for those that it really changed. */
export function inverseOf(change: ServiceChange): ServiceChange {
  switch (change.type) {
    case 'pause':
      return { type: 'resume' };
    case 'resume':
      return { type: 'pause' };
    case 'add-tag':
      return { type: 'remove-tag', tag: change.tag };
    case 'remove-tag':
      return { type: 'add-tag', tag: change.tag };
  }
}
