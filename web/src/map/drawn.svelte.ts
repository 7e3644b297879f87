/** Keeps what the map draws equal to the app's state. */
import { t } from '../i18n/t.svelte';
import { app } from '../state/app.svelte';
import { nav } from '../state/nav.svelte';
import { reach } from '../state/reach.svelte';
import { rescue } from '../state/rescue.svelte';
import { teams } from '../state/teams.svelte';
import type { MapController } from './controller';
import { rescuedNow, sceneNow } from './now';
import { EMPTY, features, OVERLAY_SOURCE } from './overlay';
import { PREVIEW_SOURCE } from './preview';
import { reachFeatures, REACH_SOURCE } from './reach';
import { RESCUE_SOURCE } from './rescue';

/** From now on, for as long as the component that is being made is there. */
export function keepDrawn(map: () => MapController | null): void {
  const drawing = $derived(map()?.drawing);
  $effect(() => drawing?.setShown({ visible: app.shownLayers, fade: nav.place.fade }));

  $effect(() => drawing?.draw(OVERLAY_SOURCE, features(sceneNow())));
  $effect(() => drawing?.draw(RESCUE_SOURCE, rescuedNow()));
  // Derived, for a moved map is another place: what is drawn stays as it is.
  const areas = $derived(nav.place.mode === 'rescue' && nav.place.task === 'reach' ? reach.areas.answer : null);
  const at = $derived(nav.place.at);
  $effect(() => {
    drawing?.draw(REACH_SOURCE, reachFeatures(areas, at, (minutes) => t('unit.minutes', { n: minutes })));
  });
  const drafted = $derived(nav.place.mode === 'import' ? app.drafted?.features : nav.place.mode === 'rescue' ? rescue.drafted?.shape : null);
  $effect(() => drawing?.draw(PREVIEW_SOURCE, drafted ?? EMPTY));

  $effect(() => drawing?.light('shelter', app.lit));
  $effect(() => drawing?.light('closure', rescue.lit));
  $effect(() => drawing?.light('team', teams.lit));
  $effect(() => drawing?.light('area', reach.lit));
}
