/** What the form of a maintenance begins with, and what of it can be asked about. Pure. */
import { parseInput } from '../../server/contract/input-issues.ts';
import { type MaintenanceInput, maintenanceInputSchema } from '../../server/contract/maintenance.ts';
import type { Fields } from './form-value.ts';
import { localText, nextDay } from './zoned-day.ts';

/** Tomorrow at 22:00 for two hours, in the zone of who writes it. */
export function freshMaintenance(services: readonly string[], nowMs: number, timeZone: string): Fields {
  const today = localText(nowMs, timeZone).slice(0, 10);
  const given = { start: `${nextDay(today)}T22:00`, timeZone, duration: '2h' };
  return services.length > 0 ? { services, ...given } : given;
}

/** What is typed of when it is, as an input: what it is called and what for changes no window. */
export function timingInput({ key: _key, services: _services, ...value }: Fields): Fields {
  return { ...value, name: '', note: '', services: ['any'], dependents: false };
}

/** The same as it is understood; null while something of it is wrong. */
export function timingIn(value: Fields): MaintenanceInput | null {
  return parseInput(maintenanceInputSchema, timingInput(value)).value ?? null;
}
