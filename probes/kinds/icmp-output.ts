/** What came back from one address. */
export interface Echoes {
  /** Packets that were sent. */
  sent: number;
  /** Round trips in milliseconds, one for each packet that came back. */
  timesMs: number[];
  /** What a router or the system said about the address: `Host Unreachable, says 10.0.0.1`. */
  complaint?: string;
}

/** Reads what `fping -C` writes to its standard error, by address. */
export function parseFping(errorOutput: string): Map<string, Echoes> {
  const lines = errorOutput.split('\n');
  const complaints = new Map<string, string>();
  for (const line of lines) {
    const [, complaint, router, address] = /^ICMP (.+) from (\S+) for ICMP Echo sent to (\S+)/.exec(line) ?? [];
    if (address) complaints.set(address, `${complaint}, says ${router}`);
  }
  const found = new Map<string, Echoes>();
  for (const line of lines) {
    const [, address, list] = /^(\S+)\s+:((?: (?:-|\d+(?:\.\d+)?))+)$/.exec(line) ?? [];
    if (!address || !list) continue;
    const packets = list.trim().split(' ');
    const complaint = complaints.get(address);
    const timesMs = packets.filter((one) => one !== '-').map(Number);
    found.set(address, { sent: packets.length, timesMs, ...(complaint ? { complaint } : {}) });
  }
  return found;
}

/** Reads what `ping` (iputils or BusyBox) writes; null where it sent nothing and does not blame the network. */
export function parsePing(output: string, errorOutput: string): Echoes | null {
  const answers = [...output.matchAll(/^\d+ bytes from .*\btime[=<]([\d.]+) ?ms$/gm)];
  const timesMs = answers.map(([, time]) => Number(time));
  const [, router, reported] = /^From (\S+) .*?((?:Destination|Time|Packet) .*)$/m.exec(output) ?? [];
  const [, refused] = /: ((?:Network|Host|Network is|Host is) unreachable|No route to host)$/im.exec(errorOutput) ?? [];
  const complaint = reported ? `${reported}, says ${router}` : refused;
  const [, transmitted] = /^(\d+) packets transmitted/m.exec(output) ?? [];
  if (transmitted === undefined && complaint === undefined) return null;
  return { sent: Number(transmitted ?? 0), timesMs, ...(complaint ? { complaint } : {}) };
}
