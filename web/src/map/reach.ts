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

/** The areas as features, the longest first, a label for each, and the place itself. */
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
  const here: Feature[] = at === null || labels.length === 0 ? [] : [{ type: 'Feature', geometry: { type: 'Point', coordinates: [at.lon, at.lat] }, properties: { part: 'here' } }];
  return { type: 'FeatureCollection', features: [...drawn, ...labels, ...here] };
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
        // On an area too small for all of them the shortest times give way.
        'symbol-sort-key': ['-', ['get', 'minutes']],
        'text-padding': 1,
        'text-variable-anchor': ['bottom', 'top', 'left', 'right'],
        'text-radial-offset': 0.3,
      },
      paint: { 'text-color': theme.ink, 'text-halo-color': theme.map.halo, 'text-halo-width': 2 },
    },
    {
      // The mark of the place is no label that others make room for: this one, which is not seen, takes its room.
      id: 'reach:here',
      type: 'symbol',
      filter: ['==', ['get', 'part'], 'here'],
      layout: { 'text-field': '●', 'text-size': 22, 'text-allow-overlap': true },
      paint: { 'text-opacity': 0 },
    },
  ];
  return {
    sources: { [REACH_SOURCE]: { type: 'geojson', data } },
    layers: layers.map((layer) => ({ ...layer, source: REACH_SOURCE }) as unknown as LayerSpecification),
  };
}
