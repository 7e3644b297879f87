/** What a press on the map, or the pointer over it, means where one is now. */
import type { LonLat } from '../api/types';
import { t } from '../i18n/t.svelte';
import { app } from '../state/app.svelte';
import { nav } from '../state/nav.svelte';
import { prefs } from '../state/prefs.svelte';
import { rescue } from '../state/rescue.svelte';
import { teams } from '../state/teams.svelte';
import type { Marks } from './marks';

/** A press looks at the shelter, closure or team that is there, or takes the marked place, else the point. */
export function pressed(at: LonLat, marks: Marks): void {
  if (nav.place.mode === 'rescue') pressedInRescue(at, marks);
  else if (marks.shelter !== null && nav.place.mode === 'shelter') app.look(marks.shelter, false);
  else app.ask(at);
}

function pressedInRescue(at: LonLat, { closure, team, place }: Marks): void {
  if (rescue.drawing !== null) return rescue.drawing(at);
  const name = place?.names[prefs.lang] ?? null;
  const park = place?.role === 'chemical_park' ? place.id : null;
  if (nav.place.task !== 'route') {
    if (team !== null) void teams.find(team);
    else if (closure !== null && nav.place.at !== null) rescue.find(closure);
    else rescue.place(place?.at ?? at, name, park);
  } else if (rescue.choosing !== null) rescue.set(rescue.choosing, place?.at ?? at, name);
  else if (closure !== null) rescue.find(closure);
  else app.notice = { tone: 'calm', text: t('rescue.both_set') };
}

/** What the pointer is over lights up in the list; true where a press would take it. */
export function hovered({ shelter, closure, team, place }: Marks): boolean {
  const { mode, task } = nav.place;
  app.lit = shelter;
  if (mode !== 'rescue') return mode === 'shelter' && shelter !== null;
  rescue.lit = closure;
  teams.lit = team;
  const isChoosing = task !== 'route' || rescue.choosing !== null;
  return closure !== null || team !== null || (place !== null && isChoosing);
}
