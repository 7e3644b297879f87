/**
 * The names the app uses for what the API answers, derived from the paths and
 * not from schema names, so that regenerating `schema.gen.ts` cannot rename them.
 */
import type { paths } from './schema.gen';

type Content<R> = R extends { content: infer C } ? C[keyof C] : never;
/** The body of a 200 answer of a GET route. */
type Ok<P extends keyof paths> = paths[P]['get'] extends { responses: { 200: infer R } }
  ? Content<R>
  : never;

export type Region = Ok<'/api/region'>;
export type Layer = Region['layers'][number];
export type Level = Layer['levels'][number];
export type Names = Region['names'];
export type Roads = NonNullable<Region['roads']>;
/** Data whose origin is told. */
export type Credited = Pick<Layer, 'names' | 'source' | 'licence' | 'synthetic'>;
export type Nearest = Ok<'/api/shelters/nearest'>;
export type Shelter = Nearest['features'][number];
export type Refused = Nearest['refused'][number];
export type Notice = NonNullable<Nearest['notice']>;
export type ShelterRecord = Ok<'/api/shelters/{id}'>;
export type Risk = Ok<'/api/risk'>;
export type Hazard = Risk['hazards'][number];
export type Route = Ok<'/api/route'>;
export type Avoided = Route['properties']['avoided'][number];
export type Crossed = Route['properties']['crossed'][number];
export type RouteStep = Route['properties']['steps'][number];
export type Isochrones = Ok<'/api/isochrone'>;
export type NearestTeams = Ok<'/api/teams/nearest'>;
export type Team = NearestTeams['features'][number];
export type HinderedTeam = NearestTeams['unreachable'][number];
export type Closures = Ok<'/api/closures'>;
export type Closure = Closures['features'][number];
export type SearchResult = Ok<'/api/search'>['results'][number];

/** A result of the server, or the point whose coordinates were typed. */
export type SearchHit = Pick<SearchResult, 'id' | 'layer' | 'names' | 'lon' | 'lat'> &
  Partial<Omit<SearchResult, 'role'>> & { role: SearchResult['role'] | 'point' };
export type HazardKind = Hazard['kind'];
/** The languages the server answers in. */
export type Lang = NonNullable<NonNullable<paths['/api/risk']['get']['parameters']['query']>['lang']>;

export type Role = Layer['role'];

type Posted<P extends keyof paths, S extends number> = paths[P]['post'] extends { responses: Record<S, infer R> } ? Content<R> : never;

export type Uploads = Ok<'/api/imports'>;
export type Upload = Uploads['uploads'][number];
export type ImportOptions = NonNullable<paths['/api/imports/{id}/preview']['post']>['requestBody']['content']['application/json'];
export type ImportPreview = Posted<'/api/imports/{id}/preview', 200>;
export type ClosureMade = Posted<'/api/closures', 200>;
export type ImportDone = Posted<'/api/imports/{id}/accept', 200>;

/** Why a request was refused. */
export type Problem = paths['/api/risk']['get']['responses'][400]['content']['application/problem+json'];
/** A GeoJSON geometry that is no collection. */
export type Footprint = NonNullable<ShelterRecord['footprint']>;

/** A place on the earth, WGS 84 degrees. */
export interface LonLat {
  readonly lon: number;
  readonly lat: number;
}
