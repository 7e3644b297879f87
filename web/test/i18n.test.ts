import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import app from '@messages/app.json';
import words from '@messages/words.json';
import { fill, inSentence, LANGUAGES, message, word } from '@/i18n/catalogue';
import { specialtyText } from '@/i18n/specialty';

const SRC = new URL('../src/', import.meta.url).pathname;
const entries: Record<string, Record<string, string>> = { ...words, ...app };
const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.(ts|svelte)$/.test(name) ? [readFileSync(path, 'utf8')] : [];
  });
}

describe('the catalogue', () => {
  it('says everything in both languages, with the same places to fill', () => {
    for (const [key, entry] of Object.entries(entries)) {
      expect(Object.keys(entry).sort(), key).toEqual([...LANGUAGES].sort());
      expect(entry['zh'], key).not.toBe('');
      expect(places(entry['en'] ?? ''), key).toEqual(places(entry['zh'] ?? ''));
    }
  });

  it('has no key of the app that nothing uses', () => {
    const text = sources(SRC).join('\n');
    const built = ['direction.', 'locate.', 'finding.', 'meaning.', 'how.'];
    const unused = Object.keys(app).filter(
      (key) => !text.includes(`'${key}'`) && !built.some((prefix) => key.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });

  it('has every key that the sources name', () => {
    const named = sources(SRC).flatMap((text) => [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key]) => key ?? ''));
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((key) => !(key in entries))).toEqual([]);
  });

  it('does not repeat a key of the shared words', () => {
    expect(Object.keys(app).filter((key) => key in words)).toEqual([]);
  });

  it('knows every code of the data model', () => {
    const kinds = 'flood waterlogging flash_flood landslide debris_flow typhoon storm_surge tsunami earthquake wildfire chemical';
    const statuses = 'planned standby open full closed unsafe unknown';
    const bands = 'low moderate high extreme';
    const groups = 'hazards shelters facilities people base';
    for (const lang of LANGUAGES) {
      for (const kind of kinds.split(' ')) expect(word(lang, 'kind', kind)).not.toBe(kind);
      for (const status of statuses.split(' ')) expect(word(lang, 'status', status)).not.toBe(status);
      for (const band of bands.split(' ')) expect(word(lang, 'band', band)).not.toBe(band);
      for (const group of groups.split(' ')) expect(word(lang, 'group', group)).not.toBe(group);
    }
  });
});

describe('messages', () => {
  it('fill their places', () => {
    expect(message('en', 'search.none', { text: 'xyz' })).toContain('“xyz”');
    expect(fill('{a}-{b}-{a}', { a: 1, b: 'x' })).toBe('1-x-1');
  });

  it('refuse to be shown with a place left open', () => {
    expect(() => message('en', 'search.none')).toThrow(/text/);
  });

  it('fall back to the code for words nobody wrote', () => {
    expect(word('en', 'kind', 'meteor')).toBe('meteor');
  });

  it('lose their capital inside an English sentence, acronyms do not', () => {
    expect(inSentence('en', 'Flash flood')).toBe('flash flood');
    expect(inSentence('en', 'CBRN release')).toBe('CBRN release');
    expect(inSentence('zh', '洪水')).toBe('洪水');
  });
});

describe('what a team is trained for', () => {
  it('is said in the language of the page, however data says it', () => {
    for (const said of ['危险化学品', '危化品', 'Hazmat', 'hazardous_chemicals']) {
      expect(specialtyText('en', said), said).toBe('Hazardous chemicals');
      expect(specialtyText('zh', said), said).toBe('危险化学品');
    }
  });

  it('may be several things', () => {
    expect(specialtyText('en', '危险化学品、消防')).toBe('Hazardous chemicals, fire-fighting');
    expect(specialtyText('zh', 'fire; medical')).toBe('消防、医疗救护');
  });

  it('stands as it is where there is no word for it', () => {
    expect(specialtyText('en', '直升机')).toBe('直升机');
    expect(specialtyText('zh', 'fire, Helicopters')).toBe('fire, Helicopters');
    expect(specialtyText('en', 'toString')).toBe('toString');
  });
});
