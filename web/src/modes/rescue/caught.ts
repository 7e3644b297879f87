/** How much a closure catches, in words. Pure. */
import type { Closure } from '../../api/types';
import { message, type Lang } from '../../i18n/catalogue';
import { count, distance } from '../../i18n/format';

/** "5 road stretches, 400 m". */
export function caughtText(lang: Lang, caught: Pick<Closure['properties']['caught'], 'count' | 'length_m'>): string {
  const length = distance(lang, caught.length_m);
  if (caught.count === 1) return message(lang, 'close_road.caught_one', { length });
  return message(lang, 'close_road.caught', { n: count(lang, caught.count), length });
}
