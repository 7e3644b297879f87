/**
 * The map itself, put together from what moves it, what it draws and what is
 * pressed on it. The only module that loads MapLibre; it is imported after the
 * first answer so that words never wait for pictures.
 */
import { Map as LibreMap, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { View } from '../state/url';
import { Camera, unwrapped, type Box, type Padding } from './camera';
import { Drawing } from './drawing';
import { MinutesTiles, type MinutesState } from './minutesTiles';
import { Pointer, type PointerEvents } from './pointer';

setWorkerUrl(workerUrl);

/** What the map tells the app. */
export interface MapEvents extends PointerEvents {
  rested(view: View): void;
  busy(working: boolean): void;
  /** How it stands with the tiles of minutes to a shelter. */
  minutes(state: MinutesState): void;
  /** The style and its first tiles are drawn. */
  ready(): void;
}

export class MapController {
  readonly camera: Camera;
  readonly drawing: Drawing;
  readonly pointer: Pointer;
  readonly minutes: MinutesTiles;
  readonly #map: LibreMap;

  /** Throws where the browser cannot draw with WebGL. */
  constructor(container: HTMLElement, start: View | Box, padding: Padding, events: MapEvents) {
    const map = made(container, start, padding);
    this.#map = map;
    this.camera = new Camera(map);
    this.drawing = new Drawing(map);
    this.pointer = new Pointer(map, events, () => this.camera.view());
    this.minutes = new MinutesTiles(map, this.drawing, this.pointer, (state) => events.minutes(state));
    map.on('moveend', () => events.rested(this.camera.view()));
    map.on('dataloading', () => events.busy(true));
    map.on('idle', () => {
      events.busy(false);
      if (this.drawing.hasStyle) events.ready();
    });
    // A tile that fails leaves a hole and is asked for again on the next move; the log names it.
    map.on('error', (event) => console.warn(`map: ${event.error.message}`));
    this.camera.setCovered(padding.covered);
    if ('zoom' in start) this.camera.jump(start);
  }

  /** Names the canvas for people who cannot see it. */
  setLabel(label: string): void {
    this.#map.getCanvas().setAttribute('aria-label', label);
  }

  destroy(): void {
    this.#map.remove();
  }
}

/** A map of nothing yet, north up and flat. */
function made(container: HTMLElement, start: View | Box, padding: Padding): LibreMap {
  const camera = 'zoom' in start ? { center: start, zoom: start.zoom } : { bounds: unwrapped(start), fitBoundsOptions: { padding } };
  const map = new LibreMap({
    container,
    style: { version: 8, sources: {}, layers: [] },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    maxPitch: 0,
    minZoom: 2,
    fadeDuration: 0,
    ...camera,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new ScaleControl({ unit: 'metric' }), 'bottom-left');
  return map;
}
