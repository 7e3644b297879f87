/**
 * How minutes to a shelter look: streets close up, a dot for each cell farther out. Pure.
 *
 * Nothing is told by colour alone: ways through danger have an edge, streets without a way are hollow and crossed out.
 */
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { MINUTES_ENDS } from '../state/minutes';
import type { Theme } from '../theme';
import type { Drawn, Own } from './overlay';
import { opacities } from './style';

export const MINUTES_SOURCE = 'minutes';

/** What is shown: the layer's id, and its opacity in percent where it was made lighter. */
export interface MinutesDrawn {
  readonly id: string;
  readonly fade: number | undefined;
}

/** The layers that a press on the map may meet. */
export const MINUTES_HIT = ['minutes:line', 'minutes:cut-off', 'minutes:cell', 'minutes:cut-off-sign'] as const;

/** The colour of minutes: the class's, in the theme. */
export function colourOf(theme: Theme, minutes: unknown): ExpressionSpecification {
  const [first, ...rest] = theme.minutes;
  // A class holds its end: the next begins just behind it.
  const steps = rest.flatMap((colour, i) => [(MINUTES_ENDS[i] ?? 0) + 0.001, colour]);
  return ['step', minutes, first, ...steps] as unknown as ExpressionSpecification;
}

/** The description of its tiles. */
export const minutesAddress = (id: string, origin: string): string => `${origin}/tiles/${id}.json?encoding=mlt`;

const LINES = ['in', ['geometry-type'], ['literal', ['LineString', 'MultiLineString']]];
const POINTS = ['in', ['geometry-type'], ['literal', ['Point', 'MultiPoint']]];
const HAS_WAY = ['has', 'minutes'];
const UNSAFE = ['==', ['get', 'safe'], false];
const CUT_OFF = ['>', ['coalesce', ['get', 'cut_off'], 0], 0];

/** Source and layers of one of them; of none, nothing. */
export function minutes(theme: Theme, shown: MinutesDrawn | null, origin: string): Own {
  if (shown === null) return { sources: {}, layers: [] };
  const { map } = theme;
  const colour = colourOf(theme, ['get', 'minutes']);
  const width = (thin: number, thick: number): unknown => ['interpolate', ['linear'], ['zoom'], 13, thin, 16, thick];
  const round = { 'line-cap': 'round', 'line-join': 'round' };
  const layers: Drawn[] = [
    { id: 'minutes:edge', type: 'line', filter: ['all', LINES, HAS_WAY, UNSAFE], layout: round, paint: { 'line-color': map.danger, 'line-width': width(6.5, 11) } },
    { id: 'minutes:casing', type: 'line', filter: ['all', LINES, HAS_WAY], layout: round, paint: { 'line-color': map.halo, 'line-width': width(4, 7.5) } },
    { id: 'minutes:line', type: 'line', filter: ['all', LINES, HAS_WAY], layout: round, paint: { 'line-color': colour, 'line-width': width(2.5, 5) } },
    {
      id: 'minutes:cut-off',
      type: 'line',
      filter: ['all', LINES, CUT_OFF],
      paint: { 'line-color': map.danger, 'line-width': width(1.2, 2), 'line-gap-width': width(2.5, 4) },
    },
    {
      id: 'minutes:cell',
      type: 'circle',
      filter: ['all', POINTS, HAS_WAY],
      paint: {
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 5, 2.2, 12, 3.2],
        'circle-color': colour,
        'circle-stroke-color': map.danger,
        'circle-stroke-width': ['case', UNSAFE, 1.2, 0],
      },
    },
    {
      id: 'minutes:cut-off-sign',
      type: 'symbol',
      filter: CUT_OFF,
      layout: {
        'symbol-placement': 'point',
        'text-field': '×',
        'text-size': ['interpolate', ['linear'], ['zoom'], 5, 13, 13, 17],
        'text-allow-overlap': true,
        'text-ignore-placement': true,
      },
      paint: { 'text-color': map.danger, 'text-halo-color': map.halo, 'text-halo-width': 1.4 },
    },
  ];
  return {
    sources: { [MINUTES_SOURCE]: { type: 'vector', url: minutesAddress(shown.id, origin) } },
    layers: layers.map((layer) => {
      const whole = { ...layer, source: MINUTES_SOURCE, 'source-layer': shown.id } as unknown as LayerSpecification;
      return { ...whole, paint: { ...whole.paint, ...(shown.fade === undefined ? {} : opacities(whole, shown.fade)) } } as LayerSpecification;
    }),
  };
}
