/** Whose data is on the map now. Read in a component, it follows the app's state. */
import type { Credited } from '../api/types';
import { both } from '../i18n/catalogue';
import { app } from './app.svelte';
import { minutesCredits } from './minutes';
import { nav } from './nav.svelte';

const ROADS = both('roads.name');
const MINUTES = both('minutes.name');

/** All that is drawn; routes and closures follow the roads. */
export function creditedNow(): Credited[] {
  const region = app.region.answer;
  if (region === null) return [];
  const drawn = region.layers.filter((layer) => app.shownLayers.has(layer.id));
  const roads = region.roads == null || nav.place.mode !== 'rescue' ? [] : [{ ...region.roads, names: ROADS }];
  return [...drawn, ...roads, ...(app.minutesShown === null ? [] : minutesCredits(region, MINUTES))];
}
