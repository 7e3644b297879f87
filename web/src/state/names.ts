/** What places are called, where a search or a list gave them a name: with back and forward the places come and go. */
import type { LonLat } from '../api/types';
import { written } from './url';

/** By the place as far as an address tells it from others. */
const names = new Map<string, string>();

/** The name of a place; null where it has none. */
export function nameOf(at: LonLat | null): string | null {
  return at === null ? null : (names.get(written(at)) ?? null);
}

/** Names a place, or by null takes its name away. */
export function call(at: LonLat | null, name: string | null): void {
  if (at === null) return;
  if (name === null) names.delete(written(at));
  else names.set(written(at), name);
}
