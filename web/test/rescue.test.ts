import { describe, expect, it } from 'vitest';
import type { Position } from 'geojson';
import type { Avoided, Closure, Crossed, HinderedTeam, Route, Team } from '@/api/types';
import { boxOf, litTeamFilter, metres, rescue, rescueFeatures, signAt, slice } from '@/map/rescue';
import { EMPTY } from '@/map/overlay';
import { ORDER } from '@/map/zorder';
import { circle, drawing, fault, feature, geometry, instant, localTime, pressed, type Draft } from '@/modes/rescue/draft';
import { avoidedTold, inOrder, kindOnTheWay, zoneGroups } from '@/modes/rescue/told';
import { THEMES } from '@/theme';

/** A line eastward on the equator, a corner every 0.001° (111 m). */
const LINE: Position[] = [[0, 0], [0.001, 0], [0.002, 0], [0.003, 0]];

const zone = (more: Partial<Crossed>): Crossed =>
  ({ kind: 'flood', kind_name: 'Flood', level: 'II', level_name: 'High', layer: 'flood', zone: '1', effect: 'forbidden', synthetic: false, distance_m: 100, at: [0, 0], ...more }) as Crossed;
const avoided = (more: object): Avoided => ({ ...zone({}), what: 'zone', detour_s: 90, ...more }) as Avoided;
const closure = (id: string, more: object = {}): Closure =>
  ({
    type: 'Feature',
    id,
    geometry: null,
    properties: { active: true, starts: '2026-11-26T00:00:00Z', caught: { count: 1, length_m: 300, geometry: { type: 'MultiLineString', coordinates: [LINE.slice(0, 2), LINE] } }, ...more },
  }) as unknown as Closure;
const route = (crossed: Crossed[], around: Avoided[] = []): Route =>
  ({ geometry: { type: 'LineString', coordinates: LINE }, properties: { crossed, avoided: around } }) as unknown as Route;

describe('the part of a line', () => {
  it('begins at the point and is as long as told', () => {
    const part = slice(LINE, [0.0005, 0.0001], 111.195);
    expect(part[0]?.[0]).toBeCloseTo(0.0005);
    expect(part.at(-1)?.[0]).toBeCloseTo(0.0015);
    expect(part).toHaveLength(3);
    expect(part.slice(1).reduce((sum, at, i) => sum + metres(part[i] ?? at, at), 0)).toBeCloseTo(111.195, 1);
  });

  it('ends with the line, and of nothing there is none', () => {
    expect(slice(LINE, [0.0025, 0], 1e6).at(-1)).toEqual([0.003, 0]);
    expect(slice([], [0, 0], 10)).toEqual([]);
    expect(slice([[0, 0], [0, 0]], [0, 0], 10)).toEqual([]);
  });

  it('measures metres away from the equator too', () => expect(metres([119, 60], [119.001, 60])).toBeCloseTo(55.6, 0));
});

describe('what rescue mode draws', () => {
  it('has a sign at the middle of the longest closed road', () => {
    expect(signAt(closure('1'))?.[0]).toBeCloseTo(0.0015);
    const none = closure('2', { caught: { count: 0, length_m: 0, geometry: { type: 'MultiLineString', coordinates: [] } } });
    expect(signAt(none)).toBeNull();
  });

  it('marks zones that should not be entered, and not those that are only slow', () => {
    const drawn = (crossed: Crossed[]): unknown[] =>
      rescueFeatures({ from: { lon: 0, lat: 0 }, via: [], to: null, route: route(crossed), closures: [closure('7')], caught: [], teams: null }).features.map(({ properties }) => properties?.['part']);
    expect(drawn([zone({ at: [0.001, 0] })])).toEqual(['closed', 'closed-sign', 'route', 'danger', 'danger-sign', 'end']);
    expect(drawn([zone({ effect: 'slow' })])).toEqual(['closed', 'closed-sign', 'route', 'end']);
  });

  it('marks the stops on the way by number, below the ends', () => {
    const [from, to] = [{ lon: 0, lat: 0 }, { lon: 1, lat: 0 }];
    const { features } = rescueFeatures({ from, via: [{ lon: 2, lat: 0 }, { lon: 3, lat: 0 }], to, route: null, closures: [], caught: [], teams: null });
    expect(features.map(({ properties }) => properties?.['text'])).toEqual(['1', '2', 'A', 'B']);
  });

  it('numbers the teams that come, the soonest on top, and crosses out those that cannot', () => {
    const team = (id: string, lon: number): Team => ({ id, geometry: { type: 'Point', coordinates: [lon, 0] } }) as unknown as Team;
    const teams = { features: [team('a', 1), team('b', 2)], unreachable: [{ id: 'c', lon: 3, lat: 0 } as HinderedTeam] };
    const { features } = rescueFeatures({ from: null, via: [], to: null, route: null, closures: [], caught: [], teams });
    expect(features.map(({ properties }) => [properties?.['part'], properties?.['id'], properties?.['text']])).toEqual([['team-off', 'c', '×'], ['team', 'b', '2'], ['team', 'a', '1']]);
    expect(litTeamFilter(null)).not.toEqual(litTeamFilter('a'));
  });

  it('is empty without anything', () => expect(rescueFeatures({ from: null, via: [], to: null, route: null, closures: [], caught: [], teams: null })).toEqual(EMPTY));

  it('has a place in the drawing order for each layer', () => {
    const ids = rescue(THEMES.dark, EMPTY).layers.map(({ id }) => id);
    expect(ids.filter((id) => !(ORDER as readonly string[]).includes(id))).toEqual([]);
  });

  it('knows the box of positions', () => {
    expect(boxOf([[1, 5], [-2, 7]])).toEqual([-2, 5, 1, 7]);
    expect(boxOf([])).toBeNull();
  });
});

describe('what is told of a route', () => {
  it('puts zones of one kind and level together', () => {
    const groups = zoneGroups([zone({}), zone({ zone: '2', distance_m: 50, synthetic: true }), zone({ level: 'I', effect: 'slow', slow_by: 2 }), zone({ level: 'I', effect: 'slow', slow_by: 3 })]);
    expect(groups).toMatchObject([
      { zones: 2, distanceM: 150, forbidden: true, slowBy: null, synthetic: true },
      { zones: 2, distanceM: 200, forbidden: false, slowBy: 3 },
    ]);
  });

  it('tells closures, zones, and the detour once', () => {
    const told = avoidedTold([avoided({ what: 'closure', closure: '3', reason: 'Bridge', kind: undefined }), avoided({})]);
    expect(told.closures).toEqual([{ id: '3', reason: 'Bridge', distanceM: 100 }]);
    expect(told.zones).toHaveLength(1);
    expect(told.detourS).toBe(90);
    expect(avoidedTold([])).toEqual({ closures: [], zones: [], detourS: 0 });
  });

  it('shows the kind that is crossed before one that is avoided', () => {
    const around = [avoided({ what: 'closure', kind: undefined }), avoided({ kind: 'landslide' })];
    expect(kindOnTheWay(route([zone({})], around))).toBe('flood');
    expect(kindOnTheWay(route([], around))).toBe('landslide');
    expect(kindOnTheWay(route([]))).toBeNull();
    expect(kindOnTheWay(null)).toBeNull();
  });

  it('lists closures that hold, then those to come, and none that are over', () => {
    const list = [
      closure('later', { active: false, starts: '2026-11-28T00:00:00Z' }),
      closure('old'),
      closure('over', { active: false }),
      closure('soon', { active: false, starts: '2026-11-27T00:00:00Z' }),
      closure('new', { starts: '2026-11-26T05:00:00Z' }),
    ];
    expect(inOrder(list, new Date('2026-11-26T06:00:00Z')).map(({ id }) => id)).toEqual(['new', 'old', 'soon', 'later']);
  });
});

describe('a closure being drawn', () => {
  const at = (lon: number, lat = 0): { lon: number; lat: number } => ({ lon, lat });
  const draft = (more: Partial<Draft>): Draft => ({ shape: 'point', corners: [at(1)], radiusM: 20, reason: ' Flooded ', source: 'Police', modes: ['foot', 'car'], starts: '', ends: '', ...more });

  it('is a point, a line or a closed ring once it has corners enough', () => {
    expect(geometry({ shape: 'point', corners: [] })).toBeNull();
    expect(geometry({ shape: 'line', corners: [at(1)] })).toBeNull();
    expect(geometry({ shape: 'area', corners: [at(1), at(2)] })).toBeNull();
    expect(geometry({ shape: 'line', corners: [at(1), at(2)] })).toEqual({ type: 'LineString', coordinates: [[1, 0], [2, 0]] });
    expect(geometry({ shape: 'area', corners: [at(1), at(2), at(2, 1)] })).toEqual({ type: 'Polygon', coordinates: [[[1, 0], [2, 0], [2, 1], [1, 0]]] });
  });

  it('moves its point and adds its corners', () => {
    expect(pressed('point', [at(1)], at(2))).toEqual([at(2)]);
    expect(pressed('line', [at(1)], at(2))).toEqual([at(1), at(2)]);
  });

  it('shows the circle of a point, the line so far, and every corner', () => {
    const types = (more: Partial<Draft>): string[] => drawing(draft(more)).features.map(({ geometry: { type } }) => type);
    expect(types({})).toEqual(['Polygon', 'Point']);
    expect(types({ shape: 'area', corners: [at(1), at(2)] })).toEqual(['LineString', 'Point', 'Point']);
    expect(types({ shape: 'line', corners: [at(1)] })).toEqual(['Point']);
    for (const position of circle(at(119.3, 26), 500)) expect(metres(position, [119.3, 26])).toBeCloseTo(500, -1);
  });

  it('is sent with its words trimmed, its modes in order and its times as instants', () => {
    expect(feature(draft({ starts: '2026-11-26T08:30', ends: '2026-11-26T20:00' }), 'Asia/Shanghai')).toEqual({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [1, 0] },
      properties: { reason: 'Flooded', source: 'Police', modes: ['car', 'foot'], radius_m: 20, starts: '2026-11-26T00:30:00.000Z', ends: '2026-11-26T12:00:00.000Z' },
    });
    expect(feature(draft({ shape: 'line', corners: [at(1), at(2)], reason: ' ' }), 'UTC')?.properties).toEqual({ reason: '-', source: 'Police', modes: ['car', 'foot'] });
    expect(feature(draft({ corners: [] }), 'UTC')).toBeNull();
  });

  it('reads local times of any zone, also around a clock change', () => {
    expect(instant('2026-07-01T12:00', 'Europe/Lisbon')?.toISOString()).toBe('2026-07-01T11:00:00.000Z');
    expect(instant('2026-03-29T03:30', 'Europe/Berlin')?.toISOString()).toBe('2026-03-29T01:30:00.000Z');
    expect(instant('', 'UTC')).toBeNull();
    expect(instant('2026-13-01T00:00', 'UTC')).toBeNull();
    expect(localTime(new Date('2026-11-26T00:30:00Z'), 'Asia/Shanghai')).toBe('2026-11-26T08:30');
  });

  it('says what keeps it from being sent', () => {
    const now = new Date('2026-11-26T01:00:00Z');
    expect(fault(draft({}), 'UTC', now)).toBeNull();
    expect(fault(draft({ corners: [] }), 'UTC', now)).toBe('corners');
    expect(fault(draft({ modes: [] }), 'UTC', now)).toBe('modes');
    expect(fault(draft({ ends: '2026-11-26T00:59' }), 'UTC', now)).toBe('ends');
    expect(fault(draft({ starts: '2026-11-27T00:00', ends: '2026-11-26T12:00' }), 'UTC', now)).toBe('ends');
    expect(fault(draft({ starts: '2026-11-26T00:00', ends: '2026-11-26T12:00' }), 'UTC', now)).toBeNull();
  });
});
