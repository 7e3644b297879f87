/** The tiles of minutes to a shelter: which are drawn, of which state of the roads, and what they say of a place. */
import type { Map as LibreMap, VectorTileSource } from 'maplibre-gl';
import type { LonLat } from '../api/types';
import { worst, type StreetMinutes } from '../state/minutes';
import type { Drawing } from './drawing';
import { minutesAddress, MINUTES_HIT, MINUTES_SOURCE, type MinutesDrawn } from './minutes';
import type { Pointer } from './pointer';

/** How it stands with them. */
export type MinutesState = 'loading' | 'drawn' | 'failed';

export class MinutesTiles {
  readonly #map: LibreMap;
  readonly #drawing: Drawing;
  readonly #pointer: Pointer;
  readonly #tell: (state: MinutesState) => void;
  #shown: MinutesDrawn | null = null;
  /** The state of the roads that they were last asked for. */
  #world: string | null = null;
  /** Some did not come; others that come do not make that good. */
  #failed = false;

  constructor(map: LibreMap, drawing: Drawing, pointer: Pointer, tell: (state: MinutesState) => void) {
    this.#map = map;
    this.#drawing = drawing;
    this.#pointer = pointer;
    this.#tell = tell;
    map.on('error', (event) => {
      if ((event as { sourceId?: unknown }).sourceId !== MINUTES_SOURCE) return;
      this.#failed = true;
      tell('failed');
    });
    map.on('sourcedata', ({ sourceId, isSourceLoaded }) => {
      if (sourceId === MINUTES_SOURCE && isSourceLoaded && !this.#failed) tell('drawn');
    });
  }

  /** Draws one of the layers, or none; `world` is the state of the roads they are of. */
  show(shown: MinutesDrawn | null, world: string | null): void {
    const old = this.#shown;
    const isOther = old?.id !== shown?.id;
    if (isOther || old?.fade !== shown?.fade) {
      this.#shown = shown;
      if (isOther && shown !== null) this.#loading();
      this.#drawing.setMinutes(shown);
    }
    // What was loaded before the first world is known may be of an older one.
    if (world === null || world === this.#world) return;
    this.#world = world;
    if (!isOther) this.reload();
  }

  /** Takes up the version that there is now; until its tiles are there the old ones stay. */
  reload(): void {
    if (this.#shown === null) return;
    this.#loading();
    this.#map.getSource<VectorTileSource>(MINUTES_SOURCE)?.setUrl(minutesAddress(this.#shown.id, location.origin));
  }

  #loading(): void {
    this.#failed = false;
    this.#tell('loading');
  }

  /** What they say of the streets at a place: null where there are none, or where it is not in view. */
  at({ lon, lat }: LonLat): StreetMinutes | null {
    const layers = MINUTES_HIT.filter((id) => this.#map.getLayer(id) !== undefined);
    if (layers.length === 0) return null;
    const pixel = this.#map.project([lon, lat]);
    const hits = this.#map.queryRenderedFeatures(pixel, { layers });
    return worst((hits.length > 0 ? hits : this.#pointer.under(pixel, layers)).map(({ properties }) => properties));
  }
}
