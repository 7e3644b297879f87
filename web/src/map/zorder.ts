/**
 * What is drawn over what. The server's style brings its layers in its own
 * order; the app adds the layers listed here and no others.
 */
import type { LayerSpecification } from 'maplibre-gl';

/**
 * Everything the app itself draws, from bottom to top. `labels` stands for the server's names and marks, above all that is
 * ground, line or zone; `shelters` for its shelters.
 */
export const ORDER = [
  'minutes:edge',
  'minutes:casing',
  'minutes:line',
  'minutes:cut-off',
  'minutes:cell',
  'minutes:cut-off-sign',
  'reach:fill',
  'reach:halo',
  'reach:line',
  'reach:lit',
  'labels',
  'overlay:footprint-fill',
  'overlay:footprint-halo',
  'overlay:footprint-line',
  'overlay:footprint-point',
  'overlay:link',
  'overlay:spot',
  'rescue:danger',
  'rescue:casing',
  'rescue:route',
  'rescue:closed-halo',
  'rescue:closed',
  'rescue:closed-lit',
  'shelters',
  'overlay:ring',
  'overlay:lit',
  'overlay:chip',
  'overlay:number',
  'reach:label',
  'reach:here',
  'rescue:sign',
  'rescue:sign-bar',
  'rescue:team-lit',
  'rescue:end',
  'rescue:letter',
  'preview:fill',
  'preview:halo',
  'preview:line',
  'preview:point',
  'overlay:here-halo',
  'overlay:here',
] as const;

/** Where the server's layers stand among them. */
const SLOTS = ['labels', 'shelters'] as const;

export type OverlayId = Exclude<(typeof ORDER)[number], (typeof SLOTS)[number]>;

/** The groups a layer of the server's style may belong to. */
const STYLE_GROUPS = ['base', 'hazards', 'shelters', 'facilities', 'people'];

function metadata(layer: LayerSpecification, key: string): string | null {
  const value = (layer.metadata as Record<string, unknown> | undefined)?.[key];
  return typeof value === 'string' ? value : null;
}

/** The pack layer that a style layer draws; null for the app's own. */
export function packLayer(layer: LayerSpecification): string | null {
  return metadata(layer, 'refugia:layer');
}

/** The group a style layer was made for. */
export function styleGroup(layer: LayerSpecification): string | null {
  return metadata(layer, 'refugia:group');
}

function position(layer: LayerSpecification): number {
  const at = (ORDER as readonly string[]).indexOf(layer.id);
  if (at < 0 || (SLOTS as readonly string[]).includes(layer.id)) throw new Error(`layer "${layer.id}" is not in the drawing order`);
  return at;
}

/**
 * The server's layers with the app's put between and above them.
 * Throws on a server layer of no known group and on an app layer not in {@link ORDER}.
 */
export function ordered(server: readonly LayerSpecification[], own: readonly LayerSpecification[]): LayerSpecification[] {
  for (const layer of server) {
    const group = styleGroup(layer);
    if (group === null || !STYLE_GROUPS.includes(group)) {
      throw new Error(`style layer "${layer.id}" has no known refugia:group (${group ?? 'none'})`);
    }
  }
  const sorted = [...own].sort((a, b) => position(a) - position(b));
  const [labels, shelters] = SLOTS.map((slot) => ORDER.indexOf(slot)) as [number, number];
  const between = (from: number, to: number): LayerSpecification[] => sorted.filter((layer) => position(layer) > from && position(layer) < to);
  const firstOr = (end: number, test: (layer: LayerSpecification) => boolean): number => {
    const at = server.findIndex(test);
    return at < 0 ? end : at;
  };
  const marks = firstOr(server.length, (layer) => styleGroup(layer) === 'shelters');
  const names = Math.min(marks, firstOr(marks, (layer) => layer.type === 'symbol'));
  return [
    ...server.slice(0, names),
    ...between(-1, labels),
    ...server.slice(names, marks),
    ...between(labels, shelters),
    ...server.slice(marks),
    ...between(shelters, ORDER.length),
  ];
}
