/**
 * The address of a screen: everything that makes a link open the same thing,
 * to and from the part of the URL after `#`. Pure: touches no window.
 *
 * `#/risk?map=11.5/26.07450/119.30010&at=26.07450,119.30010&hazard=flood&shelter=FJ-12&on=typhoon&off=places&fade=flood:40`
 * `#/rescue?from=26.07450,119.30010&via=26.06000,119.31000;26.05500,119.31500&to=26.05000,119.32000&by=foot&zones=off`
 * `#/rescue?at=26.07450,119.30010&task=reach&within=15,30&direction=to`
 * `#/rescue?at=25.165201,118.836494&task=teams&park=cp-02&teams=own`
 */
import type { LonLat } from '../api/types';

export const MODES = ['shelter', 'risk', 'rescue', 'import'] as const;
export type Mode = (typeof MODES)[number];

/** How one can travel by road, as the server names it. */
export const TRAVELS = ['car', 'truck', 'foot'] as const;
export type Travel = (typeof TRAVELS)[number];

/** What rescue mode is asked for: a route, how far one comes, or who comes soonest. */
export const TASKS = ['route', 'reach', 'teams'] as const;
export type Task = (typeof TASKS)[number];

/** How far one comes from a place, or from where one comes to it. */
export const DIRECTIONS = ['from', 'to'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Where the map looks. */
export interface View extends LonLat {
  readonly zoom: number;
}

/** All that a link carries. */
export interface Place {
  readonly mode: Mode;
  readonly view: View | null;
  /** The point asked about. */
  readonly at: LonLat | null;
  /** The hazard kind chosen; null asks without one. */
  readonly hazard: string | null;
  /** The shelter looked at. */
  readonly shelter: string | null;
  /** Where the route begins and ends. */
  readonly from: LonLat | null;
  readonly to: LonLat | null;
  /** Where it leads by, in order. */
  readonly via: readonly LonLat[];
  /** How it is travelled. */
  readonly by: Travel;
  /** The route obeys closures, but no hazard zones. */
  readonly closuresOnly: boolean;
  readonly task: Task;
  /** Minutes within which one comes, the least first. */
  readonly within: readonly number[];
  readonly direction: Direction;
  /** Id of the chemical park asked about, where the place is one. */
  readonly park: string | null;
  /** Only the teams that belong to it. */
  readonly ownTeams: boolean;
  /** Layers switched on or off by hand, against what the app would show. */
  readonly on: readonly string[];
  readonly off: readonly string[];
  /** Opacity in percent of layers that were made lighter. */
  readonly fade: Readonly<Record<string, number>>;
}

export const START: Place = {
  mode: 'shelter',
  view: null,
  at: null,
  hazard: null,
  shelter: null,
  from: null,
  to: null,
  via: [],
  by: 'car',
  closuresOnly: false,
  task: 'route',
  within: [10, 30, 60],
  direction: 'from',
  park: null,
  ownTeams: false,
  on: [],
  off: [],
  fade: {},
};

/** More stops than this on the way nobody reads in a list; the server would take more. */
export const MOST_VIA = 20;

/** As many times and as long ones as the server works out at once. */
export const MOST_TIMES = 6;
export const MOST_MINUTES = 120;

const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;

function numbers(text: string | null, separator: string, length: number): number[] | null {
  if (text === null) return null;
  const parts = text.split(separator);
  if (parts.length !== length || parts.some((part) => part.trim() === '')) return null;
  const values = parts.map(Number);
  return values.every(Number.isFinite) ? values : null;
}

function point(lat: number | undefined, lon: number | undefined): LonLat | null {
  if (lat === undefined || lon === undefined) return null;
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lon, lat } : null;
}

function parsePoint(text: string | null): LonLat | null {
  const at = numbers(text, ',', 2);
  return point(at?.[0], at?.[1]);
}

/** Points in order; what is none is left out. */
function parsePoints(text: string | null): LonLat[] {
  const points = (text ?? '').split(';').map(parsePoint);
  return points.filter((at) => at !== null).slice(0, MOST_VIA);
}

function names(text: string | null): string[] {
  return (text ?? '').split(',').filter((name) => NAME.test(name));
}

function parseView(text: string | null): View | null {
  const values = numbers(text, '/', 3);
  const zoom = values?.[0];
  const centre = point(values?.[1], values?.[2]);
  if (centre === null || zoom === undefined || zoom < 0 || zoom > 24) return null;
  return { ...centre, zoom };
}

/** Whole minutes, each once, the least first; where none can be read, those at the start. */
function parseWithin(text: string | null): readonly number[] {
  const times = (text ?? '').split(',').map(Number);
  const good = times.filter((minutes) => Number.isInteger(minutes) && minutes > 0 && minutes <= MOST_MINUTES);
  const within = [...new Set(good)].sort((a, b) => a - b).slice(0, MOST_TIMES);
  return within.length === 0 ? START.within : within;
}

function parseFade(text: string | null): Record<string, number> {
  const fade: Record<string, number> = {};
  for (const pair of (text ?? '').split(',')) {
    const [name = '', percent = ''] = pair.split(':');
    const value = Number(percent);
    if (NAME.test(name) && percent !== '' && value >= 0 && value < 100) fade[name] = Math.round(value);
  }
  return fade;
}

/** Reads a hash; what cannot be read is as if it were not there. */
export function parse(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const params = new URLSearchParams(query);
  const hazard = params.get('hazard');
  return {
    mode: MODES.find((mode) => mode === path) ?? START.mode,
    view: parseView(params.get('map')),
    at: parsePoint(params.get('at')),
    hazard: hazard !== null && NAME.test(hazard) ? hazard : null,
    shelter: params.get('shelter') || null,
    from: parsePoint(params.get('from')),
    to: parsePoint(params.get('to')),
    via: parsePoints(params.get('via')),
    by: TRAVELS.find((travel) => travel === params.get('by')) ?? START.by,
    closuresOnly: params.get('zones') === 'off',
    task: TASKS.find((task) => task === params.get('task')) ?? START.task,
    within: parseWithin(params.get('within')),
    direction: DIRECTIONS.find((direction) => direction === params.get('direction')) ?? START.direction,
    park: params.get('park') || null,
    ownTeams: params.get('teams') === 'own',
    on: names(params.get('on')),
    off: names(params.get('off')),
    fade: parseFade(params.get('fade')),
  };
}

/** A place as an address has it: six decimals are about 0.1 m. */
export const written = ({ lat, lon }: LonLat): string => `${lat.toFixed(6)},${lon.toFixed(6)}`;

/** Writes a hash; the same place always gives the same text. */
export function format(place: Place): string {
  const parts: string[] = [];
  const { view, at, hazard, shelter, from, to, via, by, closuresOnly, task, within, direction, park, ownTeams, on, off, fade } = place;
  if (view !== null) parts.push(`map=${view.zoom.toFixed(2)}/${view.lat.toFixed(5)}/${view.lon.toFixed(5)}`);
  if (at !== null) parts.push(`at=${written(at)}`);
  if (hazard !== null) parts.push(`hazard=${hazard}`);
  if (shelter !== null) parts.push(`shelter=${encodeURIComponent(shelter)}`);
  if (from !== null) parts.push(`from=${written(from)}`);
  if (via.length > 0) parts.push(`via=${via.map(written).join(';')}`);
  if (to !== null) parts.push(`to=${written(to)}`);
  if (by !== START.by) parts.push(`by=${by}`);
  if (closuresOnly) parts.push('zones=off');
  if (task !== START.task) parts.push(`task=${task}`);
  if (within.join() !== START.within.join()) parts.push(`within=${within.join()}`);
  if (direction !== START.direction) parts.push(`direction=${direction}`);
  if (park !== null) parts.push(`park=${encodeURIComponent(park)}`);
  if (ownTeams) parts.push('teams=own');
  if (on.length > 0) parts.push(`on=${[...on].sort().join(',')}`);
  if (off.length > 0) parts.push(`off=${[...off].sort().join(',')}`);
  const faded = Object.keys(fade).sort();
  if (faded.length > 0) parts.push(`fade=${faded.map((name) => `${name}:${fade[name]}`).join(',')}`);
  return `#/${place.mode}${parts.length > 0 ? `?${parts.join('&')}` : ''}`;
}

/** True when two places differ only in where the map looks: not worth a step back. */
export function sameButView(a: Place, b: Place): boolean {
  return format({ ...a, view: null }) === format({ ...b, view: null });
}
