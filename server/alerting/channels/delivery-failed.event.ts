import type { AlertMessage } from '../../contract/channels.ts';

declare module '../../platform/events.ts' {
  interface TransactionEvents {
    /** A channel was not told, and is not told any more: whoever can should tell another one. */
    'delivery.failed': FailedDelivery;
    /** A channel is about to be deleted: who still needs it throws a Problem. */
    'channel.deleting': { key: string };
    /** A channel is new, leads elsewhere, or is back. */
    'channel.changed': { key: string };
    /** A channel took a message. */
    'delivery.taken': { channel: string };
  }
}

export interface FailedDelivery {
  deliveryId: number;
  channel: string;
  message: AlertMessage;
  /** What the receiver said, or why it could not be asked. */
  said: string;
}
