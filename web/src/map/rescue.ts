/** What rescue mode draws: the route with what it crosses, its ends, and closed roads. Pure. */
import type { FilterSpecification, LayerSpecification } from 'maplibre-gl';
import type { Feature, FeatureCollection, Position } from 'geojson';
import type { Closure, Crossed, LonLat, NearestTeams, Route } from '../api/types';
import { inOrder, mark, stopAt } from '../state/stops';
import type { Theme } from '../theme';
import type { Drawn, Own } from './overlay';

export const RESCUE_SOURCE = 'rescue';

type Part = 'route' | 'danger' | 'danger-sign' | 'closed' | 'closed-sign' | 'end' | 'via' | 'team' | 'team-off';

/** What there is to draw. */
export interface RescueScene {
  readonly from: LonLat | null;
  readonly via: readonly LonLat[];
  readonly to: LonLat | null;
  readonly route: Route | null;
  /** Teams that come or cannot come to a place. */
  readonly teams: Pick<NearestTeams, 'features' | 'unreachable'> | null;
  readonly closures: readonly Closure[];
  /** Roads that a closure being drawn would close. */
  readonly caught: readonly Position[][];
}

const METRES_PER_DEGREE = 111_195;

/** Metres between positions that lie near each other. */
export function metres([lon = 0, lat = 0]: Position, [lon2 = 0, lat2 = 0]: Position): number {
  const east = (lon2 - lon) * Math.cos((((lat + lat2) / 2) * Math.PI) / 180);
  return Math.hypot(east, lat2 - lat) * METRES_PER_DEGREE;
}

const between = ([lon = 0, lat = 0]: Position, [lon2 = 0, lat2 = 0]: Position, share: number): Position => [
  lon + (lon2 - lon) * share,
  lat + (lat2 - lat) * share,
];

/** How far along the line the place on it lies that is nearest to a point. */
function metresTo(line: readonly Position[], at: Position): number {
  let [best, bestAt, gone] = [Infinity, 0, 0];
  for (let i = 0; i + 1 < line.length; i += 1) {
    const [a, b] = [line[i] ?? at, line[i + 1] ?? at];
    const length = metres(a, b);
    // Flat over one stretch of road: along its direction from 0 to 1.
    const scale = Math.cos(((a[1] ?? 0) * Math.PI) / 180);
    const [x, y] = [((b[0] ?? 0) - (a[0] ?? 0)) * scale, (b[1] ?? 0) - (a[1] ?? 0)];
    const [px, py] = [((at[0] ?? 0) - (a[0] ?? 0)) * scale, (at[1] ?? 0) - (a[1] ?? 0)];
    const square = x * x + y * y;
    const share = square === 0 ? 0 : Math.min(1, Math.max(0, (px * x + py * y) / square));
    const off = metres(between(a, b, share), at);
    if (off < best) [best, bestAt] = [off, gone + length * share];
    gone += length;
  }
  return bestAt;
}

/** The part of a line that begins near a point and is so long. */
export function slice(line: readonly Position[], at: Position, length: number): Position[] {
  const start = metresTo(line, at);
  const end = start + length;
  const cut: Position[] = [];
  let gone = 0;
  for (let i = 0; i + 1 < line.length; i += 1) {
    const [a, b] = [line[i] ?? at, line[i + 1] ?? at];
    const step = metres(a, b);
    if (step > 0 && gone + step > start && gone < end) {
      if (cut.length === 0) cut.push(between(a, b, Math.max(0, (start - gone) / step)));
      cut.push(between(a, b, Math.min(1, (end - gone) / step)));
    }
    gone += step;
  }
  return cut;
}

/** West, south, east, north of positions; null of none. */
export function boxOf(positions: readonly Position[]): [number, number, number, number] | null {
  if (positions.length === 0) return null;
  const lons = positions.map(([lon = 0]) => lon);
  const lats = positions.map(([, lat = 0]) => lat);
  const least = (values: number[]): number => values.reduce((a, b) => Math.min(a, b));
  const most = (values: number[]): number => values.reduce((a, b) => Math.max(a, b));
  return [least(lons), least(lats), most(lons), most(lats)];
}

/** Where a closure's sign stands: at the middle of its longest stretch. */
export function signAt(closure: Closure): Position | null {
  const lengthOf = (line: readonly Position[]): number => line.slice(1).reduce((sum, at, i) => sum + metres(line[i] ?? at, at), 0);
  let [longest, most]: [readonly Position[], number] = [[], -1];
  for (const line of closure.properties.caught.geometry.coordinates) {
    const length = lengthOf(line);
    if (length > most) [longest, most] = [line, length];
  }
  return slice(longest, longest[0] ?? [], most / 2).at(-1) ?? longest[0] ?? null;
}

const lineOf = (part: Part, coordinates: Position[], id = ''): Feature => ({
  type: 'Feature',
  geometry: { type: 'LineString', coordinates },
  properties: { part, id },
});
const pointOf = (part: Part, coordinates: Position, more: object = {}): Feature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates },
  properties: { part, id: '', ...more },
});

/**
 * The scene as features. A zone that is crossed more than once is marked from where the route first comes into it, for
 * as far as it lies in it together.
 */
export function rescueFeatures({ from, via, to, route, teams, closures, caught }: RescueScene): FeatureCollection {
  const drawn: Feature[] = [];
  for (const closure of closures) {
    const id = closure.id ?? '';
    const { coordinates } = closure.properties.caught.geometry;
    drawn.push({ type: 'Feature', geometry: { type: 'MultiLineString', coordinates }, properties: { part: 'closed', id } });
    const sign = signAt(closure);
    if (sign !== null) drawn.push(pointOf('closed-sign', sign, { id, text: '–' }));
  }
  if (caught.length > 0) {
    drawn.push({ type: 'Feature', geometry: { type: 'MultiLineString', coordinates: [...caught] }, properties: { part: 'closed', id: '' } });
  }
  if (route !== null) {
    const line = route.geometry.coordinates;
    drawn.push(lineOf('route', line));
    for (const crossed of route.properties.crossed) {
      const inside = slice(line, crossed.at, crossed.distance_m);
      if (isDanger(crossed) && inside.length > 1) drawn.push(lineOf('danger', inside));
      if (isDanger(crossed)) drawn.push(pointOf('danger-sign', crossed.at, { text: '!' }));
    }
  }
  for (const { id, lon, lat } of teams?.unreachable ?? []) drawn.push(pointOf('team-off', [lon, lat], { id, text: '×' }));
  // Those that come soonest last: they are on top.
  for (const [i, { id, geometry }] of [...(teams?.features ?? []).entries()].reverse()) {
    drawn.push(pointOf('team', geometry.coordinates, { id, text: String(i + 1) }));
  }
  // The ends last: they are on top.
  for (const stop of inOrder({ via }).sort((a, b) => Number(typeof b === 'number') - Number(typeof a === 'number'))) {
    const at = stopAt({ from, via, to }, stop);
    const part = typeof stop === 'number' ? 'via' : 'end';
    if (at !== null) drawn.push(pointOf(part, [at.lon, at.lat], { text: mark(stop) }));
  }
  return { type: 'FeatureCollection', features: drawn };
}

/** Whether a crossed zone is one that should not be entered. */
export function isDanger(crossed: Pick<Crossed, 'effect'>): boolean {
  return crossed.effect === 'forbidden';
}

const parts = (...names: Part[]): FilterSpecification => ['in', ['get', 'part'], ['literal', names]];

/** Only the closed roads of one closure; the empty text matches none. */
export function litClosureFilter(id: string | null): FilterSpecification {
  return ['all', ['==', ['get', 'part'], 'closed'], ['==', ['get', 'id'], id ?? '-']];
}

/** Only the mark of one team; the empty text matches none. */
export function litTeamFilter(id: string | null): FilterSpecification {
  return ['all', parts('team', 'team-off'), ['==', ['get', 'id'], id ?? '']] as unknown as FilterSpecification;
}

/** Source and layers of rescue mode in a theme's colours. */
export function rescue(theme: Theme, data: FeatureCollection): Own {
  const { map } = theme;
  const width = (thin: number, thick: number): unknown => ['interpolate', ['linear'], ['zoom'], 8, thin, 15, thick];
  const round = { 'line-cap': 'round', 'line-join': 'round' };
  const letters = { 'text-field': ['get', 'text'], 'text-allow-overlap': true, 'text-ignore-placement': true };
  const layers: Drawn[] = [
    { id: 'rescue:danger', type: 'line', filter: parts('danger'), layout: round, paint: { 'line-color': map.danger, 'line-width': width(13, 20) } },
    { id: 'rescue:casing', type: 'line', filter: parts('route'), layout: round, paint: { 'line-color': map.halo, 'line-width': width(7, 12) } },
    { id: 'rescue:route', type: 'line', filter: parts('route'), layout: round, paint: { 'line-color': map.route, 'line-width': width(4, 7.5) } },
    { id: 'rescue:closed-halo', type: 'line', filter: parts('closed'), paint: { 'line-color': map.halo, 'line-width': width(5, 9) } },
    {
      id: 'rescue:closed',
      type: 'line',
      filter: parts('closed'),
      paint: { 'line-color': map.danger, 'line-width': width(3, 6), 'line-dasharray': [1.6, 0.9] },
    },
    {
      id: 'rescue:closed-lit',
      type: 'line',
      filter: litClosureFilter(null),
      layout: round,
      paint: { 'line-color': theme.focus, 'line-width': width(4, 7), 'line-gap-width': width(6, 11) },
    },
    {
      id: 'rescue:sign',
      type: 'circle',
      filter: parts('closed-sign', 'danger-sign', 'team-off'),
      paint: { 'circle-radius': 10, 'circle-color': map.danger, 'circle-stroke-width': 2, 'circle-stroke-color': map.halo },
    },
    {
      id: 'rescue:sign-bar',
      type: 'symbol',
      filter: parts('closed-sign', 'danger-sign', 'team-off'),
      layout: { ...letters, 'text-size': 19 },
      paint: { 'text-color': map.onDanger, 'text-halo-color': map.onDanger, 'text-halo-width': 0.8 },
    },
    {
      id: 'rescue:team-lit',
      type: 'circle',
      filter: litTeamFilter(null),
      paint: { 'circle-radius': 18, 'circle-opacity': 0, 'circle-stroke-width': 4, 'circle-stroke-color': theme.focus },
    },
    {
      id: 'rescue:end',
      type: 'circle',
      filter: parts('end', 'via', 'team'),
      paint: {
        'circle-radius': ['match', ['get', 'part'], 'end', 13, 10],
        'circle-color': ['match', ['get', 'part'], 'end', map.route, map.halo],
        'circle-stroke-width': 3,
        'circle-stroke-color': ['match', ['get', 'part'], 'end', map.halo, map.route],
      },
    },
    {
      id: 'rescue:letter',
      type: 'symbol',
      filter: parts('end', 'via', 'team'),
      layout: { ...letters, 'text-size': ['match', ['get', 'part'], 'end', 15, 13] },
      paint: {
        'text-color': ['match', ['get', 'part'], 'end', map.halo, map.route],
        'text-halo-color': ['match', ['get', 'part'], 'end', map.halo, map.route],
        'text-halo-width': 0.5,
      },
    },
  ];
  return {
    sources: { [RESCUE_SOURCE]: { type: 'geojson', data } },
    layers: layers.map((layer) => ({ ...layer, source: RESCUE_SOURCE }) as unknown as LayerSpecification),
  };
}
