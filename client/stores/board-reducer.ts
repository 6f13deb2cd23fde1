/** Folds snapshot and deltas of the live stream into the board. Pure: data in, data out. */
import type {
  BoardDelta,
  BoardFigure,
  BoardInfo,
  BoardLocation,
  BoardMaintenance,
  BoardService,
  BoardSnapshot,
  BoardTouch,
} from '../../server/contract/live.ts';

export interface BoardState {
  readonly info: BoardInfo;
  readonly seq: number;
  /** Number of the newest change of a service, its state, its past or a budget: to be seen again is none. */
  readonly changedSeq: number;
  /** The server's time of the newest thing folded in. */
  readonly asOf: string;
  /** The begin of the newest minute that the latencies tell of. */
  readonly minute: string;
  readonly services: ReadonlyMap<string, BoardService>;
  /** Keys in the order of names; a new array only when a service came, went or was renamed. */
  readonly roster: readonly string[];
  readonly locations: readonly BoardLocation[];
  /** What runs or begins soon, by its begin. */
  readonly maintenance: readonly BoardMaintenance[];
}

export interface Folded {
  readonly state: BoardState;
  /** Something was missed: the state is the old one and a snapshot must be asked for. */
  readonly gap: boolean;
}

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function rosterOf(services: ReadonlyMap<string, BoardService>): string[] {
  const byName = [...services.values()].sort((a, b) => names.compare(a.name, b.name) || (a.key < b.key ? -1 : 1));
  return byName.map(({ key }) => key);
}

/** The board as the snapshot says it. */
export function applySnapshot({ board, seq, asOf, minute, services, ...rest }: BoardSnapshot): BoardState {
  const byKey = new Map(services.map((service) => [service.key, service]));
  return {
    info: board,
    seq,
    changedSeq: seq,
    asOf,
    minute,
    services: byKey,
    roster: rosterOf(byKey),
    locations: rest.locations,
    maintenance: rest.maintenance,
  };
}

/**
 * The board after a delta. One that begins after the state's number shows a gap; one that ends before it is old.
 * At the same number nothing happened, but services may have been seen again; where it begins there too, what it tells was
 * counted anew since.
 */
export function applyDelta(state: BoardState, delta: BoardDelta): Folded {
  if (delta.from > state.seq) return { state, gap: true };
  if (delta.seq < state.seq) return { state, gap: false };
  const isNews = delta.seq > state.seq;
  const isFresh = isNews || delta.from === delta.seq;
  const services = new Map(state.services);
  let isRosterKept = true;
  for (const service of isFresh ? delta.changed : []) {
    isRosterKept &&= services.get(service.key)?.name === service.name;
    services.set(service.key, service);
  }
  for (const key of isFresh ? delta.removed : []) {
    isRosterKept = !services.delete(key) && isRosterKept;
  }
  for (const touch of delta.touched) touchService(services, touch);
  const figures = delta.figures && delta.figures.minute > state.minute ? delta.figures : null;
  for (const figure of figures?.of ?? []) addFigure(services, figure);
  return {
    state: {
      info: state.info,
      seq: delta.seq,
      changedSeq: isNews && isChange(delta) ? delta.seq : state.changedSeq,
      asOf: delta.asOf > state.asOf ? delta.asOf : state.asOf,
      minute: figures?.minute ?? state.minute,
      services,
      roster: isRosterKept ? state.roster : rosterOf(services),
      locations: delta.locations ?? state.locations,
      maintenance: delta.maintenance ?? state.maintenance,
    },
    gap: false,
  };
}

const isChange = ({ changed, removed, agreements = [] }: BoardDelta): boolean =>
  changed.length + removed.length + agreements.length > 0;

function addFigure(services: Map<string, BoardService>, [key, uptime, latencyMs, newBudget]: BoardFigure): void {
  const service = services.get(key);
  if (!service) return;
  const budget = newBudget === undefined ? service.budget : newBudget;
  services.set(key, { ...service, uptime, budget, latencies: [...service.latencies.slice(1), latencyMs] });
}

/** Touches only ever move forward, so that an old one changes nothing. */
function touchService(services: Map<string, BoardService>, [key, observedAt, latencyMs]: BoardTouch): void {
  const service = services.get(key);
  if (!service || (service.observedAt !== null && Date.parse(service.observedAt) >= Date.parse(observedAt))) return;
  services.set(key, { ...service, observedAt, latencyMs });
}
