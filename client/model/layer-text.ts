/** Layers of on-call schedules in words. Pure. */
import type { OnCallSchedule } from '../../server/contract/on-call.ts';
import { listWords } from '../../server/contract/list-words.ts';
import { dayName, weekText } from './opening-text.ts';

/** How a layer rotates, when it holds, and through whom. */
export function layerText(layer: OnCallSchedule['layers'][number]) {
  const { rotation, length, handOver, handOverDay, start, hours, members } = layer;
  const turns = {
    daily: `changes daily at ${handOver}`,
    weekly: `changes on ${dayName(handOverDay)} at ${handOver}`,
    custom: `changes every ${length} from ${handOver} on`,
  };
  const isRestricted = Object.values(hours).some((openings) => openings.length > 0);
  return {
    rotation: `${turns[rotation]}, since ${start}`,
    hours: isRestricted ? `in ${weekText(hours)}` : 'around the clock',
    members: members.length > 1 ? `${listWords(members)} in turn` : members.join(''),
  };
}
