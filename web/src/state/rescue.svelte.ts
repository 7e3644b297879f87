/** The route asked for, by every way of travelling, and the closures that hold. */
import { closures, route } from '../api/client';
import { isAbort } from '../api/problem';
import type { FeatureCollection, Position } from 'geojson';
import { boxOf } from '../map/rescue';
import type { Closure, Closures, LonLat, Route } from '../api/types';
import { app } from './app.svelte';
import { nav } from './nav.svelte';
import { prefs } from './prefs.svelte';
import { Question } from './question.svelte';
import { TRAVELS, type Travel } from './url';

/** The two ends of a route. */
export type End = 'from' | 'to';

/** A place with the name that it was found by. */
interface Named {
  readonly at: LonLat;
  readonly name: string;
}

const named = (at: LonLat | null, name: string | null): Named | null => (at === null || name === null ? null : { at, name });

/** The same place as far as an address tells: it keeps six decimals. */
const isSame = (a: LonLat, b: LonLat): boolean => Math.max(Math.abs(a.lon - b.lon), Math.abs(a.lat - b.lat)) < 1e-6;

/** A closure while it is being drawn. */
export interface Drafted {
  readonly shape: FeatureCollection;
  readonly caught: Position[][];
}

class Rescue {
  closures = new Question<Closures>();
  readonly routes: Readonly<Record<Travel, Question<Route>>> = { car: new Question(), truck: new Question(), foot: new Question() };
  /** The end that was pressed to be chosen; see {@link choosing}. */
  wanted = $state<End | null>(null);
  /** What the ends are called, where a search gave them a name. */
  #names = $state.raw<Record<End, Named | null>>({ from: null, to: null });
  /** Id of the closure under the pointer or the focus in the list. */
  lit = $state<string | null>(null);
  /** Takes presses on the map while a closure is drawn. */
  drawing = $state.raw<((at: LonLat) => void) | null>(null);
  /** What is being drawn, and the roads that it would close. */
  drafted = $state.raw<Drafted | null>(null);

  /** West, south, east, north of what is to be brought into view. */
  sought = $state.raw<readonly [number, number, number, number] | null>(null);

  /** The end that the next press on the map, search or position sets: the pressed one, else the first that is not set. */
  get choosing(): End | null {
    if (this.wanted !== null) return this.wanted;
    const { from, to } = nav.place;
    if (from === null) return 'from';
    return to === null ? 'to' : null;
  }

  /** Whether the server has roads; null until the region is known. */
  get hasRoads(): boolean | null {
    const region = app.region.answer;
    return region === null ? null : region.roads != null;
  }

  /** The route by the chosen way of travelling. */
  get shown(): Question<Route> {
    return this.routes[nav.place.by];
  }

  /** Finds out what is closed. */
  look(): Promise<void> {
    return this.closures.ask(closures);
  }

  /** What an end is called; null where it has no name, or lies elsewhere by now (back, forward, another link). */
  nameOf(end: End): string | null {
    const at = nav.place[end];
    const known = this.#names[end];
    return at !== null && known !== null && isSame(at, known.at) ? known.name : null;
  }

  /** The way on foot from the point asked about, or from one that is still to be chosen. */
  lead(to: LonLat, name: string): void {
    const from = nav.place.at;
    this.#names = { from: named(from, app.atName), to: named(to, name) };
    this.wanted = null;
    app.asked += 1;
    nav.go({ mode: 'rescue', from, to, by: 'foot', closuresOnly: false });
  }

  /** Sets an end. */
  set(end: End, at: LonLat | null, name: string | null = null): void {
    this.#names = { ...this.#names, [end]: named(at, name) };
    this.wanted = null;
    app.notice = null;
    if (at !== null) app.asked += 1;
    nav.go({ [end]: at });
  }

  /** The way back. */
  swap(): void {
    const { from, to } = nav.place;
    this.#names = { from: this.#names.to, to: this.#names.from };
    this.wanted = null;
    app.asked += 1;
    nav.go({ from: to, to: from });
  }

  /** Asks for the routes between the ends; `fresh` forgets what was answered before. */
  ask(fresh: boolean): void {
    const { from, to, by, hazard, closuresOnly } = nav.place;
    const { lang } = prefs;
    // The one that is shown is asked for first.
    for (const mode of [by, ...TRAVELS.filter((travel) => travel !== by)]) {
      const question = this.routes[mode];
      if (fresh || from === null || to === null) question.clear();
      if (from === null || to === null) continue;
      const asked = { from, to, mode, hazard: closuresOnly ? 'none' : hazard };
      void question.ask((signal) => route(asked, lang, signal));
    }
  }

  /** Brings a closure of the list into view. */
  show(closure: Closure): void {
    if (app.stop === 'full') app.stop = 'half';
    this.sought = boxOf(closure.properties.caught.geometry.coordinates.flat());
  }

  /** A closure was pressed on the map: its row is lit. */
  find(id: string): void {
    if (app.stop === 'peek') app.stop = 'half';
    this.lit = id;
    document.getElementById(`closure-${id}`)?.scrollIntoView({ block: 'nearest' });
  }

  /** After a closure was made or ended here: the list and the routes as they are now. */
  async changed(): Promise<void> {
    this.ask(false);
    await this.look();
  }

  /** Looks whether others have closed or opened roads since; then the routes are asked for again. */
  async follow(signal: AbortSignal): Promise<void> {
    try {
      const now = await closures(signal);
      if (now.world === this.closures.answer?.world || this.closures.phase === 'asking') return;
      this.closures.answer = now;
      this.closures.phase = 'answered';
      this.closures.problem = null;
      this.ask(false);
    } catch (thrown) {
      // The next look will tell; until then what is shown says from when it is.
      if (!isAbort(thrown)) console.warn(thrown);
    }
  }
}

export const rescue = new Rescue();
