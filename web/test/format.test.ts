import { describe, expect, it } from 'vitest';
import { count, coordinates, direction, distance, duration, freshness, when } from '@/i18n/format';

describe('distance', () => {
  it.each([
    [0, '0 m'],
    [7.4, '7 m'],
    [99.4, '99 m'],
    [104, '100 m'],
    [994.9, '990 m'],
    [995, '1.0 km'],
    [1249, '1.2 km'],
    [9949, '9.9 km'],
    [9950, '10 km'],
    [123456, '123 km'],
  ])('%d m is %s', (metres, text) => expect(distance('en', metres)).toBe(text));

  it('speaks Chinese', () => expect(distance('zh', 640)).toBe('640 米'));
});

describe('duration', () => {
  it.each([
    [0, '1 min'],
    [60, '1 min'],
    [61, '2 min'],
    [99 * 60, '99 min'],
    [100 * 60, '1 h 40 min'],
    [101 * 60, '1 h 45 min'],
    [116 * 60, '2 h'],
    [120 * 60, '2 h'],
    [121 * 60, '2 h 5 min'],
    [241 * 60, '5 h'],
  ])('%d s is %s', (seconds, text) => expect(duration('en', seconds)).toBe(text));

  it('never promises less than it takes', () => {
    for (let seconds = 1; seconds < 40_000; seconds += 37) {
      const [, hours = '0', minutes = '0'] = /^(?:(\d+) h)? ?(?:(\d+) min)?$/.exec(duration('en', seconds)) ?? [];
      expect(Number(hours) * 3600 + Number(minutes) * 60).toBeGreaterThanOrEqual(seconds);
    }
  });
});

describe('direction', () => {
  it.each([
    [0, 'north'],
    [22.4, 'north'],
    [22.6, 'north-east'],
    [90, 'east'],
    [359, 'north'],
    [-90, 'west'],
  ])('%d° is %s', (degrees, text) => expect(direction('en', degrees)).toBe(text));
});

describe('times', () => {
  const now = new Date('2026-06-15T06:05:00Z');

  it('age from fresh over ageing to old', () => {
    expect(freshness('2026-06-15T05:30:00Z', now)).toBe('fresh');
    expect(freshness('2026-06-15T04:00:00Z', now)).toBe('ageing');
    expect(freshness('2026-06-13T04:00:00Z', now)).toBe('old');
    expect(freshness('sometime', now)).toBeNull();
  });

  it('are told in the zone of the region', () => {
    expect(when('en', '2026-06-15T05:30:00Z', now, 'Asia/Shanghai')).toBe('13:30');
    expect(when('en', '2026-06-14T17:00:00Z', now, 'Asia/Shanghai')).toBe('01:00');
    expect(when('en', '2026-05-03T05:30:00Z', now, 'Asia/Shanghai')).toContain('3 May');
    expect(when('zh', '2024-05-03T05:30:00Z', now, 'Asia/Shanghai')).toBe('2024年5月3日');
  });

  it('keep a bare date the same day in every zone', () => {
    expect(when('en', '2026-05-03', now, 'America/Los_Angeles')).toBe('3 May');
  });

  it.each(['spring 2020', '2026', '2026-06', ''])('show "%s" as it came', (text) => {
    expect(when('en', text, now, 'UTC')).toBe(text);
    expect(freshness(text, now)).toBeNull();
  });
});

it('groups large counts and fixes coordinates to a metre', () => {
  expect(count('en', 1234567)).toBe('1,234,567');
  expect(coordinates({ lon: 119.3, lat: 26.0745 })).toBe('26.07450, 119.30000');
});
