/** Service hours and planned work of the demo. */
import type { calendarInputSchema } from '../contract/calendars.ts';
import type { maintenanceInputSchema } from '../contract/maintenance.ts';
import type { z } from 'zod';
import { demoZone, type DemoTime } from './demo-time.ts';

const weekdays = (hours: string) => ({ mon: [hours], tue: [hours], wed: [hours], thu: [hours], fri: [hours] });

export function demoCalendars(time: DemoTime): Record<string, z.input<typeof calendarInputSchema>> {
  const years = [...new Set([time.first.year, time.today.year])];
  return {
    'demo-office': {
      name: 'Office hours in Berlin',
      timeZone: demoZone,
      week: weekdays('08:00-18:00'),
      holidays: { country: 'DE', region: 'BE' },
      exceptions: years.flatMap((year) => [
        { date: `${year}-12-24`, hours: ['08:00-12:00'], name: 'Christmas Eve' },
        { date: `${year}-12-31`, hours: [], name: 'New Year’s Eve' },
      ]),
    },
    'demo-help-desk': {
      name: 'Hours of the help desk',
      timeZone: demoZone,
      week: { ...weekdays('07:00-19:00'), sat: ['09:00-13:00'] },
      holidays: { country: 'DE', region: 'BE' },
    },
    'demo-new-york': {
      name: 'Trading hours in New York',
      timeZone: 'America/New_York',
      week: weekdays('09:30-16:00'),
      holidays: { country: 'US' },
    },
  };
}

export function demoMaintenance(time: DemoTime): Record<string, z.input<typeof maintenanceInputSchema>> {
  const announced = new Date(time.fromMs - 14 * 86_400_000).toISOString();
  const firstSunday = time.first.add({ days: (7 - time.first.dayOfWeek) % 7 });
  const firstSaturday = time.first.add({ days: (13 - time.first.dayOfWeek) % 7 });
  const upgrade = time.workday(2, 6);
  const release = time.today.add({ days: 6 });
  return {
    'demo-patch-sunday': {
      name: 'Patches on Sundays',
      note: 'Machines are started anew, one after the other.',
      services: ['demo-virtual-machines'],
      dependents: true,
      ...{ start: `${firstSunday}T02:00`, timeZone: demoZone, duration: '90m', repeat: 'FREQ=WEEKLY;BYDAY=SU' },
      announced,
    },
    'demo-core-work': {
      name: 'Work on the core network',
      note: 'One of the two rings at a time.',
      services: ['demo-core-network'],
      ...{ start: `${firstSaturday}T22:00`, timeZone: demoZone, duration: '3h', repeat: 'FREQ=MONTHLY;BYDAY=1SA' },
      announced,
    },
    'demo-database-upgrade': {
      name: 'Upgrade of the databases',
      note: 'It took longer than planned: the rest of it counts.',
      services: ['demo-databases'],
      dependents: true,
      ...{ start: `${upgrade}T06:00`, timeZone: demoZone, duration: '2h' },
      announced: new Date(time.at(upgrade.subtract({ days: 21 }), '09:00')).toISOString(),
    },
    'demo-accounting-release': {
      name: 'New release of accounting',
      services: ['demo-accounting', 'demo-reporting'],
      ...{ start: `${release}T19:00`, timeZone: demoZone, duration: '4h' },
    },
  };
}
