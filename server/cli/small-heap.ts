import { setFlagsFromString } from 'node:v8';

/** Less keeps more memory free, but each collection keeps processors from the runs that are due. */
const growingPercent = 75;

/**
 * Has garbage collected whenever the heap has grown by this much over what is alive in it. Left to itself Node lets a heap
 * that is busy but small grow to several times that. To be called before there is much in the heap: the limit of the last
 * collection stands until the heap has grown to it. `npm run bench` shows what it is about: memory with 5,000 probes, and
 * lateness at 1,000 runs a second.
 */
export const keepHeapSmall = (): void => setFlagsFromString(`--heap-growing-percent=${growingPercent}`);
