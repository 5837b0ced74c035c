// How fast bytes leave, told calmly: over the last few seconds, not from one moment to the next.

const window_ms = 5_000;
/** What leaves in the first moment only fills buffers. */
const min_ms = 1_000;

/** Takes the bytes sent so far and the time; gives bytes a second, or null while it is too early to say. */
export function start_meter(): (bytes: number, now_ms: number) => number | null {
  let seen: { bytes: number; at: number }[] = [];
  return (bytes, at) => {
    // Fewer than before: it goes on from where the server says it is.
    if (bytes < (seen.at(-1)?.bytes ?? 0)) seen = [];
    seen = [...seen.filter((moment) => at - moment.at <= window_ms), { bytes, at }];
    const first = seen[0];
    if (!first || at - first.at < min_ms) return null;
    return ((bytes - first.bytes) * 1000) / (at - first.at);
  };
}
