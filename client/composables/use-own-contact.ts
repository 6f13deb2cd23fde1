import { computed, type ComputedRef } from 'vue';
import type { Contact } from '../../server/contract/alerts.ts';
import { request } from '../api/request.ts';
import { useSessionStore } from '../stores/session.store.ts';
import { useNewsReading } from './use-news-reading.ts';
import { type RequestControl, useRequest } from './use-request.ts';

export interface OwnContactControl {
  /** Those who may not read the channels are told nothing. */
  mayRead: boolean;
  contacts: RequestControl<Contact[]>;
  /** Keys of the channels by which one is reached; undefined until it is known. */
  own: ComputedRef<Contact['channels'] | undefined>;
}

/** By which channels one is reached oneself. */
export function useOwnContact(): OwnContactControl {
  const session = useSessionStore();
  const name = (): string => session.user?.name ?? '';
  const contacts = useRequest((signal) => request('contacts', { signal }));
  const mayRead = session.can('config:read');
  if (mayRead) useNewsReading(contacts.read, { of: 'on-call', key: name });
  const own = computed(
    () => contacts.data.value?.find((contact) => contact.name.toLowerCase() === name().toLowerCase())?.channels,
  );
  return { mayRead, contacts, own };
}
