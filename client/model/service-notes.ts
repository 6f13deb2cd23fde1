/** What must be said of a service whose figures would be read wrongly without it. */
import type { ServiceDetail } from '../../server/contract/probing.ts';

/** Sentences, the weightiest first; none where everything is measured as it should be. */
export function serviceNotes({ service, probes }: ServiceDetail, instant: (at: string) => string): string[] {
  if (service.paused) {
    return ['This service is paused: nothing is measured, and the time counts as unmonitored, neither up nor down.'];
  }
  if (probes.length === 0) return ['Nothing measures this service yet: it has no probe, so nothing is known of it.'];
  const running = probes.filter(({ probe }) => !probe.paused);
  if (running.length === 0) return ['All probes of this service are paused: the time counts as unmonitored.'];
  const series = running.flatMap((probe) => probe.series);
  if (series.length > 0 && series.every(({ last }) => last === null)) {
    const next = series.flatMap(({ nextSlot }) => nextSlot ?? []).sort()[0];
    return [`Nothing was ever observed.${next ? ` The next run is due at ${instant(next)}.` : ''}`];
  }
  const silent = running.filter((probe) => probe.series.length > 0 && probe.series.every(({ last }) => last === null));
  return [
    ...silent.map(({ probe }) => `Probe ${probe.name || probe.key.split('.')[1]} was never observed yet.`),
    ...(running.length < probes.length
      ? [`${probes.length - running.length} of ${probes.length} probes are paused and count for nothing.`]
      : []),
  ];
}
