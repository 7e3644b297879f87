/** What a route avoids and crosses, told once per kind and level. Pure. */
import type { Avoided, Closure, Crossed, Route } from '../../api/types';

/** Zones of one kind and level on the way. */
export interface ZoneGroup {
  readonly kind: string;
  readonly kindName: string;
  readonly levelName: string | null;
  readonly forbidden: boolean;
  /** So many times as long it takes to pass the slowest of them; null where it is not slowed. */
  readonly slowBy: number | null;
  readonly zones: number;
  readonly distanceM: number;
  readonly synthetic: boolean;
}

/** A closure on the fastest way. */
export interface ClosureMet {
  readonly id: string;
  readonly reason: string | null;
  readonly distanceM: number;
}

type ZoneMet = Pick<Crossed, 'kind' | 'kind_name' | 'level' | 'level_name' | 'layer' | 'effect' | 'slow_by' | 'synthetic' | 'distance_m'>;

/** Zones in the order they come, those of one kind and level of a layer together. */
export function zoneGroups(met: readonly ZoneMet[]): ZoneGroup[] {
  const groups = new Map<string, ZoneGroup>();
  for (const zone of met) {
    const key = [zone.layer, zone.kind, zone.level, zone.effect].join('/');
    const old = groups.get(key);
    const slow = zone.slow_by ?? null;
    groups.set(key, {
      kind: zone.kind,
      kindName: zone.kind_name,
      levelName: zone.level_name ?? null,
      forbidden: zone.effect === 'forbidden',
      slowBy: old?.slowBy == null ? slow : Math.max(old.slowBy, slow ?? 0),
      zones: (old?.zones ?? 0) + 1,
      distanceM: (old?.distanceM ?? 0) + zone.distance_m,
      synthetic: (old?.synthetic ?? false) || zone.synthetic,
    });
  }
  return [...groups.values()];
}

/** What the route avoids: closures, zones, and what all of it costs together, seconds. */
export function avoidedTold(avoided: readonly Avoided[]): { closures: ClosureMet[]; zones: ZoneGroup[]; detourS: number } {
  const closures = avoided
    .filter((one) => one.what === 'closure')
    .map((one) => ({ id: one.closure ?? '', reason: one.reason ?? null, distanceM: one.distance_m }));
  const zones = zoneGroups(avoided.filter((one) => one.what === 'zone') as unknown as ZoneMet[]);
  return { closures, zones, detourS: Math.max(0, ...avoided.map((one) => one.detour_s)) };
}

/** The hazard kind that the map had best show with a route: of the worst zone it crosses, else of one it avoids. */
export function kindOnTheWay(route: Route | null): string | null {
  const avoided = route?.properties.avoided.find((one) => one.what === 'zone') as Partial<Crossed> | undefined;
  return route?.properties.crossed[0]?.kind ?? avoided?.kind ?? null;
}

/** Closures that hold, latest first, then those to come, soonest first; what is over is left out. */
export function inOrder(closures: readonly Closure[], now: Date): Closure[] {
  const begins = (closure: Closure): number => Date.parse(closure.properties.starts);
  const holding = closures.filter((closure) => closure.properties.active).sort((a, b) => begins(b) - begins(a));
  const coming = closures.filter((closure) => !closure.properties.active && begins(closure) > now.getTime());
  return [...holding, ...coming.sort((a, b) => begins(a) - begins(b))];
}
