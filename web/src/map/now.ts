/** What there is to draw now, out of the app's state. Read in a component, each follows that state. */
import type { FeatureCollection } from 'geojson';
import type { LonLat } from '../api/types';
import { app } from '../state/app.svelte';
import { nav } from '../state/nav.svelte';
import { reach } from '../state/reach.svelte';
import { rescue } from '../state/rescue.svelte';
import { FIRST_TEAMS, teams } from '../state/teams.svelte';
import { EMPTY, type Scene } from './overlay';
import { corners } from './reach';
import { boxOf, rescueFeatures } from './rescue';

const NOTHING: Scene = { at: null, answer: null, pick: null, footprint: null };

/** The point asked about, and the shelters in answer to it. */
export function sceneNow(): Scene {
  const { at, mode, task } = nav.place;
  if (mode === 'import' || (mode === 'rescue' && task === 'route')) return NOTHING;
  if (mode !== 'shelter') return { ...NOTHING, at };
  const record = app.shelter.answer;
  const pick = app.elsewhere ? record : app.picked;
  // The record of a shelter looked at before stays until the next one is there.
  const footprint = record?.properties.id === pick?.properties.id ? (record?.footprint ?? null) : null;
  return { at, answer: app.nearest.answer, pick, footprint };
}

/** The route with its stops or the teams that come, and what is closed. */
export function rescuedNow(): FeatureCollection {
  const { from, via, to, mode, task } = nav.place;
  if (mode !== 'rescue') return EMPTY;
  const closures = (rescue.closures.answer?.features ?? []).filter((closure) => closure.properties.active);
  const caught = rescue.drafted?.caught ?? [];
  const ends = task === 'route' ? { from, via, to, route: rescue.shown.answer } : { from: null, via: [], to: null, route: null };
  return rescueFeatures({ ...ends, closures, caught, teams: task === 'teams' ? teams.nearest.answer : null });
}

const lonLat = ([lon = 0, lat = 0]: readonly number[]): LonLat => ({ lon, lat });

/** What an answer in rescue mode is about, to be brought into view; null while it is still asked for. */
export function rescuePoints(): LonLat[] | null {
  const { task, at, from, via, to } = nav.place;
  if (task === 'reach') {
    const { phase, answer } = reach.areas;
    if (at !== null && phase !== 'answered' && phase !== 'failed') return null;
    // The longest holds the others.
    const longest = answer?.features[0];
    const [west = 0, south = 0, east = 0, north = 0] = (longest === undefined ? null : boxOf(corners(longest))) ?? [];
    const whole = longest === undefined || west === east ? [] : [lonLat([west, south]), lonLat([east, north])];
    return [...(at === null ? [] : [at]), ...whole];
  }
  if (task === 'teams') {
    const { phase, answer } = teams.nearest;
    if (at !== null && phase !== 'answered' && phase !== 'failed') return null;
    // Those one would send; the others are found in the list.
    const first = (answer?.features ?? []).slice(0, FIRST_TEAMS);
    return [...(at === null ? [] : [at]), ...first.map(({ geometry }) => lonLat(geometry.coordinates))];
  }
  const { phase, answer } = rescue.shown;
  if (from !== null && to !== null && phase !== 'answered' && phase !== 'failed') return null;
  return [from, ...via, to, ...(answer?.geometry.coordinates ?? []).map(lonLat)].filter((point) => point !== null);
}
