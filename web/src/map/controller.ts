/**
 * The map itself, behind a few verbs. The only module that loads MapLibre; it
 * is imported after the first answer so that words never wait for pictures.
 */
import { Map as LibreMap, ScaleControl, setWorkerUrl, type LngLatBoundsLike, type StyleSpecification } from 'maplibre-gl';
import type { FilterSpecification, GeoJSONSource, MapGeoJSONFeature, PointLike, VectorTileSource } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { FeatureCollection } from 'geojson';
import type { LonLat } from '../api/types';
import { worst, type StreetMinutes } from '../state/minutes';
import type { View } from '../state/url';
import type { Theme } from '../theme';
import { minutes, minutesAddress, MINUTES_HIT, MINUTES_SOURCE, type MinutesDrawn } from './minutes';
import { EMPTY, litFilter, overlay, OVERLAY_SOURCE } from './overlay';
import { preview, PREVIEW_SOURCE } from './preview';
import { litAreaFilter, reach, REACH_SOURCE } from './reach';
import { litClosureFilter, litTeamFilter, rescue, RESCUE_SOURCE } from './rescue';
import { compose, isVisible, opacities, type Shown } from './style';
import { packLayer } from './zorder';

setWorkerUrl(workerUrl);

/** Ids of what lies under the pointer, where something does. */
export interface Marks {
  readonly shelter: string | null;
  readonly closure: string | null;
  readonly team: string | null;
}

const NO_MARKS: Marks = { shelter: null, closure: null, team: null };

/** What the map tells the app. */
export interface MapEvents {
  /** A tap: the point, and what is under it. */
  tapped(at: LonLat, marks: Marks): void;
  hovered(marks: Marks): void;
  rested(view: View): void;
  busy(working: boolean): void;
  /** How it stands with the tiles of minutes to a shelter. */
  minutes(state: 'loading' | 'drawn' | 'failed'): void;
  /** The style and its first tiles are drawn. */
  ready(): void;
}

/** Space that panels cover, in CSS pixels. */
export interface Padding {
  top: number;
  right: number;
  bottom: number;
  left: number;
  /** Of the bottom: what a sheet covers, without the room left above it. */
  covered: number;
}

/** How far from a mark a finger may land, in CSS pixels. */
const REACH_PX = 12;
const MOVE_MS = 200;
/** A sheet over all of the map leaves no middle; then the one of the half-open sheet counts. */
const MOST_COVERED = 0.6;

export class MapController {
  readonly #map: LibreMap;
  readonly #events: MapEvents;
  #shelterLayers: ReadonlySet<string> = new Set();
  #server: StyleSpecification | null = null;
  #scene: FeatureCollection = EMPTY;
  #preview: FeatureCollection = EMPTY;
  #rescue: FeatureCollection = EMPTY;
  #reach: FeatureCollection = EMPTY;
  #shown: Shown = { visible: new Set(), fade: {} };
  #theme: Theme | null = null;
  #minutes: MinutesDrawn | null = null;
  /** The state of the roads that the minutes were last asked for. */
  #minutesWorld: string | null = null;
  /** Some of their tiles did not come; others that come do not make that good. */
  #minutesFailed = false;
  #coveredPx = 0;
  #drawing = false;

  /** Throws where the browser cannot draw with WebGL. */
  constructor(container: HTMLElement, start: View | LngLatBoundsLike, padding: Padding, events: MapEvents) {
    this.#events = events;
    const camera = 'zoom' in start ? { center: start, zoom: start.zoom } : { bounds: start, fitBoundsOptions: { padding } };
    this.#map = new LibreMap({
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
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    this.#map.addControl(new ScaleControl({ unit: 'metric' }), 'bottom-left');
    this.#listen();
    this.setCovered(padding.covered);
    if ('zoom' in start) this.jump(start);
  }

  #listen(): void {
    const map = this.#map;
    map.on('click', (event) => {
      const { lng, lat } = event.lngLat.wrap();
      this.#events.tapped({ lon: lng, lat }, this.#marksAt(event.point));
    });
    map.on('mousemove', (event) => {
      const marks = this.#marksAt(event.point);
      const isOver = Object.values(marks).some((id) => id !== null);
      map.getCanvas().style.cursor = this.#drawing ? 'crosshair' : isOver ? 'pointer' : '';
      this.#events.hovered(marks);
    });
    map.on('mouseout', () => this.#events.hovered(NO_MARKS));
    map.on('moveend', () => this.#events.rested(this.view()));
    map.on('dataloading', () => this.#events.busy(true));
    map.on('idle', () => {
      this.#events.busy(false);
      if (this.#server !== null) this.#events.ready();
    });
    // A tile that fails leaves a hole and is asked for again on the next move; the log names it.
    map.on('error', (event) => {
      console.warn(`map: ${event.error.message}`);
      if ((event as { sourceId?: unknown }).sourceId !== MINUTES_SOURCE) return;
      this.#minutesFailed = true;
      this.#events.minutes('failed');
    });
    map.on('sourcedata', ({ sourceId, isSourceLoaded }) => {
      if (sourceId === MINUTES_SOURCE && isSourceLoaded && !this.#minutesFailed) this.#events.minutes('drawn');
    });
    map.getCanvas().addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      const { lon, lat } = this.view();
      this.#events.tapped({ lon, lat }, NO_MARKS);
    });
  }

  #isShelter(feature: MapGeoJSONFeature): boolean {
    if (feature.source === OVERLAY_SOURCE) return feature.properties['id'] !== '' && feature.properties['id'] !== undefined;
    return this.#shelterLayers.has(packLayer(feature.layer as never) ?? '');
  }

  #marksAt(point: { x: number; y: number }): Marks {
    const under = this.#under(point);
    const idOf = (hit: MapGeoJSONFeature | undefined): string | null => {
      const id: unknown = hit?.properties['id'];
      return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
    };
    const ofRescue = under.filter(({ source, properties }) => source === RESCUE_SOURCE && properties['id']);
    const isTeam = ({ properties }: MapGeoJSONFeature): boolean => String(properties['part']).startsWith('team');
    return {
      shelter: idOf(under.find((feature) => this.#isShelter(feature))),
      closure: idOf(ofRescue.find((feature) => !isTeam(feature))),
      team: idOf(ofRescue.find(isTeam)),
    };
  }

  #under(point: { x: number; y: number }, layers?: string[]): MapGeoJSONFeature[] {
    const reach = matchMedia('(pointer: coarse)').matches ? REACH_PX : REACH_PX / 3;
    const box: [PointLike, PointLike] = [
      [point.x - reach, point.y - reach],
      [point.x + reach, point.y + reach],
    ];
    return this.#map.queryRenderedFeatures(box, layers === undefined ? {} : { layers });
  }

  /** Draws a server style in a theme; the camera stays. Throws on layers out of order. */
  setStyle(server: StyleSpecification, theme: Theme): void {
    this.#server = server;
    this.#theme = theme;
    this.#compose();
  }

  #compose(): void {
    const [server, theme] = [this.#server, this.#theme];
    if (server === null || theme === null) return;
    const parts = [
      minutes(theme, this.#minutes, location.origin),
      reach(theme, this.#reach),
      overlay(theme, this.#scene),
      preview(theme, this.#preview),
      rescue(theme, this.#rescue),
    ];
    const own = {
      sources: Object.assign({}, ...parts.map((part) => part.sources)) as StyleSpecification['sources'],
      layers: parts.flatMap((part) => part.layers),
    };
    this.#map.setStyle(compose(server, own, this.#shown, location.origin));
  }

  /** Draws one of the layers of minutes to a shelter, or none; `world` is the state of the roads they are of. */
  setMinutes(shown: MinutesDrawn | null, world: string | null): void {
    const old = this.#minutes;
    const isOther = old?.id !== shown?.id;
    if (isOther || old?.fade !== shown?.fade) {
      this.#minutes = shown;
      if (isOther && shown !== null) this.#minutesLoading();
      this.#compose();
    }
    // What was loaded before the first world is known may be of an older one.
    if (world === null || world === this.#minutesWorld) return;
    this.#minutesWorld = world;
    if (!isOther) this.reloadMinutes();
  }

  #minutesLoading(): void {
    this.#minutesFailed = false;
    this.#events.minutes('loading');
  }

  /** Takes up the version of the minutes that there is now; until its tiles are there the old ones stay. */
  reloadMinutes(): void {
    if (this.#minutes === null) return;
    this.#minutesLoading();
    this.#map.getSource<VectorTileSource>(MINUTES_SOURCE)?.setUrl(minutesAddress(this.#minutes.id, location.origin));
  }

  /** What the layer of minutes says of the streets at a point: null where there are none, or where it is not in view. */
  minutesAt({ lon, lat }: LonLat): StreetMinutes | null {
    const layers = MINUTES_HIT.filter((id) => this.#map.getLayer(id) !== undefined);
    if (layers.length === 0) return null;
    const point = this.#map.project([lon, lat]);
    const hits = this.#map.queryRenderedFeatures(point, { layers });
    return worst((hits.length > 0 ? hits : this.#under(point, layers)).map(({ properties }) => properties));
  }

  /** Switches pack layers and sets their opacities. */
  setShown(shown: Shown): void {
    this.#shown = shown;
    for (const layer of this.#server?.layers ?? []) {
      const id = packLayer(layer);
      if (id === null || this.#map.getLayer(layer.id) === undefined) continue;
      this.#map.setLayoutProperty(layer.id, 'visibility', isVisible(layer, shown) ? 'visible' : 'none');
      for (const [name, value] of Object.entries(opacities(layer, shown.fade[id]))) {
        this.#map.setPaintProperty(layer.id, name as never, value as never);
      }
    }
  }

  /** Draws the app's own marks. */
  setScene(scene: FeatureCollection): void {
    this.#scene = scene;
    this.#map.getSource<GeoJSONSource>(OVERLAY_SOURCE)?.setData(scene);
  }

  /** Draws features that are not in the pack yet. */
  setPreview(features: FeatureCollection | null): void {
    this.#preview = features ?? EMPTY;
    this.#map.getSource<GeoJSONSource>(PREVIEW_SOURCE)?.setData(this.#preview);
  }

  /** Draws what rescue mode shows. */
  setRescue(features: FeatureCollection): void {
    this.#rescue = features;
    this.#map.getSource<GeoJSONSource>(RESCUE_SOURCE)?.setData(features);
  }

  /** Draws areas that are reached in a time. */
  setReach(areas: FeatureCollection): void {
    this.#reach = areas;
    this.#map.getSource<GeoJSONSource>(REACH_SOURCE)?.setData(areas);
  }

  /** Lights the area of so many minutes, or none. */
  setLitArea(minutes: number | null): void {
    if (this.#map.getLayer('reach:lit') !== undefined) this.#map.setFilter('reach:lit', litAreaFilter(minutes));
  }

  /** While something is drawn, presses in quick succession are corners and no wish to come nearer. */
  setDrawing(on: boolean): void {
    this.#drawing = on;
    if (on) this.#map.doubleClickZoom.disable();
    else this.#map.doubleClickZoom.enable();
    this.#map.getCanvas().style.cursor = on ? 'crosshair' : '';
  }

  /** Lights the roads of one closure, or none. */
  setLitClosure(id: string | null): void {
    if (this.#map.getLayer('rescue:closed-lit') !== undefined) {
      this.#map.setFilter('rescue:closed-lit', litClosureFilter(id) as FilterSpecification);
    }
  }

  /** Rings one team, or none. */
  setLitTeam(id: string | null): void {
    if (this.#map.getLayer('rescue:team-lit') !== undefined) this.#map.setFilter('rescue:team-lit', litTeamFilter(id));
  }

  /** Which pack layers hold shelters: taps on their marks are taps on a shelter. */
  setShelterLayers(ids: readonly string[]): void {
    this.#shelterLayers = new Set(ids);
  }

  /** Rings one shelter, or none. */
  setLit(id: string | null): void {
    if (this.#map.getLayer('overlay:lit') !== undefined) {
      this.#map.setFilter('overlay:lit', litFilter(id) as FilterSpecification);
    }
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
    const canvas = this.#map.getCanvas();
    const inside = points.every(({ lon, lat }) => {
      const { x, y } = this.#map.project([lon, lat]);
      return (
        x >= padding.left && y >= padding.top && x <= canvas.clientWidth - padding.right && y <= canvas.clientHeight - padding.bottom
      );
    });
    if (inside && this.#map.getZoom() >= usefulZoom) return;
    const lons = points.map(({ lon }) => lon);
    const lats = points.map(({ lat }) => lat);
    this.fit([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], padding);
  }

  /** Fits a west, south, east, north box into the uncovered part. */
  fit(bbox: readonly [number, number, number, number], padding: Padding): void {
    const [west, south, east, north] = bbox;
    const unwrapped: LngLatBoundsLike = [west, south, east < west ? east + 360 : east, north];
    this.#map.fitBounds(unwrapped, { padding, maxZoom: 14, duration: MOVE_MS, linear: true });
  }

  zoomBy(step: number): void {
    this.#map.easeTo({ zoom: this.#map.getZoom() + step, duration: MOVE_MS });
  }

  /** Names the canvas for people who cannot see it. */
  setLabel(label: string): void {
    this.#map.getCanvas().setAttribute('aria-label', label);
  }

  destroy(): void {
    this.#map.remove();
  }
}
