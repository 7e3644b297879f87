/** The device's own position, or the reason why there is none. */
import type { LonLat } from '../api/types';

export type PositionFailure = 'unsupported' | 'insecure' | 'denied' | 'unavailable' | 'timeout';

export type Position =
  | { readonly ok: true; readonly at: LonLat; readonly accuracyM: number }
  | { readonly ok: false; readonly reason: PositionFailure };

const REASONS: Readonly<Record<number, PositionFailure>> = { 1: 'denied', 2: 'unavailable', 3: 'timeout' };

/** Asks the device once; a fix of the last half minute will do. */
export function currentPosition(): Promise<Position> {
  if (!window.isSecureContext) return Promise.resolve({ ok: false, reason: 'insecure' });
  if (!('geolocation' in navigator)) return Promise.resolve({ ok: false, reason: 'unsupported' });
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({
          ok: true,
          at: { lon: coords.longitude, lat: coords.latitude },
          accuracyM: coords.accuracy,
        }),
      (error) => resolve({ ok: false, reason: REASONS[error.code] ?? 'unavailable' }),
      { enableHighAccuracy: true, timeout: 12_000, maximumAge: 30_000 },
    );
  });
}

/** Whether a west, south, east, north box holds a point; west above east crosses the antimeridian. */
export function within(bbox: readonly number[], at: LonLat): boolean {
  const [west = -180, south = -90, east = 180, north = 90] = bbox;
  const inLon = west <= east ? at.lon >= west && at.lon <= east : at.lon >= west || at.lon <= east;
  return inLon && at.lat >= south && at.lat <= north;
}
