/** The time as it passes, for countdowns. */

/** A clock that ticks four times a second while it is wanted. */
export function useNow(isWanted: () => boolean): () => number {
  let now = $state(Date.now());
  $effect(() => {
    if (!isWanted()) return;
    now = Date.now();
    const timer = setInterval(() => (now = Date.now()), 250);
    return () => clearInterval(timer);
  });
  return () => now;
}
