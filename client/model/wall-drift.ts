/** The slow walk of a picture, so that nothing burns into a display. */

const radiusPx = 4;
const roundMs = 30 * 60_000;

/** Where the picture stands at an instant: on a small circle that takes half an hour, a pixel at a time. */
export function driftAt(nowMs: number): { x: number; y: number } {
  const angle = (2 * Math.PI * (nowMs % roundMs)) / roundMs;
  // Zero has no sign on a screen.
  return { x: Math.round(radiusPx * Math.cos(angle)) + 0, y: Math.round(radiusPx * Math.sin(angle)) + 0 };
}
