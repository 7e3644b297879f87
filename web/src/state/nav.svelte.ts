/** The place shown now, kept equal to the address bar in both directions. */
import { format, parse, sameButView, type Place, type View } from './url';

class Nav {
  place = $state.raw<Place>(parse(location.hash));
  /** Counts arrivals by back, forward or an edited address: the map then follows the place. */
  arrivals = $state(0);

  constructor() {
    // `popstate` also fires when a person edits the hash by hand.
    window.addEventListener('popstate', () => {
      const next = parse(location.hash);
      if (format(next) === format(this.place)) return;
      this.place = next;
      this.arrivals += 1;
    });
  }

  /** Goes to a changed place: a step in the history, unless only the view moved. */
  go(change: Partial<Place>): void {
    const next = { ...this.place, ...change };
    const hash = format(next);
    if (hash === format(this.place)) return;
    const step = !sameButView(next, this.place);
    this.place = next;
    if (step) history.pushState(null, '', hash);
    else history.replaceState(null, '', hash);
  }

  /** A small correction (opacity while sliding): no step in the history. */
  adjust(change: Partial<Place>): void {
    this.place = { ...this.place, ...change };
    history.replaceState(null, '', format(this.place));
  }

  /** The map came to rest. */
  viewed(view: View): void {
    this.adjust({ view });
  }
}

export const nav = new Nav();
