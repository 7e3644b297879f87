/** Numbers, distances, times and directions as people say them, in both languages. */
import { message, type Key, type Lang } from './catalogue';

const LOCALE: Record<Lang, string> = { zh: 'zh-CN', en: 'en-GB' };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** An integer with the language's own grouping. */
export function count(lang: Lang, value: number): string {
  return new Intl.NumberFormat(LOCALE[lang], { maximumFractionDigits: 0 }).format(value);
}

/** Metres below 1 km to the nearest 10 (exact below 100), else kilometres. */
export function distance(lang: Lang, metres: number): string {
  if (metres < 995) {
    const shown = metres < 100 ? Math.round(metres) : Math.round(metres / 10) * 10;
    return message(lang, 'unit.metres', { n: shown });
  }
  const km = metres / 1000;
  const digits = km < 9.95 ? 1 : 0;
  const shown = new Intl.NumberFormat(LOCALE[lang], {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(km);
  return message(lang, 'unit.kilometres', { n: shown });
}

/** Seconds as minutes, then five minutes, then hours, rounded up: nobody is late because of rounding. */
export function duration(lang: Lang, seconds: number): string {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  if (minutes < 100) return message(lang, 'unit.minutes', { n: minutes });
  if (minutes > 240) return message(lang, 'unit.hours', { n: Math.ceil(minutes / 60) });
  const hours = Math.floor(minutes / 60);
  const rest = Math.ceil((minutes % 60) / 5) * 5;
  if (rest === 60 || rest === 0) return message(lang, 'unit.hours', { n: hours + (rest === 60 ? 1 : 0) });
  return message(lang, 'unit.hours_minutes', { h: hours, m: rest });
}

const POINTS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const;

/** One of eight compass directions for a bearing in degrees from north, clockwise. */
export function direction(lang: Lang, bearingDeg: number): string {
  const turned = ((bearingDeg % 360) + 360) % 360;
  const point = POINTS[Math.round(turned / 45) % 8] ?? 'n';
  const key: Key = `direction.${point}`;
  return message(lang, key);
}

/** How old a value is: within the hour, within the day, or to be confirmed again. */
export type Freshness = 'fresh' | 'ageing' | 'old';

const STAMP = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}.*)?$/;

/** Milliseconds of an RFC 3339 time or a bare date; NaN for anything looser, which `Date` would guess at. */
function instant(asOf: string): number {
  return STAMP.test(asOf) ? Date.parse(asOf) : NaN;
}

/** Freshness of a time stamp (RFC 3339 or a bare date); null when it cannot be read. */
export function freshness(asOf: string, now: Date): Freshness | null {
  const then = instant(asOf);
  if (Number.isNaN(then)) return null;
  const age = now.getTime() - then;
  if (age <= HOUR_MS) return 'fresh';
  return age <= DAY_MS ? 'ageing' : 'old';
}

/** "14:05" for today, "3 May 14:05" this year, "3 May 2024" before. Uses the region's time zone. */
export function when(lang: Lang, asOf: string, now: Date, timeZone: string): string {
  const then = new Date(instant(asOf));
  if (Number.isNaN(then.getTime())) return asOf;
  const bareDate = !asOf.includes('T');
  // A date without a clock is the same day everywhere: shifting it would change it.
  const zone = bareDate ? 'UTC' : timeZone;
  const day = (date: Date): string => new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(date);
  const sameYear = day(then).slice(0, 4) === day(now).slice(0, 4);
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const date = { day: 'numeric', month: lang === 'zh' ? 'long' : 'short' } as const;
  const shape =
    !bareDate && day(then) === day(now)
      ? time
      : sameYear
        ? bareDate
          ? date
          : { ...date, ...time }
        : { ...date, year: 'numeric' as const };
  return new Intl.DateTimeFormat(LOCALE[lang], { timeZone: zone, ...shape }).format(then);
}

/** Longitude and latitude for copying and for unnamed places; five decimals are about a metre. */
export function coordinates(point: { lon: number; lat: number }): string {
  return `${point.lat.toFixed(5)}, ${point.lon.toFixed(5)}`;
}

const BYTE_UNITS = ['KB', 'MB', 'GB'] as const;

/** A file's size, as file managers show it: binary steps, at most one decimal. */
export function bytes(lang: Lang, value: number): string {
  let [size, unit] = [value / 1024, 0];
  while (size >= 1024 && unit < BYTE_UNITS.length - 1) [size, unit] = [size / 1024, unit + 1];
  const digits = size < 10 ? 1 : 0;
  const shown = new Intl.NumberFormat(LOCALE[lang], { maximumFractionDigits: digits }).format(size);
  return `${shown} ${BYTE_UNITS[unit]}`;
}
