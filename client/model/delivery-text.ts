/** Channels and what became of what they were told, in words and marks. Pure. */
import { mdiCheckCircleOutline, mdiClockOutline, mdiCloseCircleOutline } from '@mdi/js';
import type { Channel, Delivery } from '../../server/contract/channels.ts';
import type { TileKind } from './tile-kind.ts';

export interface DeliveryLook {
  readonly word: string;
  readonly icon: string;
  readonly colour: TileKind;
}

export const deliveryLooks: Readonly<Record<Delivery['state'], DeliveryLook>> = {
  waiting: { word: 'Waiting', icon: mdiClockOutline, colour: 'degraded' },
  delivered: { word: 'Delivered', icon: mdiCheckCircleOutline, colour: 'up' },
  failed: { word: 'Given up', icon: mdiCloseCircleOutline, colour: 'down' },
};
export const momentWords: Readonly<Record<Delivery['moment'], string>> = {
  firing: 'it began',
  reminder: 'a reminder',
  acknowledged: 'somebody has it',
  resolved: 'it is over',
  test: 'a test',
};

/** How the last delivery went that has ended; null before the first. */
export function lastDelivery({
  lastDeliveredAt,
  lastFailure,
}: Channel): { state: Delivery['state']; at: string } | null {
  const failedAt = lastFailure?.at ?? '';
  if (lastDeliveredAt === null && lastFailure === null) return null;
  return failedAt > (lastDeliveredAt ?? '')
    ? { state: 'failed', at: failedAt }
    : { state: 'delivered', at: lastDeliveredAt! };
}

/** `1 attempt`, `3 attempts`. */
export const attemptsText = (attempts: number): string => (attempts === 1 ? '1 attempt' : `${attempts} attempts`);
