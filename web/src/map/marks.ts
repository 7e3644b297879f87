/** What a press on the map may mean something else than a plain point: the marks that lie under it. Pure. */
import type { MapGeoJSONFeature } from 'maplibre-gl';
import { OVERLAY_SOURCE } from './overlay';
import { RESCUE_SOURCE } from './rescue';
import { packLayer } from './zorder';

/** A drawn feature, as far as it decides what it is a mark of. */
export type Hit = Pick<MapGeoJSONFeature, 'source' | 'layer' | 'properties'>;

/** Ids of what lies under the pointer, where something does. */
export interface Marks {
  readonly shelter: string | null;
  readonly closure: string | null;
  readonly team: string | null;
}

export const NO_MARKS: Marks = { shelter: null, closure: null, team: null };

function idOf(hit: Hit | undefined): string | null {
  const id: unknown = hit?.properties['id'];
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
}

const isTeam = ({ properties }: Hit): boolean => String(properties['part']).startsWith('team');

/** The marks among what is drawn at a place, topmost first; `shelterLayers` are the pack layers that hold shelters. */
export function marksOf(hits: readonly Hit[], shelterLayers: ReadonlySet<string>): Marks {
  const isShelter = ({ source, properties, layer }: Hit): boolean => {
    if (source === OVERLAY_SOURCE) return properties['id'] !== '' && properties['id'] !== undefined;
    return shelterLayers.has(packLayer(layer as never) ?? '');
  };
  const ofRescue = hits.filter(({ source, properties }) => source === RESCUE_SOURCE && properties['id']);
  return {
    shelter: idOf(hits.find(isShelter)),
    closure: idOf(ofRescue.find((hit) => !isTeam(hit))),
    team: idOf(ofRescue.find(isTeam)),
  };
}
