/** Who is told of an agreement. */
import type { Side } from '../contract/agreement-life.ts';
import { sides } from '../contract/agreement-life.ts';
import type { AgreementInput } from '../contract/agreements.ts';
import { isMailAddress } from '../platform/mailer.ts';

export interface Recipient {
  party: Side;
  address: string;
}

const addresses = /[^\s<>,;:()"]+@[^\s<>,;:()"]+/g;
/** Nobody can be reached there (RFC 2606). */
const unreachable = /\.(example|invalid|localhost|test)$/;

/** The addresses of both parties: of their teams, among their contacts, and of those who sign; each once. */
export function recipientsOf(
  terms: Pick<AgreementInput, 'parties' | Side>,
  teamAddresses: ReadonlyMap<string, string | null>,
): Recipient[] {
  const found = new Map<string, Recipient>();
  for (const party of sides) {
    const { contacts, signatories } = terms.parties[party];
    const all = [
      teamAddresses.get(terms[party]) ?? '',
      ...contacts.flatMap((contact) => contact.match(addresses) ?? []),
      ...signatories.map(({ email }) => email),
    ];
    for (const address of reachable(all)) if (!found.has(address)) found.set(address, { party, address });
  }
  return [...found.values()];
}

/** Those of some texts that are addresses at which somebody can be reached, in lower case, each once. */
export function reachable(texts: readonly string[]): string[] {
  const all = texts.map((text) => text.toLowerCase().replace(/\.+$/, ''));
  return [...new Set(all.filter((address) => isMailAddress(address) && !unreachable.test(address)))];
}
