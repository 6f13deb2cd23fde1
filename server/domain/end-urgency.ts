/** How near the end of an agreement is; without a calendar, for those who only name it. */

/** The less urgent first. */
export const endUrgencies = ['soon', 'near', 'last'] as const;
export type EndUrgency = (typeof endUrgencies)[number];

/** Days before an end from which on people are warned, each time more urgently. */
export const warningDays: Readonly<Record<EndUrgency, number>> = { soon: 60, near: 30, last: 7 };
