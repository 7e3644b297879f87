/** What part of the world the map shows, beside what panels cover of it. */
import type { LngLatBoundsLike, Map as LibreMap, PointLike } from 'maplibre-gl';
import type { LonLat } from '../api/types';
import type { View } from '../state/url';

/** West, south, east, north; west above east crosses the antimeridian. */
export type Box = readonly [number, number, number, number];

/** Space that panels cover, in CSS pixels. */
export interface Padding {
  top: number;
  right: number;
  bottom: number;
  left: number;
  /** Of the bottom: what a sheet covers, without the room left above it. */
  covered: number;
}

const MOVE_MS = 200;
/** Of one place, closer than this the surroundings are gone. */
const CLOSEST_ZOOM = 14;
/** A sheet over all of the map leaves no middle; then the one of the half-open sheet counts. */
const MOST_COVERED = 0.6;

/** A box with its east side east of its west side. */
export function unwrapped([west, south, east, north]: Box): [number, number, number, number] {
  return [west, south, east < west ? east + 360 : east, north];
}

export class Camera {
  readonly #map: LibreMap;
  #coveredPx = 0;

  constructor(map: LibreMap) {
    this.#map = map;
  }

  /** How much of the map's lower part a sheet covers: the middle that people see lies above it. */
  setCovered(pixels: number): void {
    this.#coveredPx = Math.min(pixels, this.#map.getCanvas().clientHeight * MOST_COVERED);
  }

  /** What the middle of the uncovered part shows. */
  view(): View {
    const { clientWidth, clientHeight } = this.#map.getCanvas();
    const middle: PointLike = [clientWidth / 2, (clientHeight - this.#coveredPx) / 2];
    const { lng, lat } = this.#map.unproject(middle).wrap();
    return { lon: lng, lat, zoom: this.#map.getZoom() };
  }

  /** Brings a view into the uncovered part, at once. */
  jump(view: View): void {
    this.#map.jumpTo({ center: view, zoom: view.zoom });
    if (this.#coveredPx > 0) this.#map.panBy([0, this.#coveredPx / 2], { duration: 0 });
  }

  /** Brings points into the uncovered part, unless they are there already at a useful scale. */
  reveal(points: readonly LonLat[], padding: Padding, usefulZoom: number): void {
    if (this.#map.getZoom() >= usefulZoom && points.every((point) => this.#isClear(point, padding))) return;
    const lons = points.map(({ lon }) => lon);
    const lats = points.map(({ lat }) => lat);
    this.fit([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], padding);
  }

  #isClear({ lon, lat }: LonLat, { top, right, bottom, left }: Padding): boolean {
    const { clientWidth, clientHeight } = this.#map.getCanvas();
    const { x, y } = this.#map.project([lon, lat]);
    return x >= left && y >= top && x <= clientWidth - right && y <= clientHeight - bottom;
  }

  /** Fits a box into the uncovered part. */
  fit(box: Box, padding: Padding): void {
    const bounds: LngLatBoundsLike = unwrapped(box);
    this.#map.fitBounds(bounds, { padding, maxZoom: CLOSEST_ZOOM, duration: MOVE_MS, linear: true });
  }

  zoomBy(step: number): void {
    this.#map.easeTo({ zoom: this.#map.getZoom() + step, duration: MOVE_MS });
  }
}
