/** What a press on the map may mean beside a plain point: the marks that lie under it. Pure. */
import type { MapGeoJSONFeature } from 'maplibre-gl';
import type { LonLat, Names, Role } from '../api/types';
import { OVERLAY_SOURCE } from './overlay';
import { RESCUE_SOURCE } from './rescue';
import { packLayer } from './zorder';

/** A drawn feature, as far as it decides what it is a mark of. */
export type Hit = Pick<MapGeoJSONFeature, 'source' | 'layer' | 'properties' | 'geometry'>;

/** What the pack layers are, by their ids. */
export type Roles = ReadonlyMap<string, Role>;

/** A place of the pack that one goes to, comes from or asks about. */
export interface MarkedPlace {
  readonly id: string;
  readonly role: Role;
  /** As exact as the tile that it was drawn from. */
  readonly at: LonLat;
  readonly names: Names;
}

/** What lies under the pointer, where something does. */
export interface Marks {
  /** Ids. */
  readonly shelter: string | null;
  readonly closure: string | null;
  readonly team: string | null;
  readonly place: MarkedPlace | null;
}

export const NO_MARKS: Marks = { shelter: null, closure: null, team: null, place: null };

/** What has a place that people call by its name. */
const PLACES: ReadonlySet<Role> = new Set<Role>(['shelter', 'chemical_park', 'rescue_team']);

function idOf(hit: Hit | undefined): string | null {
  const id: unknown = hit?.properties['id'];
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const isTeam = ({ properties }: Hit): boolean => String(properties['part']).startsWith('team');

/** The place that a hit is the mark of; null where it stands for several or nobody knows its name. */
function placeOf(hit: Hit, role: Role | undefined): MarkedPlace | null {
  const { properties, geometry } = hit;
  const id = idOf(hit);
  if (role === undefined || !PLACES.has(role) || id === null || geometry.type !== 'Point' || Number(properties['count'] ?? 1) > 1) return null;
  const [lon = 0, lat = 0] = geometry.coordinates;
  const zh = textOf(properties['name_zh']) ?? textOf(properties['name_en']);
  if (zh === null) return null;
  return { id, role, at: { lon, lat }, names: { zh, en: textOf(properties['name_en']) ?? zh } };
}

/** The marks among what is drawn at a place, topmost first. */
export function marksOf(hits: readonly Hit[], roles: Roles): Marks {
  const roleOf = ({ layer }: Hit): Role | undefined => roles.get(packLayer(layer as never) ?? '');
  const isShelter = (hit: Hit): boolean => {
    if (hit.source !== OVERLAY_SOURCE) return roleOf(hit) === 'shelter';
    return hit.properties['id'] !== '' && hit.properties['id'] !== undefined;
  };
  const ofRescue = hits.filter(({ source, properties }) => source === RESCUE_SOURCE && properties['id']);
  return {
    shelter: idOf(hits.find(isShelter)),
    closure: idOf(ofRescue.find((hit) => !isTeam(hit))),
    team: idOf(ofRescue.find(isTeam)),
    place: hits.map((hit) => placeOf(hit, roleOf(hit))).find((place) => place !== null) ?? null,
  };
}
