/** How areas that are reached in a time look: nested, each with its minutes written at its farthest point. Pure. */
import type { FilterSpecification, LayerSpecification } from 'maplibre-gl';
import type { Feature, FeatureCollection, Position } from 'geojson';
import type { Isochrones, LonLat } from '../api/types';
import type { Theme } from '../theme';
import { colourOf } from './minutes';
import type { Drawn, Own } from './overlay';
import { metres } from './rescue';

export const REACH_SOURCE = 'reach';

/** All corners of an area; of one that reaches nothing none. */
export function corners(area: Isochrones['features'][number]): Position[] {
  const geometry = area.geometry as { coordinates?: Position[][][] } | null | undefined;
  return (geometry?.coordinates ?? []).flat(2);
}

/** The corner that lies farthest from a place: there areas that lie in one another are told apart. */
export function farthest(positions: readonly Position[], { lon, lat }: LonLat): Position | null {
  let [best, most]: [Position | null, number] = [null, -1];
  for (const at of positions) {
    const far = metres([lon, lat], at);
    if (far > most) [best, most] = [at, far];
  }
  return best;
}

/** The areas as features, the longest first, and a label for each. */
export function reachFeatures(answer: Isochrones | null, at: LonLat | null, label: (minutes: number) => string): FeatureCollection {
  const drawn: Feature[] = [];
  const labels: Feature[] = [];
  for (const area of answer?.features ?? []) {
    const { minutes } = area.properties;
    const far = at === null ? null : farthest(corners(area), at);
    if (far === null) continue;
    drawn.push({ type: 'Feature', geometry: area.geometry as unknown as Feature['geometry'], properties: { part: 'area', minutes } });
    labels.push({ type: 'Feature', geometry: { type: 'Point', coordinates: far }, properties: { part: 'label', minutes, text: label(minutes) } });
  }
  return { type: 'FeatureCollection', features: [...drawn, ...labels] };
}

const AREA = ['==', ['get', 'part'], 'area'];

/** Only the area of these minutes; none where no minutes are given. */
export function litAreaFilter(minutes: number | null): FilterSpecification {
  return ['all', AREA, ['==', ['get', 'minutes'], minutes ?? -1]] as unknown as FilterSpecification;
}

/** Source and layers of the areas in a theme's colours. */
export function reach(theme: Theme, data: FeatureCollection): Own {
  const colour = colourOf(theme, ['get', 'minutes']);
  const round = { 'line-join': 'round' };
  const layers: Drawn[] = [
    { id: 'reach:fill', type: 'fill', filter: AREA, paint: { 'fill-color': colour, 'fill-opacity': 0.16 } },
    { id: 'reach:halo', type: 'line', filter: AREA, layout: round, paint: { 'line-color': theme.map.halo, 'line-width': 4, 'line-opacity': 0.8 } },
    { id: 'reach:line', type: 'line', filter: AREA, layout: round, paint: { 'line-color': colour, 'line-width': 2 } },
    { id: 'reach:lit', type: 'line', filter: litAreaFilter(null), layout: round, paint: { 'line-color': theme.focus, 'line-width': 4 } },
    {
      id: 'reach:label',
      type: 'symbol',
      filter: ['==', ['get', 'part'], 'label'],
      layout: {
        'text-field': ['get', 'text'],
        'text-size': 14,
        'text-allow-overlap': true,
        'text-ignore-placement': true,
        'text-variable-anchor': ['bottom', 'top', 'left', 'right'],
        'text-radial-offset': 0.3,
      },
      paint: { 'text-color': theme.ink, 'text-halo-color': theme.map.halo, 'text-halo-width': 2 },
    },
  ];
  return {
    sources: { [REACH_SOURCE]: { type: 'geojson', data } },
    layers: layers.map((layer) => ({ ...layer, source: REACH_SOURCE }) as unknown as LayerSpecification),
  };
}
