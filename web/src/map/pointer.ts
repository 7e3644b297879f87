/** Presses, the pointer and the keyboard on the map: where they are, and what lies there. */
import type { Map as LibreMap, MapGeoJSONFeature, PointLike } from 'maplibre-gl';
import type { LonLat } from '../api/types';
import { marksOf, NO_MARKS, type Marks, type Roles } from './marks';

/** What they tell the app. */
export interface PointerEvents {
  /** A tap: the point, and what is under it. */
  tapped(at: LonLat, marks: Marks): void;
  /** The pointer is over something: true where a press would take what is there, and no plain point. */
  hovered(marks: Marks): boolean;
}

interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** How far from a mark a finger may land, in CSS pixels. */
const REACH_PX = 12;

export class Pointer {
  readonly #map: LibreMap;
  #roles: Roles = new Map();
  #drawing = false;

  /** `middle` is the place that Enter presses. */
  constructor(map: LibreMap, events: PointerEvents, middle: () => LonLat) {
    this.#map = map;
    map.on('click', (event) => {
      const { lng, lat } = event.lngLat.wrap();
      events.tapped({ lon: lng, lat }, this.#marksAt(event.point));
    });
    map.on('mousemove', (event) => {
      const isTaken = events.hovered(this.#marksAt(event.point));
      map.getCanvas().style.cursor = this.#drawing ? 'crosshair' : isTaken ? 'pointer' : '';
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

  /** What the pack layers are: presses on marks of places are presses on the place. */
  setRoles(roles: Roles): void {
    this.#roles = roles;
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
    return marksOf(this.under(pixel), this.#roles);
  }
}
