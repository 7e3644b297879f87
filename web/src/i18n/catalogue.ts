/**
 * The words people read, in Chinese and English side by side. `t` takes keys the
 * compiler knows; `word` takes codes that come from data and says the code
 * itself when the catalogue has no word for it.
 */
import app from '@messages/app.json';
import words from '@messages/words.json';

export const LANGUAGES = ['zh', 'en'] as const;
export type Lang = (typeof LANGUAGES)[number];
export type Key = keyof typeof app | keyof typeof words;
export type Params = Readonly<Record<string, string | number>>;

type Entry = Readonly<Record<Lang, string>>;

const ENTRIES: Readonly<Record<string, Entry>> = { ...words, ...app };

/** Families of `words.json` whose last part is a code found in data. */
export type Family =
  | 'kind'
  | 'role'
  | 'status'
  | 'suits'
  | 'facility'
  | 'tri'
  | 'grade'
  | 'space'
  | 'function'
  | 'duration'
  | 'legal_kind'
  | 'group'
  | 'band'
  | 'finding'
  | 'meaning'
  | 'how';

/** Fills `{name}` places; a place without a value is a fault in the caller. */
export function fill(template: string, params: Params): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`message "${template}" needs {${name}}`);
    return String(value);
  });
}

/** The message for a key in a language, with its places filled. */
export function message(lang: Lang, key: Key, params: Params = {}): string {
  const entry = ENTRIES[key];
  if (entry === undefined) throw new Error(`no message "${key}"`);
  return fill(entry[lang], params);
}

/** The message for a key in both languages, as data has its names. */
export function both(key: Key): Readonly<Record<Lang, string>> {
  return { zh: message('zh', key), en: message('en', key) };
}

/** The word for a code from data, or the code itself where none is known. */
export function word(lang: Lang, family: Family, code: string): string {
  return ENTRIES[`${family}.${code}`]?.[lang] ?? code;
}

/** A word as it stands inside a sentence: English loses its capital. */
export function inSentence(lang: Lang, text: string): string {
  if (lang === 'zh') return text;
  const second = text.charAt(1);
  const acronym = second !== '' && second === second.toUpperCase() && /\p{L}/u.test(second);
  return acronym ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
