/** What a press on the map, or the pointer over it, means where one is now. */
import type { LonLat } from '../api/types';
import { t } from '../i18n/t.svelte';
import { app } from '../state/app.svelte';
import { nav } from '../state/nav.svelte';
import { rescue } from '../state/rescue.svelte';
import { teams } from '../state/teams.svelte';
import type { Marks } from './marks';

/** A press looks at the shelter, closure or team that is there, else asks about the place. */
export function pressed(at: LonLat, marks: Marks): void {
  if (nav.place.mode === 'rescue') pressedInRescue(at, marks);
  else if (marks.shelter !== null && nav.place.mode === 'shelter') app.look(marks.shelter, false);
  else app.ask(at);
}

function pressedInRescue(at: LonLat, { closure, team }: Marks): void {
  if (rescue.drawing !== null) return rescue.drawing(at);
  if (nav.place.task !== 'route') {
    if (team !== null) void teams.find(team);
    else if (closure !== null && nav.place.at !== null) rescue.find(closure);
    else rescue.place(at);
  } else if (rescue.choosing !== null) rescue.set(rescue.choosing, at);
  else if (closure !== null) rescue.find(closure);
  else app.notice = { tone: 'calm', text: t('rescue.both_set') };
}

/** What the pointer is over lights up in the list. */
export function hovered({ shelter, closure, team }: Marks): void {
  app.lit = shelter;
  if (nav.place.mode !== 'rescue') return;
  rescue.lit = closure;
  teams.lit = team;
}
