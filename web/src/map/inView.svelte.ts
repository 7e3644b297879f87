/** Moves the map to what a person asked for, and nowhere else. */
import { untrack } from 'svelte';
import type { LonLat } from '../api/types';
import { app } from '../state/app.svelte';
import { nav } from '../state/nav.svelte';
import { rescue } from '../state/rescue.svelte';
import type { Box, Padding } from './camera';
import type { MapController } from './controller';
import { rescuePoints, sceneNow } from './now';

/** Below this scale an answer is only a dot in a province. */
const USEFUL_ZOOM = 9;
/** Below this one a short route is a dot; a long one is fitted anyway. */
const ROUTE_ZOOM = 13;
/** Room around what is brought into view, in CSS pixels. */
const GAP_PX = 48;
/** What the buttons at the right take: beside a panel, on a phone. */
const BUTTONS_PX = { wide: 52, narrow: 20 } as const;
/** What the search field on top of a phone takes. */
const SEARCH_PX = 80;
/** So high a strip is left under the search field, whatever a sheet covers. */
const LEAST_STRIP_PX = 100;

/** What is to stay clear of marks on a map of this height. */
export function clearance(heightPx: number): Padding {
  const around = { top: GAP_PX, right: GAP_PX, bottom: GAP_PX, left: GAP_PX, covered: 0 };
  if (app.wide) return { ...around, right: GAP_PX + BUTTONS_PX.wide };
  const most = heightPx - SEARCH_PX - LEAST_STRIP_PX;
  return { ...around, top: SEARCH_PX, right: GAP_PX + BUTTONS_PX.narrow, bottom: Math.min(app.sheetPx + GAP_PX, most), covered: app.sheetPx };
}

/** What is asked about and what is shown in answer; null while it is still asked for. */
function answerPoints(): LonLat[] | null {
  if (nav.place.mode === 'rescue') return rescuePoints();
  const question = nav.place.mode === 'risk' ? app.risk : app.elsewhere ? app.shelter : app.nearest;
  if (question.phase !== 'answered') return null;
  const { at, pick } = sceneNow();
  const [lon, lat] = pick?.geometry.coordinates ?? [];
  return [...(at === null ? [] : [at]), ...(lon === undefined || lat === undefined ? [] : [{ lon, lat }])];
}

/** From now on, for as long as the component that is being made is there. */
export function keepInView(map: () => MapController | null, padding: () => Padding): void {
  const camera = $derived(map()?.camera);
  $effect(() => camera?.setCovered(app.sheetPx));

  const fit = (box: Box | null): void => {
    const control = camera;
    if (box !== null && control !== undefined) untrack(() => control.fit(box, padding()));
  };
  $effect(() => fit(rescue.sought));
  // Derived: to fit moves the map, which is another place, and is to be no reason to fit again.
  const drafted = $derived(nav.place.mode === 'import' ? (app.drafted?.bbox ?? null) : null);
  $effect(() => fit(drafted));

  // An answer that a person asked for is brought into view; a link keeps the view it carries, if it carries one.
  let seen = nav.place.view === null ? -1 : 0;
  $effect(() => {
    const { asked } = app;
    const points = answerPoints();
    const control = camera;
    if (control === undefined || asked === seen || points === null) return;
    seen = asked;
    const zoom = nav.place.mode === 'rescue' && points.length > 2 ? ROUTE_ZOOM : USEFUL_ZOOM;
    if (points.length > 0) untrack(() => control.reveal(points, padding(), zoom));
  });

  $effect(() => {
    if (nav.arrivals === 0) return;
    untrack(() => {
      if (nav.place.view !== null) camera?.jump(nav.place.view);
    });
  });
}
