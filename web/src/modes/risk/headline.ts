/** The highest threat in words. Pure. */
import type { Hazard } from '../../api/types';
import { inSentence, message, word, type Lang } from '../../i18n/catalogue';

/** "High landslide risk here". */
export function headline(lang: Lang, hazard: Pick<Hazard, 'band' | 'kind'>): string {
  return message(lang, 'risk.headline', {
    band: word(lang, 'band', hazard.band),
    kind: inSentence(lang, word(lang, 'kind', hazard.kind)),
  });
}
