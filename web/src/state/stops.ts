/** The stops of a route: its start, those on the way in order, its destination. Pure. */
import type { LonLat } from '../api/types';
import { MOST_VIA, type Place } from './url';

/** One of them: an end, or by its number the stop on the way. One past the last is a stop that is still to be chosen. */
export type Stop = 'from' | 'to' | number;

/** The part of a place that has them. */
export type Stops = Pick<Place, 'from' | 'via' | 'to'>;

/** Where a stop is; null while it is not chosen. */
export function stopAt({ from, via, to }: Stops, stop: Stop): LonLat | null {
  if (stop === 'from') return from;
  return stop === 'to' ? to : (via[stop] ?? null);
}

/** All of them in order. */
export function inOrder({ via }: Pick<Stops, 'via'>): Stop[] {
  return ['from', ...via.keys(), 'to'];
}

/** The stops with one of them chosen, moved or, by null, taken away. */
export function withStop(stops: Stops, stop: Stop, at: LonLat | null): Stops {
  const { from, via, to } = stops;
  if (stop === 'from') return { from: at, via, to };
  if (stop === 'to') return { from, via, to: at };
  if (at === null) return { from, via: via.filter((_, i) => i !== stop), to };
  return { from, via: [...via.slice(0, stop), at, ...via.slice(stop + 1)].slice(0, MOST_VIA), to };
}

/** Where a stop comes to lie when it changes places with the one before (-1) or after (1) it; null where there is none. */
export function neighbour(stops: Stops, stop: Stop, step: -1 | 1): Stop | null {
  const order = inOrder(stops);
  return order[order.indexOf(stop) + step] ?? null;
}

/** The stops with two of them changed. */
export function exchanged(stops: Stops, one: Stop, other: Stop): Stops {
  const [a, b] = [stopAt(stops, one), stopAt(stops, other)];
  return withStop(withStop(stops, one, b), other, a);
}

/** The same stops the other way round. */
export function reversed({ from, via, to }: Stops): Stops {
  return { from: to, via: [...via].reverse(), to: from };
}

/** What a stop is marked with, on the map as in the panel: letters for the ends, numbers on the way. */
export function mark(stop: Stop): string {
  if (stop === 'from') return 'A';
  return stop === 'to' ? 'B' : String(stop + 1);
}
