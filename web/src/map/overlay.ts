/** What the app draws over the map: the asked point, the answer, the line between them. Pure. */
import type { FilterSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import type { Footprint, LonLat, Nearest, Shelter } from '../api/types';
import type { Theme } from '../theme';
import type { OverlayId } from './zorder';

/** The part a feature plays in the drawing. */
type Part = 'footprint' | 'here' | 'pick' | 'candidate' | 'refused' | 'unverified' | 'link';

/** What there is to draw. */
export interface Scene {
  readonly at: LonLat | null;
  readonly answer: Nearest | null;
  readonly pick: Shelter | null;
  /** What the shelter looked at was mapped as, where that is more than a point. */
  readonly footprint: Footprint | null;
}

export const OVERLAY_SOURCE = 'overlay';
export const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

function pointFeature(part: Part, id: string, lon: number, lat: number, number = ''): Feature {
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [lon, lat] },
    properties: { part, id, number },
  };
}

function ofShelter(part: Part, shelter: Shelter, number = ''): Feature {
  const [lon = 0, lat = 0] = shelter.geometry.coordinates;
  return pointFeature(part, shelter.properties.id, lon, lat, number);
}

/** The end of the link on the same side of the antimeridian as its start. */
function unwrapped(from: number, to: number): number {
  if (to - from > 180) return to - 360;
  return to - from < -180 ? to + 360 : to;
}

function link(at: LonLat, pick: Shelter): Feature {
  const [lon = 0, lat = 0] = pick.geometry.coordinates;
  const line = [
    [at.lon, at.lat],
    [unwrapped(at.lon, lon), lat],
  ];
  return { type: 'Feature', geometry: { type: 'LineString', coordinates: line }, properties: { part: 'link' } };
}

/** The scene as features for the overlay source. */
export function features(scene: Scene): FeatureCollection {
  const { at, answer, pick, footprint } = scene;
  const drawn: Feature[] = [];
  if (footprint !== null) drawn.push({ type: 'Feature', geometry: footprint as unknown as Geometry, properties: { part: 'footprint' } });
  for (const refused of answer?.refused ?? []) {
    drawn.push(pointFeature('refused', refused.id, refused.lon, refused.lat));
  }
  for (const shelter of answer?.unverified ?? []) drawn.push(ofShelter('unverified', shelter));
  (answer?.features ?? []).forEach((shelter, at0) => {
    const part = shelter.properties.id === pick?.properties.id ? 'pick' : 'candidate';
    drawn.push(ofShelter(part, shelter, String(at0 + 1)));
  });
  if (pick !== null && !drawn.some((feature) => feature.properties?.['part'] === 'pick')) drawn.push(ofShelter('pick', pick));
  if (at !== null && pick !== null) drawn.push(link(at, pick));
  if (at !== null) drawn.push(pointFeature('here', '', at.lon, at.lat));
  return { type: 'FeatureCollection', features: drawn };
}

const parts = (...names: Part[]): FilterSpecification => ['in', ['get', 'part'], ['literal', names]];

/** Only features with this id; the empty text matches none. */
export function litFilter(id: string | null): FilterSpecification {
  return ['all', ['!=', ['get', 'id'], ''], ['==', ['get', 'id'], id ?? '']];
}

export interface Drawn extends Record<string, unknown> {
  id: OverlayId;
}

/** Sources and layers that the app adds to a style. */
export interface Own {
  sources: StyleSpecification['sources'];
  layers: LayerSpecification[];
}

/** Source and layers of the overlay in a theme's colours. */
export function overlay(theme: Theme, data: FeatureCollection): Own {
  const { map } = theme;
  const chip = { 'circle-translate': [15, -15], 'circle-translate-anchor': 'viewport' };
  const colour = ['match', ['get', 'part'], 'pick', map.answer, map.other];
  const areas = ['in', ['geometry-type'], ['literal', ['Polygon', 'MultiPolygon']]];
  const layers: Drawn[] = [
    {
      id: 'overlay:footprint-fill',
      type: 'fill',
      filter: ['all', parts('footprint'), areas],
      paint: { 'fill-color': map.answer, 'fill-opacity': 0.22 },
    },
    { id: 'overlay:footprint-halo', type: 'line', filter: ['all', parts('footprint'), areas], paint: { 'line-color': map.halo, 'line-width': 5, 'line-opacity': 0.8 } },
    { id: 'overlay:footprint-line', type: 'line', filter: ['all', parts('footprint'), areas], paint: { 'line-color': map.answer, 'line-width': 2.5 } },
    {
      id: 'overlay:footprint-point',
      type: 'circle',
      filter: ['all', parts('footprint'), ['!', areas]],
      paint: { 'circle-radius': 5, 'circle-color': map.answer, 'circle-stroke-width': 1.5, 'circle-stroke-color': map.halo },
    },
    {
      id: 'overlay:link',
      type: 'line',
      filter: parts('link'),
      layout: { 'line-cap': 'round' },
      paint: { 'line-color': map.link, 'line-width': 3, 'line-dasharray': [0.2, 2.2] },
    },
    {
      id: 'overlay:spot',
      type: 'circle',
      filter: parts('pick', 'candidate', 'refused', 'unverified'),
      paint: { 'circle-radius': 4, 'circle-color': colour, 'circle-stroke-width': 1.5, 'circle-stroke-color': map.halo },
    },
    {
      id: 'overlay:ring',
      type: 'circle',
      filter: parts('pick', 'candidate'),
      paint: {
        'circle-radius': ['match', ['get', 'part'], 'pick', 19, 15],
        'circle-opacity': 0,
        'circle-stroke-width': ['match', ['get', 'part'], 'pick', 4, 2],
        'circle-stroke-color': colour,
      },
    },
    {
      id: 'overlay:lit',
      type: 'circle',
      filter: litFilter(null),
      paint: { 'circle-radius': 25, 'circle-opacity': 0, 'circle-stroke-width': 4, 'circle-stroke-color': theme.focus },
    },
    {
      id: 'overlay:chip',
      type: 'circle',
      filter: ['all', parts('pick', 'candidate'), ['!=', ['get', 'number'], '']],
      paint: { 'circle-radius': 9, 'circle-color': colour, 'circle-stroke-width': 1.5, 'circle-stroke-color': map.halo, ...chip },
    },
    {
      id: 'overlay:number',
      type: 'symbol',
      filter: ['all', parts('pick', 'candidate'), ['!=', ['get', 'number'], '']],
      layout: { 'text-field': ['get', 'number'], 'text-size': 12, 'text-allow-overlap': true, 'text-ignore-placement': true },
      paint: { 'text-color': map.label, 'text-translate': [15, -15], 'text-translate-anchor': 'viewport' },
    },
    {
      id: 'overlay:here-halo',
      type: 'circle',
      filter: parts('here'),
      paint: { 'circle-radius': 18, 'circle-color': map.here, 'circle-opacity': 0.2 },
    },
    {
      id: 'overlay:here',
      type: 'circle',
      filter: parts('here'),
      paint: { 'circle-radius': 8, 'circle-color': map.here, 'circle-stroke-width': 3, 'circle-stroke-color': map.halo },
    },
  ];
  return {
    sources: { [OVERLAY_SOURCE]: { type: 'geojson', data } },
    layers: layers.map((layer) => ({ ...layer, source: OVERLAY_SOURCE }) as unknown as LayerSpecification),
  };
}
