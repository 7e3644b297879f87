/** What a person chose for this device: language and light or dark. Kept in local storage. */
import { LANGUAGES, type Lang } from '../i18n/catalogue';
import { THEMES, type SchemeName } from '../theme';

export const SCHEMES = ['system', 'light', 'dark'] as const;
export type Scheme = (typeof SCHEMES)[number];

const LANG_KEY = 'refugia.lang';
const SCHEME_KEY = 'refugia.scheme';

/** Storage can be switched off in a browser; the app then forgets, no more. */
function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    return;
  }
}

function firstLang(): Lang {
  const chosen = LANGUAGES.find((lang) => lang === remembered(LANG_KEY));
  if (chosen !== undefined) return chosen;
  return navigator.languages.some((tag) => tag.toLowerCase().startsWith('zh')) ? 'zh' : 'en';
}

class Prefs {
  lang = $state<Lang>(firstLang());
  scheme = $state<Scheme>(SCHEMES.find((scheme) => scheme === remembered(SCHEME_KEY)) ?? 'system');
  #systemDark = $state(false);

  constructor() {
    const query = matchMedia('(prefers-color-scheme: dark)');
    this.#systemDark = query.matches;
    query.addEventListener('change', (event) => (this.#systemDark = event.matches));
  }

  /** The scheme drawn now. */
  get drawn(): SchemeName {
    if (this.scheme !== 'system') return this.scheme;
    return this.#systemDark ? 'dark' : 'light';
  }

  get theme(): (typeof THEMES)[SchemeName] {
    return THEMES[this.drawn];
  }

  setLang(lang: Lang): void {
    this.lang = lang;
    remember(LANG_KEY, lang);
  }

  /** System, light, dark and round again. */
  nextScheme(): void {
    const next = SCHEMES[(SCHEMES.indexOf(this.scheme) + 1) % SCHEMES.length] ?? 'system';
    this.scheme = next;
    remember(SCHEME_KEY, next);
  }
}

export const prefs = new Prefs();
