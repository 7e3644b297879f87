/** Why this shelter is the answer, in one sentence. Pure. */
import type { Nearest, Refused, Shelter } from '../../api/types';
import { inSentence, message, word, type Lang } from '../../i18n/catalogue';

/** The left-out shelter that was nearest of all, if it is nearer than the one chosen. */
function nearestLeftOut(answer: Nearest, pick: Shelter): { refused: Refused } | { unverified: Shelter } | null {
  const limit = pick.properties.distance_m ?? 0;
  const refused = answer.refused.find((one) => one.distance_m < limit);
  const unverified = answer.unverified.find((one) => (one.properties.distance_m ?? Infinity) < limit);
  if (refused === undefined) return unverified === undefined ? null : { unverified };
  const other = unverified?.properties.distance_m ?? Infinity;
  return other < refused.distance_m && unverified !== undefined ? { unverified } : { refused };
}

function suitability(lang: Lang, pick: Shelter, hazard: string | null): string {
  if (hazard === null) return message(lang, 'why.nearest');
  const kind = inSentence(lang, word(lang, 'kind', hazard));
  const suits = pick.properties.suits[hazard] ?? 'unknown';
  if (suits === 'yes') return message(lang, 'why.suits', { kind });
  return message(lang, suits === 'no' ? 'why.suits_not' : 'why.suits_unknown', { kind });
}

function leftOut(lang: Lang, answer: Nearest, pick: Shelter, hazard: string | null): string | null {
  const found = nearestLeftOut(answer, pick);
  if (found === null) return null;
  const kind = hazard === null ? '' : inSentence(lang, word(lang, 'kind', hazard));
  if ('unverified' in found) {
    return message(lang, 'why.nearer_unverified', { name: found.unverified.properties.names[lang], kind });
  }
  const { refused } = found;
  const name = refused.names[lang];
  if (refused.reason === 'in_zone') {
    const zone = inSentence(lang, word(lang, 'kind', refused.zone?.kind ?? hazard ?? ''));
    return message(lang, 'why.nearer_in_zone', { name, kind: zone });
  }
  if (refused.reason === 'not_suited') return message(lang, 'why.nearer_not_suited', { name, kind });
  const status = inSentence(lang, word(lang, 'status', refused.status ?? 'closed'));
  return message(lang, 'why.nearer_status', { name, status });
}

/** "Suits flood; the nearer X lies in the flood zone." */
export function why(lang: Lang, answer: Nearest, pick: Shelter, hazard: string | null): string {
  const first = suitability(lang, pick, hazard);
  const second = leftOut(lang, answer, pick, hazard);
  return second === null ? message(lang, 'why.one', { first }) : message(lang, 'why.two', { first, second });
}
