/**
 * Which layers the map shows and how the panel groups them. Pure.
 *
 * Without a hand on the switches: everything but hazards is shown, and of the
 * hazards the chosen kind, or the first layer of the pack. One hazard at a time
 * stays readable; all of them at once do not.
 */
import type { Layer } from '../api/types';
import type { Place } from './url';

export const GROUPS = ['hazards', 'shelters', 'facilities', 'people', 'base'] as const;
export type Group = (typeof GROUPS)[number];

const GROUP_OF_ROLE: Readonly<Record<string, Group>> = {
  hazard_zone: 'hazards',
  shelter: 'shelters',
  rescue_team: 'shelters',
  chemical_park: 'facilities',
  facility: 'facilities',
  population: 'people',
};

/** The panel group of a layer; what has no group of its own belongs to the base map. */
export function groupOf(layer: Layer): Group {
  return GROUP_OF_ROLE[layer.role] ?? 'base';
}

/** Layers by group, in the pack's order, groups without layers left out. */
export function grouped(layers: readonly Layer[]): { group: Group; layers: Layer[] }[] {
  return GROUPS.map((group) => ({
    group,
    layers: layers.filter((layer) => groupOf(layer) === group),
  })).filter((entry) => entry.layers.length > 0);
}

/** The hazard kinds a pack has layers for, each once, in the pack's order. */
export function hazardKinds(layers: readonly Layer[]): string[] {
  return [...new Set(layers.map((layer) => layer.hazard_kind).filter((kind) => kind != null))];
}

function shownByDefault(layers: readonly Layer[], hazard: string | null): Set<string> {
  const hazards = layers.filter((layer) => groupOf(layer) === 'hazards');
  const chosen = hazards.filter((layer) => layer.hazard_kind === hazard);
  const first = hazards.slice(0, 1);
  const rest = layers.filter((layer) => groupOf(layer) !== 'hazards');
  return new Set([...rest, ...(chosen.length > 0 ? chosen : first)].map((layer) => layer.id));
}

/** Ids of the layers to show at a place. */
export function shown(layers: readonly Layer[], place: Pick<Place, 'hazard' | 'on' | 'off'>): Set<string> {
  const ids = shownByDefault(layers, place.hazard);
  for (const id of place.on) if (layers.some((layer) => layer.id === id)) ids.add(id);
  for (const id of place.off) ids.delete(id);
  return ids;
}

/** The `on` and `off` lists after a switch was moved; default positions leave no trace. */
export function switched(
  layers: readonly Layer[],
  place: Pick<Place, 'hazard' | 'on' | 'off'>,
  id: string,
  visible: boolean,
): Pick<Place, 'on' | 'off'> {
  const natural = shownByDefault(layers, place.hazard).has(id);
  const without = (list: readonly string[]): string[] => list.filter((name) => name !== id);
  return {
    on: visible && !natural ? [...without(place.on), id] : without(place.on),
    off: !visible && natural ? [...without(place.off), id] : without(place.off),
  };
}
