/** What every screen shares: the region, the answers, what is lit, what is open. */
import type { FeatureCollection } from 'geojson';
import type { LonLat, Nearest, Region, Risk, Shelter, ShelterRecord } from '../api/types';
import { shown } from './layers';
import { minutesShown, type MinutesLayer, type StreetMinutes } from './minutes';
import { call, nameOf } from './names';
import { nav } from './nav.svelte';
import { Question } from './question.svelte';

/** A short message over the map, until dismissed or replaced. */
export interface Notice {
  readonly tone: 'calm' | 'bad';
  readonly text: string;
}

/** Features that an operator looks at before they are imported. */
export interface Drafted {
  readonly features: FeatureCollection;
  /** West, south, east, north of all of them, also of those not drawn. */
  readonly bbox: readonly [number, number, number, number];
}

/** From this width on there is a side panel instead of a bottom sheet. */
export const WIDE = '(min-width: 900px)';

class App {
  region = new Question<Region>();
  nearest = new Question<Nearest>();
  shelter = new Question<ShelterRecord>();
  risk = new Question<Risk>();
  /** Id of the shelter under the pointer or the focus, in a list or on the map. */
  lit = $state<string | null>(null);
  notice = $state<Notice | null>(null);
  drafted = $state.raw<Drafted | null>(null);
  /** The kind of the zones that the shown route meets, the worst one. */
  routeHazard = $state<string | null>(null);
  layersOpen = $state(false);
  /** What the layer of minutes to a shelter says of the place that was pressed last. */
  minutesHere = $state.raw<{ readonly at: LonLat; readonly found: StreetMinutes | null } | null>(null);
  /** How it stands with that layer's tiles; null where it is not drawn. */
  minutesState = $state<'loading' | 'drawn' | 'failed' | null>(null);
  /** Counts wishes to load them again. */
  minutesAgain = $state(0);
  wide = $state(matchMedia(WIDE).matches);
  /** The sheet's stop on a phone. */
  stop = $state<'peek' | 'half' | 'full'>('half');
  /** How much of the window the bottom sheet covers, in CSS pixels; 0 beside a side panel. */
  sheetPx = $state(0);
  /** Counts questions a person asked: their answers may move the map, a link's may not. */
  asked = $state(0);
  now = $state(new Date());

  constructor() {
    matchMedia(WIDE).addEventListener('change', (event) => (this.wide = event.matches));
    setInterval(() => (this.now = new Date()), 30_000);
  }

  /** The place to name in headings: as searched, or null for "here"; `park` where it is a chemical park. */
  ask(at: LonLat, name: string | null = null, park: string | null = null): void {
    call(at, name);
    this.notice = null;
    if (this.stop === 'peek') this.stop = 'half';
    this.asked += 1;
    nav.go({ at, shelter: null, park, ownTeams: false });
  }

  /** Looks at one shelter, and brings it into view unless it was chosen on the map itself. */
  look(id: string | null, reveal = true): void {
    if (id !== null && this.stop === 'peek') this.stop = 'half';
    if (id !== null && reveal) this.asked += 1;
    nav.go({ shelter: id });
  }

  /** The name the asked point goes by, where a search gave it one. */
  get atName(): string | null {
    return nameOf(nav.place.at);
  }

  /** The candidate on the card: the one looked at, or the first. */
  get picked(): Shelter | null {
    const features = this.nearest.answer?.features ?? [];
    const { shelter } = nav.place;
    return features.find((feature) => feature.properties.id === shelter) ?? features[0] ?? null;
  }

  /** True while a shelter is looked at that is not among the answer's candidates. */
  get elsewhere(): boolean {
    const { shelter, at } = nav.place;
    if (shelter === null) return false;
    if (at === null) return true;
    if (this.nearest.phase !== 'answered' && this.nearest.phase !== 'failed') return false;
    return !(this.nearest.answer?.features ?? []).some((feature) => feature.properties.id === shelter);
  }

  /** The hazard the map shows by itself: the chosen one, or the worst one here in Risk mode, on the way in Rescue mode. */
  get mappedHazard(): string | null {
    const { hazard, mode } = nav.place;
    if (hazard !== null) return hazard;
    if (mode === 'rescue') return this.routeHazard;
    if (mode !== 'risk') return null;
    return this.risk.answer?.highest?.kind ?? null;
  }

  /** Ids of the layers on the map. */
  get shownLayers(): Set<string> {
    return shown(this.region.answer?.layers ?? [], { ...nav.place, hazard: this.mappedHazard });
  }

  /** The layers of minutes to a shelter that the server has. */
  get minutesLayers(): readonly MinutesLayer[] {
    return this.region.answer?.roads?.minutes_layers ?? [];
  }

  /** The one of them that is on the map. */
  get minutesShown(): ReturnType<typeof minutesShown> {
    return minutesShown(this.minutesLayers, nav.place.on);
  }

  get timeZone(): string {
    return this.region.answer?.time_zone ?? 'UTC';
  }
}

export const app = new App();
