/** The catalogue in the language chosen now; reading these in a component follows the choice. */
import { prefs } from '../state/prefs.svelte';
import { inSentence, message, word, type Family, type Key, type Params } from './catalogue';

/** A message of the catalogue. */
export function t(key: Key, params?: Params): string {
  return message(prefs.lang, key, params);
}

/** The word for a code from data. */
export function w(family: Family, code: string): string {
  return word(prefs.lang, family, code);
}

/** The word for a code, as it stands inside a sentence. */
export function ws(family: Family, code: string): string {
  return inSentence(prefs.lang, w(family, code));
}
