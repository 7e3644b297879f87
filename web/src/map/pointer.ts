/** Presses, the pointer and the keyboard on the map: where they are, and what lies there. */
import type { Map as LibreMap, MapGeoJSONFeature, PointLike } from 'maplibre-gl';
import type { LonLat } from '../api/types';
import { marksOf, NO_MARKS, type Marks } from './marks';

/** What they tell the app. */
export interface PointerEvents {
  /** A tap: the point, and what is under it. */
  tapped(at: LonLat, marks: Marks): void;
  hovered(marks: Marks): void;
}

interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** How far from a mark a finger may land, in CSS pixels. */
const REACH_PX = 12;

export class Pointer {
  readonly #map: LibreMap;
  #shelterLayers: ReadonlySet<string> = new Set();
  #drawing = false;

  /** `middle` is the place that Enter presses. */
  constructor(map: LibreMap, events: PointerEvents, middle: () => LonLat) {
    this.#map = map;
    map.on('click', (event) => {
      const { lng, lat } = event.lngLat.wrap();
      events.tapped({ lon: lng, lat }, this.#marksAt(event.point));
    });
    map.on('mousemove', (event) => {
      const marks = this.#marksAt(event.point);
      const isOver = Object.values(marks).some((id) => id !== null);
      map.getCanvas().style.cursor = this.#drawing ? 'crosshair' : isOver ? 'pointer' : '';
      events.hovered(marks);
    });
    map.on('mouseout', () => events.hovered(NO_MARKS));
    map.getCanvas().addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      const { lon, lat } = middle();
      events.tapped({ lon, lat }, NO_MARKS);
    });
  }

  /** While something is drawn, presses in quick succession are corners and no wish to come nearer. */
  setDrawing(on: boolean): void {
    this.#drawing = on;
    if (on) this.#map.doubleClickZoom.disable();
    else this.#map.doubleClickZoom.enable();
    this.#map.getCanvas().style.cursor = on ? 'crosshair' : '';
  }

  /** Which pack layers hold shelters: taps on their marks are taps on a shelter. */
  setShelterLayers(ids: readonly string[]): void {
    this.#shelterLayers = new Set(ids);
  }

  /** What is drawn where a press at a pixel may have been meant for, of all layers or of some, topmost first. */
  under(pixel: Pixel, layers?: string[]): MapGeoJSONFeature[] {
    const reach = matchMedia('(pointer: coarse)').matches ? REACH_PX : REACH_PX / 3;
    const box: [PointLike, PointLike] = [
      [pixel.x - reach, pixel.y - reach],
      [pixel.x + reach, pixel.y + reach],
    ];
    return this.#map.queryRenderedFeatures(box, layers === undefined ? {} : { layers });
  }

  #marksAt(pixel: Pixel): Marks {
    return marksOf(this.under(pixel), this.#shelterLayers);
  }
}
