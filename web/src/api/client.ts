/** The questions everybody may ask the server. What operators ask is in `imports.ts` and `closing.ts`; nothing else fetches from `/api`. */
import createClient from 'openapi-fetch';
import type { paths } from './schema.gen';
import { ApiProblem, isAbort, problemFrom, problemFromThrown } from './problem';
import type { Closures, HazardKind, Isochrones, Lang, LonLat, Nearest, NearestTeams, Region, Risk, Route, SearchResult, ShelterRecord } from './types';

const api = createClient<paths>({ baseUrl: '/' });

/** How long an answer may take before the app says so, in milliseconds. */
const PATIENCE_MS = 15_000;

/** Six decimals are about 0.1 m: more would only make addresses unlike. */
const rounded = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

interface Reply<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * Runs one request under the caller's signal and our patience.
 * Rejects with {@link ApiProblem}, or with the abort when the caller gave up.
 */
async function ask<T>(outer: AbortSignal, request: (signal: AbortSignal) => Promise<Reply<T>>): Promise<T> {
  const inner = new AbortController();
  const stop = (): void => inner.abort();
  outer.addEventListener('abort', stop);
  const timer = setTimeout(stop, PATIENCE_MS);
  try {
    const { data, error, response } = await request(inner.signal);
    if (data === undefined) throw problemFrom(response.status, error);
    return data;
  } catch (thrown) {
    if (isAbort(thrown) && !outer.aborted) throw new ApiProblem('slow', 0, null);
    throw isAbort(thrown) ? thrown : problemFromThrown(thrown);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', stop);
  }
}

/** What the served region is and which layers it has. */
export function region(signal: AbortSignal): Promise<Region> {
  return ask(signal, (s) => api.GET('/api/region', { signal: s }));
}

/** The nearest usable shelters to a point, and why nearer ones were left out. */
export function nearest(at: LonLat, hazard: string | null, lang: Lang, signal: AbortSignal): Promise<Nearest> {
  const query = {
    lon: rounded(at.lon),
    lat: rounded(at.lat),
    k: 3,
    lang,
    // A link may name any hazard; the server refuses one it does not know, in words for the reader.
    ...(hazard === null ? {} : { hazard: hazard as HazardKind }),
  };
  return ask(signal, (s) => api.GET('/api/shelters/nearest', { params: { query }, signal: s }));
}

/** One shelter with every known field, its source and time. */
export function shelter(id: string, lang: Lang, signal: AbortSignal): Promise<ShelterRecord> {
  const params = { path: { id }, query: { lang } };
  return ask(signal, (s) => api.GET('/api/shelters/{id}', { params, signal: s }));
}

/** What threatens a point, most severe first. */
export function risk(at: LonLat, lang: Lang, signal: AbortSignal): Promise<Risk> {
  const query = { lon: rounded(at.lon), lat: rounded(at.lat), lang };
  return ask(signal, (s) => api.GET('/api/risk', { params: { query }, signal: s }));
}

/** How a route is asked for. */
export interface RouteAsked {
  readonly from: LonLat;
  readonly to: LonLat;
  /** Where it leads by, in order. */
  readonly via: readonly LonLat[];
  readonly mode: 'car' | 'truck' | 'foot';
  /** The kind whose zones count; null for all kinds, `none` for closures only. */
  readonly hazard: string | null;
}

/** A route by road that obeys closures and hazard zones, and what it met. */
export function route({ from, to, via, mode, hazard }: RouteAsked, lang: Lang, signal: AbortSignal): Promise<Route> {
  const stop = ({ lon, lat }: LonLat): string => `${rounded(lon)},${rounded(lat)}`;
  const query = {
    from: stop(from),
    to: stop(to),
    mode,
    lang,
    ...(via.length === 0 ? {} : { via: via.map(stop).join(';') }),
    ...(hazard === null ? {} : { hazard }),
  };
  return ask(signal, (s) => api.GET('/api/route', { params: { query }, signal: s }));
}

/** How far one comes, and by what. */
export interface ReachAsked {
  readonly at: LonLat;
  readonly mode: 'car' | 'truck' | 'foot';
  readonly minutes: readonly number[];
  /** From the place, or to it. */
  readonly direction: 'from' | 'to';
  /** As for a route. */
  readonly hazard: string | null;
}

/** The areas reached from a place in each of the times, or those it is reached from, the longest first. */
export function isochrones({ at, mode, minutes, direction, hazard }: ReachAsked, lang: Lang, signal: AbortSignal): Promise<Isochrones> {
  const query = {
    lon: rounded(at.lon),
    lat: rounded(at.lat),
    mode,
    minutes: minutes.join(','),
    direction,
    lang,
    ...(hazard === null ? {} : { hazard }),
  };
  return ask(signal, (s) => api.GET('/api/isochrone', { params: { query }, signal: s }));
}

/** Where rescue teams are needed, and how they come. */
export interface TeamsAsked {
  readonly at: LonLat;
  readonly mode: 'car' | 'truck' | 'foot';
  /** As for a route. */
  readonly hazard: string | null;
  /** Only teams that belong to this chemical park; null for all. */
  readonly serves: string | null;
}

/** More teams than this nobody compares. */
const MOST_TEAMS = 8;

/** The rescue teams that come to a place soonest, and those that cannot come. */
export function nearestTeams({ at, mode, hazard, serves }: TeamsAsked, lang: Lang, signal: AbortSignal): Promise<NearestTeams> {
  const query = {
    lon: rounded(at.lon),
    lat: rounded(at.lat),
    k: MOST_TEAMS,
    mode,
    lang,
    ...(hazard === null ? {} : { hazard }),
    ...(serves === null ? {} : { serves }),
  };
  return ask(signal, (s) => api.GET('/api/teams/nearest', { params: { query }, signal: s }));
}

/** The closures there are; fails where the region has no `roads`. */
export function closures(signal: AbortSignal): Promise<Closures> {
  return ask(signal, (s) => api.GET('/api/closures', { signal: s }));
}

/** Places, shelters and parks whose name fits; `near` lifts close ones among equals. */
export async function search(
  text: string,
  near: LonLat | null,
  lang: Lang,
  signal: AbortSignal,
): Promise<SearchResult[]> {
  const bias = near === null ? {} : { lon: rounded(near.lon), lat: rounded(near.lat) };
  const query = { q: text, limit: 10, lang, ...bias };
  const answer = await ask(signal, (s) => api.GET('/api/search', { params: { query }, signal: s }));
  return answer.results;
}
