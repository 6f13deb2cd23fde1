import { setFlagsFromString } from 'node:v8';

const growingPercent = 30;

/**
 * Has garbage collected whenever the heap has grown by this much over what is alive in it. Left to itself Node lets a heap
 * that is busy but small grow to several times that; the figures of `npm run bench` show no cost of looking more often.
 * Node reads this setting anew at each collection, so that it can be given to a process that runs.
 */
export const keepHeapSmall = (): void => setFlagsFromString(`--heap-growing-percent=${growingPercent}`);
