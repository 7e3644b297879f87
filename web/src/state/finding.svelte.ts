/** Places that a search or the device's own position finds, and what is done with them where one is now. */
import type { LonLat, SearchHit } from '../api/types';
import { distance } from '../i18n/format';
import { t } from '../i18n/t.svelte';
import { app } from './app.svelte';
import { nav } from './nav.svelte';
import { currentPosition, within } from './position';
import { prefs } from './prefs.svelte';
import { rescue } from './rescue.svelte';
import type { Stop } from './stops';
import type { View } from './url';

/** What the map does for it. */
interface Eye {
  view(): View;
  jump(view: View): void;
}

/** An operator who searches looks for a place on the map. */
const SEARCH_ZOOM = 12;
/** Close enough to tell one road from the next. */
const CORNER_ZOOM = 16;

const SEARCHED = { from: 'search.from', to: 'search.to' } as const;

class Finding {
  /** The map, once it is there. */
  eye = $state.raw<Eye | null>(null);
  /** The device is asked where it is. */
  locating = $state(false);

  /** What is searched for, where that is not just any place. */
  get label(): string | null {
    if (nav.place.mode !== 'rescue') return null;
    if (rescue.drawing !== null) return t('search.corner');
    if (nav.place.task !== 'route') return t('search.place');
    const stop = rescue.choosing ?? 'to';
    return t(typeof stop === 'number' ? 'search.via' : SEARCHED[stop]);
  }

  /** Asks the device where it is, and then about that place, or takes it as a stop. */
  async locate(stop: Stop = rescue.choosing ?? 'from'): Promise<void> {
    if (this.locating) return;
    this.locating = true;
    app.notice = null;
    const found = await currentPosition();
    this.locating = false;
    if (!found.ok) {
      app.notice = { tone: 'bad', text: t(`locate.${found.reason}`) };
      return;
    }
    const region = app.region.answer;
    const name = t('locate.here', { accuracy: distance(prefs.lang, found.accuracyM) });
    if (nav.place.mode !== 'rescue') app.ask(found.at, name);
    else if (rescue.drawing !== null) this.eye?.jump({ ...found.at, zoom: CORNER_ZOOM });
    else if (nav.place.task !== 'route') rescue.place(found.at, name);
    else rescue.set(stop, found.at, name);
    if (region !== null && !within(region.bbox, found.at)) {
      app.notice = { tone: 'bad', text: t('locate.outside', { region: region.names[prefs.lang] }) };
    }
  }

  /** One of the search's hits was chosen. */
  chosen(hit: SearchHit): void {
    const { mode } = nav.place;
    const at = { lon: hit.lon, lat: hit.lat };
    if (mode === 'import') this.eye?.jump({ ...at, zoom: SEARCH_ZOOM });
    else if (mode === 'rescue') this.#chosenInRescue(hit, at);
    else if (hit.role === 'shelter') {
      if (mode !== 'shelter') nav.go({ mode: 'shelter' });
      app.look(hit.id);
    } else app.ask(at, hit.names[prefs.lang], parkOf(hit));
  }

  /** In rescue mode it is the place that is being chosen. */
  #chosenInRescue(hit: SearchHit, at: LonLat): void {
    const name = hit.names[prefs.lang];
    if (rescue.drawing !== null) {
      this.eye?.jump({ ...at, zoom: CORNER_ZOOM });
      rescue.drawing(at);
    } else if (nav.place.task !== 'route') rescue.place(at, name, parkOf(hit));
    else rescue.set(rescue.choosing ?? 'to', at, name);
  }

  /** Hits near it come first. */
  near(): LonLat | null {
    const { mode, at, from, to } = nav.place;
    const view = this.eye?.view() ?? null;
    return mode === 'rescue' ? (view ?? at ?? from ?? to) : (at ?? view);
  }

  /** What the middle of the map shows. */
  middle(): LonLat | null {
    return this.eye?.view() ?? null;
  }
}

const parkOf = ({ role, id }: SearchHit): string | null => (role === 'chemical_park' ? id : null);

export const finding = new Finding();
