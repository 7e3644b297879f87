import { describe, expect, it } from 'vitest';
import type { LonLat } from '@/api/types';
import { exchanged, inOrder, mark, neighbour, reversed, stopAt, withStop, type Stops } from '@/state/stops';
import { MOST_VIA } from '@/state/url';

const at = (lon: number): LonLat => ({ lon, lat: 0 });
/** The stops by their longitudes: start, on the way, destination. */
const stops = (from: number | null, via: number[], to: number | null): Stops => ({
  from: from === null ? null : at(from),
  via: via.map(at),
  to: to === null ? null : at(to),
});

describe('the stops of a route', () => {
  it('stand in order with their marks', () => {
    expect(inOrder(stops(1, [2, 3], 4)).map(mark)).toEqual(['A', '1', '2', 'B']);
    expect(inOrder(stops(null, [], null))).toEqual(['from', 'to']);
    expect(stopAt(stops(1, [2, 3], 4), 1)).toEqual(at(3));
    expect(stopAt(stops(1, [2, 3], 4), 2)).toBeNull();
  });

  it('are chosen, moved, added and taken away one by one', () => {
    const some = stops(1, [2, 3], 4);
    expect(withStop(some, 'from', at(9))).toEqual(stops(9, [2, 3], 4));
    expect(withStop(some, 'to', null)).toEqual(stops(1, [2, 3], null));
    expect(withStop(some, 0, at(9))).toEqual(stops(1, [9, 3], 4));
    expect(withStop(some, 2, at(9))).toEqual(stops(1, [2, 3, 9], 4));
    expect(withStop(some, 0, null)).toEqual(stops(1, [3], 4));
    expect(withStop(some, 2, null)).toEqual(some);
  });

  it('never become more than the most', () => {
    const full = stops(1, Array.from({ length: MOST_VIA }, (_, i) => i), 4);
    expect(withStop(full, MOST_VIA, at(9)).via).toHaveLength(MOST_VIA);
  });

  it('change places with their neighbours, ends too', () => {
    const some = stops(1, [2, 3], 4);
    expect(neighbour(some, 0, -1)).toBe('from');
    expect(neighbour(some, 0, 1)).toBe(1);
    expect(neighbour(some, 1, 1)).toBe('to');
    expect(neighbour(some, 'from', -1)).toBeNull();
    expect(exchanged(some, 0, 1)).toEqual(stops(1, [3, 2], 4));
    expect(exchanged(some, 0, 'from')).toEqual(stops(2, [1, 3], 4));
    expect(exchanged(some, 1, 'to')).toEqual(stops(1, [2, 4], 3));
  });

  it('take the place of an end that is not chosen', () => {
    expect(exchanged(stops(null, [2, 3], 4), 0, 'from')).toEqual(stops(2, [3], 4));
    expect(exchanged(stops(1, [2, 3], null), 1, 'to')).toEqual(stops(1, [2], 3));
  });

  it('lead back the same way', () => expect(reversed(stops(1, [2, 3], 4))).toEqual(stops(4, [3, 2], 1)));
});
