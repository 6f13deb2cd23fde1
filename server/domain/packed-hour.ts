/**
 * The observations of one series in one hour as a few bytes each. Slots are regular and verdicts rarely change, so an
 * entry is: how much the step differs from the last step, a mark where verdict or reason change, and the difference of
 * the latency; all as variable-length integers.
 */
import { verdictCode, verdictOf, type Verdict } from '../../probes/contract.ts';

export interface StoredObservation {
  slotMs: number;
  verdict: Verdict;
  /** Reason code. */
  reason: number;
  latencyUs: number | null;
}

const version = 1;

class ByteWriter {
  readonly bytes: number[] = [];
  unsigned(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.bytes.push((rest % 128) + 128);
    this.bytes.push(rest);
  }
  signed(value: number): void {
    this.unsigned(zigzag(value));
  }
}

class ByteReader {
  #at = 0;
  constructor(readonly bytes: Uint8Array) {}
  get done(): boolean {
    return this.#at >= this.bytes.length;
  }
  unsigned(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.#at];
      if (byte === undefined) throw new RangeError('a packed hour ends in the middle of a number');
      this.#at += 1;
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  }
  signed(): number {
    return unzigzag(this.unsigned());
  }
}

/** Small numbers of either sign become small numbers without one. */
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

/** Packs observations of one hour, sorted by slot, each slot once. */
export function packHour(hourFromMs: number, observations: readonly StoredObservation[]): Uint8Array {
  const out = new ByteWriter();
  out.unsigned(version);
  let last = { slotMs: hourFromMs, stepMs: 0, verdict: 0, reason: 0, latencyUs: 0 };
  for (const { slotMs, verdict, reason, latencyUs } of observations) {
    const code = verdictCode(verdict);
    const stepMs = slotMs - last.slotMs;
    const changed = code !== last.verdict || reason !== last.reason;
    out.unsigned(zigzag(stepMs - last.stepMs) * 4 + (changed ? 2 : 0) + (latencyUs === null ? 1 : 0));
    if (changed) {
      out.unsigned(code);
      out.unsigned(reason);
    }
    if (latencyUs !== null) out.signed(latencyUs - last.latencyUs);
    last = { slotMs, stepMs, verdict: code, reason, latencyUs: latencyUs ?? last.latencyUs };
  }
  return Uint8Array.from(out.bytes);
}

/** The inverse of packHour. @throws RangeError when the bytes are cut off or of another version */
export function unpackHour(hourFromMs: number, bytes: Uint8Array): StoredObservation[] {
  const input = new ByteReader(bytes);
  if (input.unsigned() !== version) throw new RangeError('a packed hour of an unknown version');
  const observations: StoredObservation[] = [];
  let last = { slotMs: hourFromMs, stepMs: 0, verdict: 0, reason: 0, latencyUs: 0 };
  while (!input.done) {
    const head = input.unsigned();
    const stepMs = last.stepMs + unzigzag(Math.floor(head / 4));
    const changed = Math.floor(head / 2) % 2 === 1;
    const verdict = changed ? input.unsigned() : last.verdict;
    const reason = changed ? input.unsigned() : last.reason;
    const latencyUs = head % 2 === 1 ? null : last.latencyUs + input.signed();
    const slotMs = last.slotMs + stepMs;
    observations.push({ slotMs, verdict: verdictOf(verdict), reason, latencyUs });
    last = { slotMs, stepMs, verdict, reason, latencyUs: latencyUs ?? last.latencyUs };
  }
  return observations;
}

/** Adds late observations to those of an hour; a slot that is there already stays as it is. */
export function mergeObservations(
  stored: readonly StoredObservation[],
  late: readonly StoredObservation[],
): StoredObservation[] {
  const bySlot = new Map([...late, ...stored].map((observation) => [observation.slotMs, observation]));
  return [...bySlot.values()].sort((a, b) => a.slotMs - b.slotMs);
}
