/** Which time is planned maintenance, and since when its customers could know: from what was announced, one after the other. */
import { intersect, subtract, unionOf, within, type Span, type Spans } from './spans.ts';

/** One state of a maintenance, in force until the next one was received. */
export interface MaintenanceNotice {
  /** When the server learnt of it, epoch ms. */
  readonly receivedMs: number;
  /** When the customer was told, by the claim of the provider; null where nothing is claimed. */
  readonly announcedMs: number | null;
  /** Whole windows; none where it was deleted, or does not hold for the service in question. */
  readonly windows: Spans;
}

export interface NoticedWindow extends Span {
  /** Since when the server has known of all of it without a break. */
  readonly receivedMs: number;
  /** A declared notice that holds for it: claimed when it was added or later, never before. */
  readonly declaredMs: number | null;
}

/**
 * The windows that hold, in order. Time that passed under a notice stays what that notice said; later ones cannot take it
 * back. What the newest one says of time before it was received is kept as well, with that late receipt. Time that a
 * change added has a notice of its own, so that a window may fall into parts. `ended` is what was called off.
 */
export function noticedWindows(notices: readonly MaintenanceNotice[], ended: Spans): NoticedWindow[] {
  const parts = new Map<string, NoticedWindow[]>();
  const keep = (spans: Spans, index: number) => {
    for (const part of traced(notices, spans, index)) {
      const name = `${part.receivedMs} ${part.declaredMs}`;
      parts.set(name, [...(parts.get(name) ?? []), part]);
    }
  };
  const inForce = notices.map(({ windows, receivedMs }, index) =>
    within(windows, receivedMs, notices[index + 1]?.receivedMs ?? Infinity),
  );
  for (const [index, spans] of inForce.entries()) keep(spans, index);
  const newest = notices.at(-1);
  if (newest)
    keep(subtract(within(newest.windows, -Infinity, newest.receivedMs), unionOf(inForce.flat())), notices.length - 1);
  return [...parts.values()]
    .flatMap((group) => {
      const { receivedMs, declaredMs } = group[0]!;
      return subtract(unionOf(group), ended).map((span) => ({ ...span, receivedMs, declaredMs }));
    })
    .sort((a, b) => a.fromMs - b.fromMs || a.receivedMs - b.receivedMs);
}

/** Spans that the notice of an index names, in parts by the first of the notices in a row that named them. */
function traced(notices: readonly MaintenanceNotice[], spans: Spans, index: number): NoticedWindow[] {
  const found: NoticedWindow[] = [];
  let open = spans;
  for (let first = index; open.length > 0; first -= 1) {
    const known = first > 0 ? intersect(open, notices[first - 1]!.windows) : [];
    const { receivedMs } = notices[first]!;
    const declaredMs = claimOf(notices, first, index);
    found.push(...subtract(open, known).map((span) => ({ ...span, receivedMs, declaredMs })));
    open = known;
  }
  return found;
}

/** The claim that holds for what one notice added and another still names: one that was there before is not about it. */
function claimOf(notices: readonly MaintenanceNotice[], first: number, last: number): number | null {
  let claim: number | null = null;
  for (let index = first; index <= last; index += 1) {
    const { announcedMs } = notices[index]!;
    if (index === 0 || announcedMs !== notices[index - 1]!.announcedMs) claim = announcedMs;
  }
  return claim;
}
