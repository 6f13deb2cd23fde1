/** When the promises hold: service hours, support hours and maintenance. */
import { lengthWords } from '../../../contract/length-words.ts';
import { isClocked, perPeriod } from '../../../contract/objective-words.ts';
import { define, definitions, type Definition, type PartDraft } from '../blocks.ts';
import { calendarWords } from '../calendar-words.ts';
import { objectivesOf, textOf, type Source } from '../document-context.ts';
import { markdownBlocks } from '../markdown-blocks.ts';

/** Whether anything is measured over time, so that service hours and maintenance matter. */
export const isTimed = (source: Source): boolean =>
  objectivesOf(source).some(
    ([, objective]) =>
      ['availability', 'success', 'latency', 'outage'].includes(objective.type) ||
      (objective.type === 'recovery' && objective.maxAge != null),
  );
/** Whether support hours matter. */
export const hasClocks = (source: Source): boolean =>
  objectivesOf(source).some(([, objective]) => isClocked(objective));

/** A calendar in words; none is around the clock, one that is not known is its key. */
export function hoursWords({ agreement, context }: Source, key: string | null | undefined): string {
  if (key == null) return 'Around the clock';
  const calendar = context.calendars.get(key);
  if (!calendar) return key;
  const words = calendarWords(calendar, agreement.effective.from);
  return calendar.name === '' || words === calendar.name ? words : `${calendar.name}: ${words}`;
}

export function hoursPart(source: Source): PartDraft {
  const { calendar } = source.agreement;
  return {
    key: 'hours',
    title: 'Service hours and maintenance',
    blocks: [
      ...definitions([
        ...(isTimed(source) || calendar != null ? [define('Service hours', hoursWords(source, calendar))] : []),
        ...(hasClocks(source) ? [define('Support hours', supportWords(source))] : []),
        ...(isTimed(source) ? [maintenanceWords(source)] : []),
      ]),
      ...markdownBlocks(textOf(source, 'maintenance')),
    ],
  };
}

/** Those that are the service hours are not said twice. */
function supportWords(source: Source): string {
  const { calendar, supportCalendar } = source.agreement;
  return supportCalendar != null && supportCalendar === calendar
    ? 'The same as the service hours.'
    : hoursWords(source, supportCalendar);
}

function maintenanceWords({ agreement: { counting, period } }: Source): Definition {
  const { maintenanceNotice, maintenanceAllowance } = counting;
  const notice =
    maintenanceNotice > 0 ? `at least ${lengthWords(maintenanceNotice)} before it begins` : 'before it begins';
  const none = maintenanceAllowance === 0;
  const limit = maintenanceAllowance ? `, up to ${lengthWords(maintenanceAllowance)} ${perPeriod(period)}` : '';
  const text = none
    ? 'Maintenance is not excused: what it takes away from the service counts.'
    : `Not counted where it was announced ${notice}${limit}. The notice counts from its receipt; what overruns the window counts in full.`;
  return define('Planned maintenance', text);
}
