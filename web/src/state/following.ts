/** Looks again and again whether roads were closed or opened elsewhere. */
import { rescue } from './rescue.svelte';

/** How soon closures that others make are seen here. */
const FOLLOW_MS = 10_000;

/** Begins to follow; the returned function ends it. */
export function following(): () => void {
  const asking = new AbortController();
  const look = (): void => {
    if (!document.hidden) void rescue.follow(asking.signal);
  };
  const timer = setInterval(look, FOLLOW_MS);
  // Who comes back to the page is not to wait.
  document.addEventListener('visibilitychange', look);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
    asking.abort();
  };
}
