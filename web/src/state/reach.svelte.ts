/** How far one comes from the place asked about, or from where one comes to it. */
import { isochrones } from '../api/client';
import type { Isochrones } from '../api/types';
import { nav } from './nav.svelte';
import { prefs } from './prefs.svelte';
import { Question } from './question.svelte';

class Reach {
  readonly areas = new Question<Isochrones>();
  /** Minutes of the area under the pointer or the focus in the list. */
  lit = $state<number | null>(null);

  /** What decides over the answer. */
  get question(): string {
    const { at, by, within, direction, hazard, closuresOnly } = nav.place;
    return JSON.stringify([at, by, within, direction, closuresOnly ? 'none' : hazard, prefs.lang]);
  }

  /** Asks for the areas; `fresh` forgets what was answered before. */
  ask(fresh: boolean): void {
    const { at, by, within, direction, hazard, closuresOnly } = nav.place;
    const { lang } = prefs;
    if (fresh || at === null) this.areas.clear();
    if (at === null) return;
    const asked = { at, mode: by, minutes: within, direction, hazard: closuresOnly ? 'none' : hazard };
    void this.areas.ask((signal) => isochrones(asked, lang, signal));
  }
}

export const reach = new Reach();
