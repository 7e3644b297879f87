import { describe, expect, it } from 'vitest';
import { format, MOST_VIA, parse, sameButView, START, type Place } from '@/state/url';

const FULL: Place = {
  mode: 'risk',
  view: { zoom: 11.25, lat: 26.0745, lon: 119.3001 },
  at: { lat: 26.074512, lon: -119.300123 },
  hazard: 'storm_surge',
  shelter: 'FJ/0012 甲&b=1',
  from: { lat: 26.05, lon: 119.3 },
  via: [
    { lat: 26.06, lon: 119.302 },
    { lat: -0.5, lon: -179.9 },
  ],
  to: { lat: -26.123456, lon: 119.31 },
  by: 'foot',
  closuresOnly: true,
  task: 'reach',
  within: [5, 45],
  direction: 'to',
  park: 'parks:A/1&甲',
  ownTeams: true,
  on: ['typhoon', 'wildfire'],
  off: ['places'],
  fade: { flood: 40, landslide: 0 },
};

describe('the address', () => {
  it('of nothing chosen is short', () => {
    expect(format(START)).toBe('#/shelter');
    expect(parse('')).toEqual(START);
    expect(parse('#')).toEqual(START);
    expect(parse('#/shelter')).toEqual(START);
  });

  it('carries everything there and back', () => expect(parse(format(FULL))).toEqual(FULL));

  it('is the same text whatever the order of switching', () => {
    expect(format({ ...FULL, on: ['wildfire', 'typhoon'] })).toBe(format(FULL));
  });

  it('survives being written again', () => expect(format(parse(format(FULL)))).toBe(format(FULL)));

  it.each([
    '#/desk',
    '#/risk?map=1/2',
    '#/risk?map=99/26/119',
    '#/risk?map=x/26/119',
    '#/risk?at=91,119',
    '#/risk?at=26,',
    '#/risk?at=NaN,1',
    '#/risk?at=Infinity,1',
    '#/risk?hazard=<script>',
    '#/risk?on=../x,,',
    '#/risk?task=dance&direction=up&teams=all&park=',
    '#/risk?within=0,-5,121,1.5,x,',
    '#/risk?fade=flood:200,flood:-1,flood,x:abc',
    '#/risk?shelter=',
    '#%%%',
    '#/rescue?via=26;119,;91,0;;',
    '#/rescue?from=26&to=119.3,26.05&by=tank&zones=on',
  ])('%s is read as far as it makes sense', (hash) => {
    const place = parse(hash);
    expect({ ...place, mode: 'shelter' }).toEqual(START);
  });

  it('keeps as many stops on the way as a list can show', () => {
    const via = Array.from({ length: MOST_VIA + 5 }, (_, i) => `26,${i}`).join(';');
    const place = parse(`#/rescue?via=${via}`);
    expect(place.via).toHaveLength(MOST_VIA);
    expect(place.via[1]).toEqual({ lat: 26, lon: 1 });
  });

  it('knows a moved map from a changed question', () => {
    expect(sameButView(FULL, { ...FULL, view: null })).toBe(true);
    expect(sameButView(FULL, { ...FULL, hazard: null })).toBe(false);
  });
});
