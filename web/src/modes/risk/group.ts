/** One row per hazard kind out of one record per zone. Pure. */
import type { Hazard, Layer, Risk } from '../../api/types';
import { hazardKinds } from '../../state/layers';

/** A kind with its most severe zone, and the other zones of that kind over the point. */
export interface KindRow {
  readonly kind: string;
  readonly worst: Hazard;
  readonly also: readonly Hazard[];
}

/** Rows in the server's order: most severe first. */
export function byKind(hazards: readonly Hazard[]): KindRow[] {
  const rows = new Map<string, Hazard[]>();
  for (const hazard of hazards) rows.set(hazard.kind, [...(rows.get(hazard.kind) ?? []), hazard]);
  return [...rows].flatMap(([kind, [worst, ...also]]) => (worst === undefined ? [] : [{ kind, worst, also }]));
}

/** Kinds the pack maps, but not at this point. That nothing is mapped does not make a place safe. */
export function unmapped(layers: readonly Layer[], risk: Risk): string[] {
  return hazardKinds(layers).filter((kind) => !risk.hazards.some((hazard) => hazard.kind === kind));
}
