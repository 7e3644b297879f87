/** The route asked for, by every way of travelling, the place that other tasks are about, and the closures that hold. */
import { closures, route } from '../api/client';
import { isAbort } from '../api/problem';
import type { FeatureCollection, Position } from 'geojson';
import { boxOf } from '../map/rescue';
import type { Closure, Closures, LonLat, Route, Team } from '../api/types';
import { app } from './app.svelte';
import { call, nameOf } from './names';
import { nav } from './nav.svelte';
import { prefs } from './prefs.svelte';
import { Question } from './question.svelte';
import { reach } from './reach.svelte';
import { exchanged, neighbour, reversed, stopAt, withStop, type Stop, type Stops } from './stops';
import { teams } from './teams.svelte';
import { MOST_VIA, TRAVELS, type Place, type Travel } from './url';

/** A closure while it is being drawn. */
export interface Drafted {
  readonly shape: FeatureCollection;
  readonly caught: Position[][];
}

class Rescue {
  closures = new Question<Closures>();
  readonly routes: Readonly<Record<Travel, Question<Route>>> = { car: new Question(), truck: new Question(), foot: new Question() };
  /** The stop that was pressed to be chosen; see {@link choosing}. */
  wanted = $state<Stop | null>(null);
  /** Id of the closure under the pointer or the focus in the list. */
  lit = $state<string | null>(null);
  /** Takes presses on the map while a closure is drawn. */
  drawing = $state.raw<((at: LonLat) => void) | null>(null);
  /** What is being drawn, and the roads that it would close. */
  drafted = $state.raw<Drafted | null>(null);

  /** West, south, east, north of what is to be brought into view. */
  sought = $state.raw<readonly [number, number, number, number] | null>(null);

  /** The stop that the next press on the map, search or position sets: the pressed one, else the first end that is not set. */
  get choosing(): Stop | null {
    // Back and forward may have taken stops away.
    const gone = typeof this.wanted === 'number' && this.wanted > Math.min(nav.place.via.length, MOST_VIA - 1);
    if (this.wanted !== null && !gone) return this.wanted;
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

  /** When it was last known what is closed, where the server could not be asked since; else null. */
  lostAt = $state<Date | null>(null);
  #seenAt = new Date();

  /** Finds out what is closed. */
  look(): Promise<void> {
    return this.closures.ask(async (signal) => {
      const found = await closures(signal);
      this.#seen();
      return found;
    });
  }

  /** Finds it out where nobody has asked yet. */
  known(): void {
    if (this.closures.phase === 'idle') void this.look();
  }

  #seen(): void {
    this.#seenAt = new Date();
    this.lostAt = null;
  }

  /** What a stop is called; null where it has no name. */
  nameOf(stop: Stop): string | null {
    return nameOf(stopAt(nav.place, stop));
  }

  /** The way on foot from the point asked about, or from one that is still to be chosen. */
  lead(to: LonLat, name: string): void {
    const from = nav.place.at;
    call(to, name);
    this.#go({ from, via: [], to }, { mode: 'rescue', task: 'route', by: 'foot', closuresOnly: false });
  }

  /** Sets a stop, or takes it away. */
  set(stop: Stop, at: LonLat | null, name: string | null = null): void {
    call(at, name);
    app.notice = null;
    const stops = withStop(nav.place, stop, at);
    if (at !== null) return this.#go(stops);
    // What is taken away leaves the map where it is.
    this.wanted = null;
    nav.go(stops);
  }

  /** The way back. */
  swap(): void {
    this.#go(reversed(nav.place));
  }

  /** A stop changes places with the one before or after it. */
  move(stop: Stop, step: -1 | 1): void {
    const other = neighbour(nav.place, stop, step);
    if (other !== null) this.#go(exchanged(nav.place, stop, other));
  }

  #go({ from, via, to }: Stops, more: Partial<Place> = {}): void {
    this.wanted = null;
    app.asked += 1;
    nav.go({ from, via, to, ...more });
  }

  /** Asks for the routes between the ends; `fresh` forgets what was answered before. */
  ask(fresh: boolean): void {
    const { from, to, via, by, hazard, closuresOnly } = nav.place;
    const { lang } = prefs;
    // The one that is shown is asked for first.
    for (const mode of [by, ...TRAVELS.filter((travel) => travel !== by)]) {
      const question = this.routes[mode];
      if (fresh || from === null || to === null) question.clear();
      if (from === null || to === null) continue;
      const asked = { from, to, via, mode, hazard: closuresOnly ? 'none' : hazard };
      void question.ask((signal) => route(asked, lang, signal));
    }
  }

  /** Sets the place that a task other than a route is about. */
  place(at: LonLat | null, name: string | null = null, park: string | null = null): void {
    if (at !== null) return app.ask(at, name, park);
    nav.go({ at: null, shelter: null, park: null, ownTeams: false });
  }

  /** The way that a team comes to the place asked about. */
  comeFrom(team: Team): void {
    const { at } = nav.place;
    if (at === null) return;
    const [lon = 0, lat = 0] = team.geometry.coordinates;
    const from = { lon, lat };
    // A team stationed at the very place does not take its name.
    if (nameOf(from) === null) call(from, team.properties.name);
    this.#go({ from, via: [], to: at }, { task: 'route' });
  }

  /** Asks again what is asked now: the roads are others. */
  #again(): void {
    if (nav.place.mode !== 'rescue') return;
    ({ route: () => this.ask(false), reach: () => reach.ask(false), teams: () => teams.ask(false) })[nav.place.task]();
  }

  /** Brings a closure of the list into view. */
  show(closure: Closure): void {
    this.seek(closure.properties.caught.geometry.coordinates.flat());
  }

  /** Brings positions into view. */
  seek(positions: readonly Position[]): void {
    if (app.stop === 'full') app.stop = 'half';
    this.sought = boxOf(positions);
  }

  /** A closure was pressed on the map: its row is lit. */
  find(id: string): void {
    if (app.stop === 'peek') app.stop = 'half';
    this.lit = id;
    document.getElementById(`closure-${id}`)?.scrollIntoView({ block: 'nearest' });
  }

  /** After a closure was made or ended here: the list and the answer as they are now. */
  async changed(): Promise<void> {
    this.#again();
    await this.look();
  }

  /** Looks whether others have closed or opened roads since; then the answer is asked for again. */
  async follow(signal: AbortSignal): Promise<void> {
    try {
      const now = await closures(signal);
      this.#seen();
      if (now.world === this.closures.answer?.world || this.closures.phase === 'asking') return;
      this.closures.answer = now;
      this.closures.phase = 'answered';
      this.closures.problem = null;
      this.#again();
    } catch (thrown) {
      // The next look will tell; until then what is shown says from when it is.
      if (isAbort(thrown)) return;
      this.lostAt = this.#seenAt;
      console.warn(thrown);
    }
  }
}

export const rescue = new Rescue();
