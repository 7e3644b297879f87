/**
 * The style the map is given: the server's own, with absolute addresses, the
 * app's overlay put in, and switches and opacities applied. Pure.
 */
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import type { Own } from './overlay';
import { ordered, packLayer } from './zorder';

/** Opacity properties by layer type: those a slider makes lighter. */
const OPACITIES: Readonly<Record<string, readonly string[]>> = {
  fill: ['fill-opacity'],
  line: ['line-opacity'],
  circle: ['circle-opacity', 'circle-stroke-opacity'],
  symbol: ['icon-opacity', 'text-opacity'],
  raster: ['raster-opacity'],
  'fill-extrusion': ['fill-extrusion-opacity'],
};

/** What is shown of a pack: ids of visible layers, and percent for lightened ones. */
export interface Shown {
  readonly visible: ReadonlySet<string>;
  readonly fade: Readonly<Record<string, number>>;
}

const OUTPUTS_FROM: Readonly<Record<string, number>> = { interpolate: 4, step: 2 };

/**
 * A number or expression times a factor. `zoom` may only stand at the top of
 * an interpolation, so there the outputs are scaled instead of the whole.
 */
export function scaled(value: unknown, factor: number): unknown {
  if (value === undefined) return factor;
  if (typeof value === 'number') return value * factor;
  if (!Array.isArray(value)) return value;
  const from = OUTPUTS_FROM[String(value[0])];
  if (from === undefined) return ['*', factor, value];
  return value.map((part: unknown, at) => (at >= from && (at - from) % 2 === 0 ? scaled(part, factor) : part));
}

/** The opacity properties of a style layer at a fade in percent. */
export function opacities(layer: LayerSpecification, percent: number | undefined): Record<string, unknown> {
  const paint = ((layer as { paint?: Record<string, unknown> }).paint ?? {}) as Record<string, unknown>;
  const names = OPACITIES[layer.type] ?? [];
  return Object.fromEntries(
    names.map((name) => [name, percent === undefined ? paint[name] : scaled(paint[name], percent / 100)]),
  );
}

/** Whether a style layer is to be drawn; the app's own always are. */
export function isVisible(layer: LayerSpecification, shown: Shown): boolean {
  const id = packLayer(layer);
  // Layers of no pack layer (the background) are the ground everything stands on.
  return id === null || id === '' || id === 'background' || shown.visible.has(id);
}

function absolute(address: string, origin: string): string {
  // Not `new URL`: it would escape the braces of {z}/{x}/{y}.
  return address.startsWith('/') ? origin + address : address;
}

/**
 * The description of the same tiles as MapLibre Tiles, which this app's map
 * reads and which are smaller; it names the encoding, so the source need not.
 */
function asMlt(address: string): string {
  return /\/tiles\/[^/?]+\.json$/.test(address) ? `${address}?encoding=mlt` : address;
}

function absoluteSource(source: SourceSpecification, origin: string): SourceSpecification {
  const copy = { ...source } as { url?: unknown; tiles?: unknown };
  if (typeof copy.url === 'string') copy.url = absolute(source.type === 'vector' ? asMlt(copy.url) : copy.url, origin);
  if (Array.isArray(copy.tiles)) copy.tiles = copy.tiles.map((tile) => absolute(String(tile), origin));
  return copy as SourceSpecification;
}

/** The whole style for the map. Throws on layers outside the drawing order. */
export function compose(
  server: StyleSpecification,
  own: Own,
  shown: Shown,
  origin: string,
): StyleSpecification {
  const sources = Object.entries(server.sources).map(([id, source]) => [id, absoluteSource(source, origin)] as const);
  const layers = ordered(server.layers, own.layers).map((layer) => {
    const id = packLayer(layer);
    const paint = id === null ? {} : opacities(layer, shown.fade[id]);
    const set = Object.fromEntries(Object.entries(paint).filter(([, value]) => value !== undefined));
    const old = layer as { paint?: object; layout?: object };
    return {
      ...layer,
      paint: { ...old.paint, ...set },
      layout: { ...old.layout, visibility: isVisible(layer, shown) ? 'visible' : 'none' },
    } as LayerSpecification;
  });
  const sprite = typeof server.sprite === 'string' ? { sprite: absolute(server.sprite, origin) } : {};
  return { ...server, ...sprite, sources: { ...Object.fromEntries(sources), ...own.sources }, layers };
}
