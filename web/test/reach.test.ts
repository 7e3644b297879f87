import { describe, expect, it } from 'vitest';
import type { Isochrones } from '@/api/types';
import { corners, farthest, litAreaFilter, reach, reachFeatures } from '@/map/reach';
import { ORDER } from '@/map/zorder';
import { offered, withTime } from '@/modes/rescue/times';
import { MOST_TIMES, parse } from '@/state/url';
import { THEMES } from '@/theme';

const square = (half: number): number[][][][] => [[[[-half, -half], [half, -half], [half, half * 2], [-half, half], [-half, -half]]]];
const area = (minutes: number, coordinates: number[][][][] | null): object => ({
  type: 'Feature',
  geometry: coordinates === null ? null : { type: 'MultiPolygon', coordinates },
  properties: { minutes, reached_m: 1 },
});
const answer = (...areas: object[]): Isochrones => ({ features: areas }) as unknown as Isochrones;
const HERE = { lon: 0, lat: 0 };

describe('the areas', () => {
  const drawn = reachFeatures(answer(area(30, square(2)), area(10, square(1)), area(5, null)), HERE, (n) => `${n} min`);

  it('are drawn from the longest to the shortest, what reaches nothing not at all', () => {
    expect(drawn.features.map(({ properties }) => [properties?.['part'], properties?.['minutes']])).toEqual([['area', 30], ['area', 10], ['label', 30], ['label', 10], ['here', undefined]]);
  });

  it('say their minutes where they lie farthest from the place', () => {
    expect(drawn.features[2]).toMatchObject({ geometry: { type: 'Point', coordinates: [2, 4] }, properties: { text: '30 min' } });
    expect(farthest([], HERE)).toBeNull();
    expect(corners(area(5, null) as never)).toEqual([]);
    expect(reachFeatures(null, HERE, String).features).toEqual([]);
    expect(reachFeatures(answer(area(5, square(1))), null, String).features).toEqual([]);
  });

  it('have their place in the drawing order, the labels over the marks', () => {
    const ids = reach(THEMES.light, drawn).layers.map(({ id }) => id);
    expect(ids.every((id) => (ORDER as readonly string[]).includes(id))).toBe(true);
    expect(ORDER.indexOf('reach:line')).toBeLessThan(ORDER.indexOf('labels'));
    expect(ORDER.indexOf('reach:label')).toBeGreaterThan(ORDER.indexOf('shelters'));
    expect(litAreaFilter(null)).not.toEqual(litAreaFilter(10));
  });

  it('have labels that give way to one another, the longest time last', () => {
    // What is drawn above is placed before.
    expect(ORDER.indexOf('reach:here')).toBeGreaterThan(ORDER.indexOf('reach:label'));
    const label = reach(THEMES.light, drawn).layers.find(({ id }) => id === 'reach:label');
    expect(label?.layout).not.toHaveProperty('text-allow-overlap');
    expect(label?.layout).not.toHaveProperty('text-ignore-placement');
    // The least comes first.
    expect((label?.layout as Record<string, unknown>)['symbol-sort-key']).toEqual(['-', ['get', 'minutes']]);
  });
});

describe('the times', () => {
  it('offered are the usual ones, and those of a link', () => {
    expect(offered([])).toEqual([5, 10, 15, 30, 60]);
    expect(offered([45, 5])).toEqual([5, 10, 15, 30, 45, 60]);
  });

  it('are chosen in order; one stays, and there are never too many', () => {
    expect(withTime([10, 60], 30, true)).toEqual([10, 30, 60]);
    expect(withTime([10, 60], 10, false)).toEqual([60]);
    expect(withTime([60], 60, false)).toEqual([60]);
    const full = Array.from({ length: MOST_TIMES }, (_, i) => i + 1);
    expect(withTime(full, 60, true)).toEqual(full);
  });

  it('are read from the address: whole, within the limit, each once', () => {
    expect(parse('#/rescue?within=30,5,5,121,x,0').within).toEqual([5, 30]);
    expect(parse('#/rescue?within=1,2,3,4,5,6,7').within).toHaveLength(MOST_TIMES);
  });
});
