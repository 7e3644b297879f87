/** Within how many minutes one comes: those offered, and several of them chosen. Pure. */
import { MOST_TIMES } from '../../state/url';

const OFFERED = [5, 10, 15, 30, 60];

/** What can be chosen: what is offered, and what a link brought beside it. */
export function offered(within: readonly number[]): number[] {
  return [...new Set([...OFFERED, ...within])].sort((a, b) => a - b);
}

/** The times after one was chosen or put back; the last one stays, and there are no more than the server works out at once. */
export function withTime(within: readonly number[], minutes: number, on: boolean): readonly number[] {
  const next = on ? [...new Set([...within, minutes])].sort((a, b) => a - b) : within.filter((one) => one !== minutes);
  return next.length === 0 || next.length > MOST_TIMES ? within : next;
}
