import { describe, expect, it } from 'vitest';
import type { Hazard, Layer, Nearest, Risk, Shelter } from '@/api/types';
import { problemFrom, problemFromThrown } from '@/api/problem';
import { byKind, unmapped } from '@/modes/risk/group';
import { headline } from '@/modes/risk/headline';
import { mapLinks } from '@/modes/shelter/mapLinks';
import { why } from '@/modes/shelter/why';
import { pointFromText } from '@/state/pointText';
import { within } from '@/state/position';

const shelter = (id: string, distance_m: number, suits: Record<string, string> = {}): Shelter =>
  ({ properties: { id, names: { zh: `${id}点`, en: id }, distance_m, suits } }) as unknown as Shelter;
const refusal = (id: string, distance_m: number, more: object): Nearest['refused'][number] =>
  ({ id, names: { zh: `${id}点`, en: id }, distance_m, detail: '', ...more }) as Nearest['refused'][number];
const answer = (part: Partial<Nearest>): Nearest => ({ features: [], unverified: [], refused: [], ...part }) as Nearest;

describe('why this one', () => {
  const pick = shelter('P', 900, { flood: 'yes' });

  it('is plain when nothing nearer was left out', () => {
    expect(why('en', answer({}), pick, null)).toBe('The nearest usable shelter.');
    expect(why('en', answer({}), pick, 'flood')).toBe('Suits flood.');
  });

  it('names the nearer one in the zone', () => {
    const refused = [refusal('X', 500, { reason: 'in_zone', zone: { kind: 'flood' } })];
    expect(why('en', answer({ refused }), pick, 'flood')).toBe('Suits flood; the nearer X lies in the flood zone.');
    expect(why('zh', answer({ refused }), pick, 'flood')).toBe('适用于洪水；更近的“X点”位于洪水危险区内。');
  });

  it('names the other reasons', () => {
    const by = (more: object): string => why('en', answer({ refused: [refusal('X', 500, more)] }), pick, 'flood');
    expect(by({ reason: 'not_suited' })).toContain('X does not suit flood');
    expect(by({ reason: 'status', status: 'full' })).toContain('X is full');
  });

  it('speaks of the nearest left out, refused or unverified, and of none farther than the pick', () => {
    const unverified = [shelter('U', 300)];
    const refused = [refusal('X', 500, { reason: 'not_suited' })];
    expect(why('en', answer({ refused, unverified }), pick, 'flood')).toContain('nearer U');
    expect(why('en', answer({ refused: [refusal('X', 1500, { reason: 'not_suited' })] }), pick, 'flood')).toBe('Suits flood.');
  });

  it('never takes unknown for yes', () => {
    expect(why('en', answer({}), shelter('P', 900), 'flood')).toBe('Not known to suit flood.');
  });
});

describe('risk rows', () => {
  const hazard = (kind: string, rank: number): Hazard => ({ kind, rank, band: 'high' }) as Hazard;
  const hazards = [hazard('flood', 4), hazard('landslide', 3), hazard('flood', 2)];

  it('are one per kind with the worst first and the rest kept', () => {
    expect(byKind(hazards).map(({ kind, worst, also }) => [kind, worst.rank, also.length])).toEqual([['flood', 4, 1], ['landslide', 3, 0]]);
  });

  it('say which kinds are not mapped here', () => {
    const layers = ['flood', 'wildfire'].map((kind) => ({ hazard_kind: kind }) as Layer);
    expect(unmapped(layers, { hazards } as Risk)).toEqual(['wildfire']);
  });

  it('have a headline in words', () => {
    expect(headline('en', { band: 'high', kind: 'landslide' })).toBe('High landslide risk here');
    expect(headline('zh', { band: 'high', kind: 'landslide' })).toBe('此处滑坡高风险');
  });
});

describe('problems', () => {
  it('keep the code and the sentence of the server', () => {
    const problem = problemFrom(404, { code: 'unknown_shelter', detail: 'No such shelter.' });
    expect([problem.code, problem.detail]).toEqual(['unknown_shelter', 'No such shelter.']);
  });

  it('are told apart where the server says nothing', () => {
    expect(problemFrom(503, '<html>').code).toBe('busy');
    expect(problemFrom(500, undefined).code).toBe('server');
    expect(problemFromThrown(new TypeError('Failed to fetch')).code).toBe('offline');
    expect(problemFromThrown(new SyntaxError('Unexpected token')).code).toBe('server');
  });
});

it('opens the device’s own map app and Amap, with the point in each one’s order', () => {
  const at = { lon: 119.3, lat: 26.07 };
  const [android, amap] = mapLinks(at, '乌山 (A)', 'Mozilla/5.0 (Linux; Android 14)');
  expect(android?.href).toBe('geo:26.070000,119.300000?q=26.070000,119.300000(%E4%B9%8C%E5%B1%B1%20(A))');
  expect(amap?.href).toContain('position=119.300000,26.070000&');
  expect(amap?.href).toContain('coordinate=wgs84');
  expect(mapLinks(at, 'x', 'iPhone')[0]?.href).toContain('daddr=26.070000,119.300000');
});

it.each([
  ['26.07, 119.3', { lat: 26.07, lon: 119.3 }],
  ['26.07 119.3', { lat: 26.07, lon: 119.3 }],
  ['119.3，26.07', { lat: 26.07, lon: 119.3 }],
  ['-17.5,-179.9', { lat: -17.5, lon: -179.9 }],
  ['200, 300', null],
  ['鼓楼', null],
  ['12350', null],
])('reads %s as a point or not at all', (text, point) => expect(pointFromText(text)).toEqual(point));

it('knows whether a box holds a point, also across the antimeridian', () => {
  expect(within([115.8, 23.4, 120.8, 28.4], { lon: 119, lat: 26 })).toBe(true);
  expect(within([115.8, 23.4, 120.8, 28.4], { lon: 121, lat: 26 })).toBe(false);
  expect(within([177, -20, -178, -15], { lon: -179, lat: -17 })).toBe(true);
  expect(within([177, -20, -178, -15], { lon: 0, lat: -17 })).toBe(false);
});
