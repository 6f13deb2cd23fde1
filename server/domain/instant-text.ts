/** Instants by the clocks of a zone, with the name that these clocks have then: of an hour that comes twice, which it is. */

const formats = new Map<string, Intl.DateTimeFormat>();
function formatFor(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'short',
    });
    formats.set(zone, format);
  }
  return format;
}

export type InstantParts = Partial<Record<Intl.DateTimeFormatPartTypes, string>>;

/** What the clocks of a zone show at an instant: epoch milliseconds or an ISO text. */
export const instantParts = (instant: number | string, zone: string): InstantParts =>
  Object.fromEntries(
    formatFor(zone)
      .formatToParts(new Date(instant))
      .map(({ type, value }) => [type, value]),
  );

/** `2026-11-23 14:03:22 CET` */
export function instantText(instant: number | string, zone: string): string {
  const { year, month, day, hour, minute, second, timeZoneName } = instantParts(instant, zone);
  return `${year}-${month}-${day} ${hour}:${minute}:${second} ${timeZoneName}`;
}
