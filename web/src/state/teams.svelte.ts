/** Which rescue teams come soonest to the place asked about. */
import { tick } from 'svelte';
import { nearestTeams } from '../api/client';
import type { NearestTeams } from '../api/types';
import { app } from './app.svelte';
import { nav } from './nav.svelte';
import { prefs } from './prefs.svelte';
import { Question } from './question.svelte';

/** So many are shown and brought into view at first. */
export const FIRST_TEAMS = 3;

class Teams {
  readonly nearest = new Question<NearestTeams>();
  /** Id of the team under the pointer or the focus, in the list or on the map. */
  lit = $state<string | null>(null);

  /** Whether the whole list is shown, not only those that one would send. */
  whole = $state(false);

  /** What decides over the answer. */
  get question(): string {
    const { at, by, hazard, closuresOnly, park, ownTeams } = nav.place;
    return JSON.stringify([at, by, closuresOnly ? 'none' : hazard, ownTeams ? park : null, prefs.lang]);
  }

  /** Asks for the teams; `fresh` forgets what was answered before. */
  ask(fresh: boolean): void {
    const { at, by, hazard, closuresOnly, park, ownTeams } = nav.place;
    const { lang } = prefs;
    if (fresh) this.whole = false;
    if (fresh || at === null) this.nearest.clear();
    if (at === null) return;
    const asked = { at, mode: by, hazard: closuresOnly ? 'none' : hazard, serves: ownTeams ? park : null };
    void this.nearest.ask((signal) => nearestTeams(asked, lang, signal));
  }

  /** A team was pressed on the map: its row is lit. */
  async find(id: string): Promise<void> {
    if (app.stop === 'peek') app.stop = 'half';
    this.lit = id;
    this.whole = true;
    await tick();
    const row = document.getElementById(`team-${id}`);
    // Those that cannot come are folded away.
    const fold = row?.closest('details') ?? null;
    if (fold !== null) fold.open = true;
    row?.scrollIntoView({ block: 'nearest' });
  }
}

export const teams = new Teams();
