/** A closure while it is drawn and described. Pure. */
import type { Feature, FeatureCollection, Geometry, Position } from 'geojson';
import type { LonLat } from '../../api/types';
import { TRAVELS, type Travel } from '../../state/url';

export const SHAPES = ['point', 'line', 'area'] as const;
export type Shape = (typeof SHAPES)[number];

/** How many corners a shape needs to be one. */
export const LEAST_CORNERS: Readonly<Record<Shape, number>> = { point: 1, line: 2, area: 3 };
/** As far as the server reads. */
export const LONGEST_TEXT = 500;
export const RADIUS = { least: 5, most: 2000, usual: 20 } as const;

/** All that an operator says of a closure. */
export interface Draft {
  readonly shape: Shape;
  readonly corners: readonly LonLat[];
  readonly radiusM: number;
  readonly reason: string;
  readonly source: string;
  readonly modes: readonly Travel[];
  /** Local times of the region as `datetime-local` writes them; empty: from now on, until it is ended. */
  readonly starts: string;
  readonly ends: string;
}

const position = ({ lon, lat }: LonLat): Position => [lon, lat];

/** What is drawn so far as a geometry; null while there are too few corners. */
export function geometry({ shape, corners }: Pick<Draft, 'shape' | 'corners'>): Geometry | null {
  const [first] = corners;
  if (first === undefined || corners.length < LEAST_CORNERS[shape]) return null;
  if (shape === 'point') return { type: 'Point', coordinates: position(first) };
  if (shape === 'line') return { type: 'LineString', coordinates: corners.map(position) };
  return { type: 'Polygon', coordinates: [[...corners, first].map(position)] };
}

/** Another press: a point moves, a line or an area gets a corner. */
export function pressed(shape: Shape, corners: readonly LonLat[], at: LonLat): LonLat[] {
  return shape === 'point' ? [at] : [...corners, at];
}

const METRES_PER_DEGREE = 111_195;
const AROUND = 48;

/** A circle as a ring. */
export function circle(at: LonLat, radiusM: number): Position[] {
  const lat = radiusM / METRES_PER_DEGREE;
  const lon = lat / Math.max(0.01, Math.cos((at.lat * Math.PI) / 180));
  return Array.from({ length: AROUND + 1 }, (_, i) => {
    const angle = (i / AROUND) * 2 * Math.PI;
    return [at.lon + lon * Math.cos(angle), at.lat + lat * Math.sin(angle)];
  });
}

/** The drawing for the map: its shape, and each corner. */
export function drawing({ shape, corners, radiusM }: Pick<Draft, 'shape' | 'corners' | 'radiusM'>): FeatureCollection {
  const feature = (shown: Geometry): Feature => ({ type: 'Feature', geometry: shown, properties: {} });
  const features = corners.map((at) => feature({ type: 'Point', coordinates: position(at) }));
  const [first] = corners;
  if (shape === 'point' && first !== undefined) features.unshift(feature({ type: 'Polygon', coordinates: [circle(first, radiusM)] }));
  else if (corners.length > 1) {
    features.unshift(feature(geometry({ shape, corners }) ?? { type: 'LineString', coordinates: corners.map(position) }));
  }
  return { type: 'FeatureCollection', features };
}

/** Minutes that a time zone is ahead of UTC at an instant. */
function aheadMinutes(timeZone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  return Math.round((local - at.getTime()) / 60_000);
}

/** The instant of a local time of a time zone; null for what is no such time. */
export function instant(local: string, timeZone: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(local)) return null;
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return null;
  // Twice: the first guess may lie on the other side of a clock change.
  let at = new Date(asUtc);
  for (let i = 0; i < 2; i += 1) at = new Date(asUtc - aheadMinutes(timeZone, at) * 60_000);
  return at;
}

/** The local time that `datetime-local` wants, for an instant. */
export function localTime(at: Date, timeZone: string): string {
  return new Date(at.getTime() + aheadMinutes(timeZone, at) * 60_000).toISOString().slice(0, 16);
}

/** What keeps a draft from being sent. */
export type Fault = 'corners' | 'modes' | 'ends';

export function fault(draft: Draft, timeZone: string, now: Date): Fault | null {
  if (geometry(draft) === null) return 'corners';
  if (draft.modes.length === 0) return 'modes';
  const ends = instant(draft.ends, timeZone);
  const starts = instant(draft.starts, timeZone) ?? now;
  return ends !== null && ends <= new Date(Math.max(starts.getTime(), now.getTime())) ? 'ends' : null;
}

/** The feature to send; null while nothing is drawn. For a look ahead the words need not be there yet. */
export function feature(draft: Draft, timeZone: string): Feature | null {
  const drawn = geometry(draft);
  if (drawn === null) return null;
  const [starts, ends] = [instant(draft.starts, timeZone), instant(draft.ends, timeZone)];
  const properties = {
    reason: draft.reason.trim() || '-',
    source: draft.source.trim() || '-',
    modes: TRAVELS.filter((travel) => draft.modes.includes(travel)),
    ...(draft.shape === 'point' ? { radius_m: draft.radiusM } : {}),
    ...(starts === null ? {} : { starts: starts.toISOString() }),
    ...(ends === null ? {} : { ends: ends.toISOString() }),
  };
  return { type: 'Feature', geometry: drawn, properties };
}
