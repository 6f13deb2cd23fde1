/** Lengths of time in milliseconds; a day is 24 hours here, which calendars know better. */
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;
