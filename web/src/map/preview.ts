/** How features look that are not in the pack yet: in one loud colour that no layer has, over everything. Pure. */
import type { LayerSpecification } from 'maplibre-gl';
import type { FeatureCollection } from 'geojson';
import type { Theme } from '../theme';
import type { Drawn, Own } from './overlay';

export const PREVIEW_SOURCE = 'preview';

const shaped = (...types: string[]): unknown => ['in', ['geometry-type'], ['literal', types]];
const AREAS = shaped('Polygon', 'MultiPolygon');
const OUTLINES = shaped('LineString', 'MultiLineString', 'Polygon', 'MultiPolygon');
const POINTS = shaped('Point', 'MultiPoint');

/** Source and layers of the preview in a theme's colours. */
export function preview(theme: Theme, data: FeatureCollection): Own {
  const { map } = theme;
  const layers: Drawn[] = [
    { id: 'preview:fill', type: 'fill', filter: AREAS, paint: { 'fill-color': map.preview, 'fill-opacity': 0.12 } },
    { id: 'preview:halo', type: 'line', filter: OUTLINES, paint: { 'line-color': map.halo, 'line-width': 4, 'line-opacity': 0.8 } },
    { id: 'preview:line', type: 'line', filter: OUTLINES, paint: { 'line-color': map.preview, 'line-width': 2 } },
    {
      id: 'preview:point',
      type: 'circle',
      filter: POINTS,
      paint: {
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 5, 3.5, 12, 7],
        'circle-color': map.preview,
        'circle-stroke-width': 1.5,
        'circle-stroke-color': map.halo,
      },
    },
  ];
  return {
    sources: { [PREVIEW_SOURCE]: { type: 'geojson', data } },
    layers: layers.map((layer) => ({ ...layer, source: PREVIEW_SOURCE }) as unknown as LayerSpecification),
  };
}
