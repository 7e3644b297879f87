/** Coordinates typed into the search field. Pure. */
import type { LonLat } from '../api/types';

const PAIR = /^\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/;

/**
 * Reads "26.07, 119.30" (latitude first, as people copy it), and "119.30, 26.07"
 * where only that order is possible. Null for anything else.
 */
export function pointFromText(text: string): LonLat | null {
  const found = PAIR.exec(text);
  if (found === null) return null;
  const first = Number(found[1]);
  const second = Number(found[2]);
  if (Math.abs(first) <= 90 && Math.abs(second) <= 180) return { lat: first, lon: second };
  if (Math.abs(second) <= 90 && Math.abs(first) <= 180) return { lat: second, lon: first };
  return null;
}
