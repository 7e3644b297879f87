/** Keeps the layer of minutes to a shelter as it is chosen, and what it says of the place that was pressed last. */
import { untrack } from 'svelte';
import type { LonLat } from '../api/types';
import { app } from '../state/app.svelte';
import { MINUTES_FADE } from '../state/minutes';
import { nav } from '../state/nav.svelte';
import { rescue } from '../state/rescue.svelte';
import type { MapController } from './controller';

export interface MinutesHere {
  /** A place was pressed: the streets there are told. */
  pressed(at: LonLat): void;
  /** The tiles there have changed or come only now. */
  readAgain(): void;
}

/** From now on, for as long as the component that is being made is there. */
export function keepMinutes(map: () => MapController | null): MinutesHere {
  let last: LonLat | null = null;
  const id = $derived(app.minutesShown?.id ?? null);
  const world = $derived(rescue.closures.answer?.world ?? null);

  // What was read is of that layer over those roads, and is not to be believed of others.
  $effect(() => {
    void world;
    void id;
    app.minutesHere = null;
  });
  $effect(() => {
    if (id !== null) return;
    last = null;
    app.minutesState = null;
  });
  $effect(() => {
    const shown = id === null ? null : { id, fade: nav.place.fade[MINUTES_FADE] };
    map()?.minutes.show(shown, world);
  });
  $effect(() => {
    if (app.minutesAgain > 0) untrack(() => map()?.minutes.reload());
  });

  return {
    pressed(at) {
      if (app.minutesShown === null) return;
      last = at;
      app.minutesHere = { at, found: map()?.minutes.at(at) ?? null };
    },
    readAgain() {
      const at = last;
      const found = at === null || app.minutesState !== 'drawn' ? null : (map()?.minutes.at(at) ?? null);
      if (at !== null && found !== null) app.minutesHere = { at, found };
    },
  };
}
