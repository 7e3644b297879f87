/** What is drawn: the server's style, and over it what the app itself marks. */
import type { FeatureCollection } from 'geojson';
import type { FilterSpecification, GeoJSONSource, Map as LibreMap, StyleSpecification } from 'maplibre-gl';
import type { Theme } from '../theme';
import { minutes, type MinutesDrawn } from './minutes';
import { EMPTY, litFilter, overlay, OVERLAY_SOURCE } from './overlay';
import { preview, PREVIEW_SOURCE } from './preview';
import { litAreaFilter, reach, REACH_SOURCE } from './reach';
import { litClosureFilter, litTeamFilter, rescue, RESCUE_SOURCE } from './rescue';
import { compose, isVisible, opacities, type Shown } from './style';
import { packLayer, type OverlayId } from './zorder';

/** What draws features of the app's own, by the name of its source. */
const PARTS = { [REACH_SOURCE]: reach, [OVERLAY_SOURCE]: overlay, [PREVIEW_SOURCE]: preview, [RESCUE_SOURCE]: rescue } as const;
export type Part = keyof typeof PARTS;

/** What can be lit: one of its kind, or none. */
interface Lit {
  shelter: string;
  closure: string;
  team: string;
  /** By its minutes. */
  area: number;
}

const LIT: { readonly [K in keyof Lit]: { readonly layer: OverlayId; readonly filter: (key: Lit[K] | null) => FilterSpecification } } = {
  shelter: { layer: 'overlay:lit', filter: litFilter },
  closure: { layer: 'rescue:closed-lit', filter: litClosureFilter },
  team: { layer: 'rescue:team-lit', filter: litTeamFilter },
  area: { layer: 'reach:lit', filter: litAreaFilter },
};

export class Drawing {
  readonly #map: LibreMap;
  readonly #data: Record<Part, FeatureCollection> = { [REACH_SOURCE]: EMPTY, [OVERLAY_SOURCE]: EMPTY, [PREVIEW_SOURCE]: EMPTY, [RESCUE_SOURCE]: EMPTY };
  #server: StyleSpecification | null = null;
  #theme: Theme | null = null;
  #shown: Shown = { visible: new Set(), fade: {} };
  #minutes: MinutesDrawn | null = null;

  constructor(map: LibreMap) {
    this.#map = map;
  }

  /** Whether there is a style of the server yet. */
  get hasStyle(): boolean {
    return this.#server !== null;
  }

  /** Draws a server style in a theme; the camera stays. Throws on layers out of order. */
  setStyle(server: StyleSpecification, theme: Theme): void {
    this.#server = server;
    this.#theme = theme;
    this.#compose();
  }

  /** Draws one of the layers of minutes to a shelter, or none. */
  setMinutes(shown: MinutesDrawn | null): void {
    this.#minutes = shown;
    this.#compose();
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

  /** Draws features of the app's own in place of those before. */
  draw(part: Part, features: FeatureCollection): void {
    this.#data[part] = features;
    this.#map.getSource<GeoJSONSource>(part)?.setData(features);
  }

  /** Lights one of a kind, or none. */
  light<K extends keyof Lit>(what: K, key: Lit[K] | null): void {
    const { layer, filter } = LIT[what];
    if (this.#map.getLayer(layer) !== undefined) this.#map.setFilter(layer, filter(key));
  }

  #compose(): void {
    const [server, theme] = [this.#server, this.#theme];
    if (server === null || theme === null) return;
    const parts = [
      minutes(theme, this.#minutes, location.origin),
      ...(Object.keys(PARTS) as Part[]).map((part) => PARTS[part](theme, this.#data[part])),
    ];
    const own = {
      sources: Object.assign({}, ...parts.map(({ sources }) => sources)) as StyleSpecification['sources'],
      layers: parts.flatMap(({ layers }) => layers),
    };
    this.#map.setStyle(compose(server, own, this.#shown, location.origin));
  }
}
