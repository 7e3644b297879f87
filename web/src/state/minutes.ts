/**
 * The layer of minutes to a shelter: which one of them is shown, and what its values mean. Pure.
 *
 * Of the layers that the server lists at most one is shown; its id stands in the address among those switched on.
 */
import type { Credited, Names, Region, Roads } from '../api/types';
import type { Travel } from './url';

export type MinutesLayer = Roads['minutes_layers'][number];

/** Whose zones count on the way: null for all kinds, a kind, or none at all. */
export const NO_ZONES = 'none';

/** How one goes to the shelter, and what counts on the way. */
export interface MinutesChoice {
  readonly by: Travel;
  readonly hazard: string | null;
}

/** The opacity is one for all of them: it stays when another is chosen. */
export const MINUTES_FADE = 'minutes_to_shelter';

/** Classes end with these; the last has no end. */
export const MINUTES_ENDS = [5, 10, 15, 30, 60] as const;

/** Which class minutes are in, from 0. */
export function minutesClass(minutes: number): number {
  const at = MINUTES_ENDS.findIndex((end) => minutes <= end);
  return at < 0 ? MINUTES_ENDS.length : at;
}

/** The kinds that there is a layer of, each once. */
export function minutesKinds(listed: readonly MinutesLayer[]): string[] {
  return [...new Set(listed.map(({ hazard }) => hazard).filter((kind) => kind != null))];
}

/** The id of the chosen layer; null where the server has none such. Without zones it is named after the one of all kinds. */
export function minutesId(listed: readonly MinutesLayer[], { by, hazard }: MinutesChoice): string | null {
  const kind = hazard === NO_ZONES ? null : hazard;
  const found = listed.find((layer) => layer.mode === by && (layer.hazard ?? null) === kind);
  if (found === undefined) return null;
  return hazard === NO_ZONES ? `${found.id}_${NO_ZONES}` : found.id;
}

/** What is shown, of the ids that are switched on. */
export function minutesShown(listed: readonly MinutesLayer[], on: readonly string[]): (MinutesChoice & { id: string }) | null {
  for (const layer of listed) {
    const by = layer.mode as Travel;
    const choices: MinutesChoice[] = [{ by, hazard: layer.hazard ?? null }];
    if (layer.hazard == null) choices.push({ by, hazard: NO_ZONES });
    for (const choice of choices) {
      const id = minutesId(listed, choice);
      if (id !== null && on.includes(id)) return { ...choice, id };
    }
  }
  return null;
}

/** The ids that are switched on once this one is chosen, or none by null. */
export function minutesSwitched(listed: readonly MinutesLayer[], on: readonly string[], choice: MinutesChoice | null): string[] {
  const all = listed.flatMap(({ id }) => [id, `${id}_${NO_ZONES}`]);
  const others = on.filter((id) => !all.includes(id));
  const id = choice === null ? null : minutesId(listed, choice);
  return id === null ? others : [...others, id];
}

/** Made from the roads and the shelters: both are told, and it is as real as they are. */
export function minutesCredits(region: Region, names: Names): Credited[] {
  const shelters = region.layers.filter(({ role }) => role === 'shelter');
  const made = [...(region.roads == null ? [] : [region.roads]), ...shelters];
  return made.map(({ source, licence, synthetic }) => ({ names, source, licence, synthetic }));
}

/** What the layer says of a street, or of the streets of a cell together. */
export interface StreetMinutes {
  /** At most so many from anywhere on them; null where there is no way from any. */
  readonly minutes: number | null;
  /** Whether the way keeps out of zones that should not be entered. */
  readonly safe: boolean;
  /** How many have no way to any shelter. */
  readonly cutOff: number;
  /** How many they are. */
  readonly streets: number;
}

const numberOr = <T>(value: unknown, other: T): number | T => (typeof value === 'number' ? value : other);

/** The worst of what lies at a place, by the properties of tiles; null where no street does. */
export function worst(found: readonly Readonly<Record<string, unknown>>[]): StreetMinutes | null {
  if (found.length === 0) return null;
  const minutes = found.map((street) => numberOr(street['minutes'], null)).filter((value) => value !== null);
  return {
    minutes: minutes.length === 0 ? null : Math.max(...minutes),
    safe: found.every((street) => street['safe'] !== false),
    cutOff: found.reduce((sum, street) => sum + numberOr(street['cut_off'], 0), 0),
    streets: found.reduce((sum, street) => sum + numberOr(street['count'], 1), 0),
  };
}
