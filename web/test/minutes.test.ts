import { describe, expect, it } from 'vitest';
import type { LayerSpecification } from 'maplibre-gl';
import type { Region } from '@/api/types';
import { colourOf, minutes, MINUTES_HIT } from '@/map/minutes';
import { ordered } from '@/map/zorder';
import { minutesClass, minutesCredits, minutesId, minutesKinds, minutesShown, minutesSwitched, worst, type MinutesLayer } from '@/state/minutes';
import { THEMES } from '@/theme';

const LISTED: MinutesLayer[] = [
  { id: 'minutes_to_shelter_car', mode: 'car', hazard: null },
  { id: 'minutes_to_shelter_car_flood', mode: 'car', hazard: 'flood' },
  { id: 'minutes_to_shelter_foot', mode: 'foot', hazard: null },
  { id: 'minutes_to_shelter_foot_flood', mode: 'foot', hazard: 'flood' },
];

describe('the choice', () => {
  it('is named as the server names its layers', () => {
    expect(minutesId(LISTED, { by: 'foot', hazard: null })).toBe('minutes_to_shelter_foot');
    expect(minutesId(LISTED, { by: 'car', hazard: 'flood' })).toBe('minutes_to_shelter_car_flood');
    expect(minutesId(LISTED, { by: 'car', hazard: 'none' })).toBe('minutes_to_shelter_car_none');
    expect(minutesId(LISTED, { by: 'truck', hazard: null })).toBeNull();
    expect(minutesId(LISTED, { by: 'car', hazard: 'tsunami' })).toBeNull();
    expect(minutesKinds(LISTED)).toEqual(['flood']);
  });

  it('comes out of the address, and of several only one', () => {
    expect(minutesShown(LISTED, ['flood', 'minutes_to_shelter_foot_none'])).toEqual({ by: 'foot', hazard: 'none', id: 'minutes_to_shelter_foot_none' });
    expect(minutesShown(LISTED, ['minutes_to_shelter_foot_flood', 'minutes_to_shelter_car'])?.id).toBe('minutes_to_shelter_car');
    expect(minutesShown(LISTED, ['minutes_to_shelter_boat'])).toBeNull();
    expect(minutesShown([], ['minutes_to_shelter_foot'])).toBeNull();
  });

  it('takes the place of the one before and leaves other switches alone', () => {
    const on = ['flood', 'minutes_to_shelter_foot_none'];
    expect(minutesSwitched(LISTED, on, { by: 'car', hazard: 'flood' })).toEqual(['flood', 'minutes_to_shelter_car_flood']);
    expect(minutesSwitched(LISTED, on, null)).toEqual(['flood']);
  });
});

describe('what it says', () => {
  it('puts minutes into classes that hold their ends', () => {
    expect([0, 5, 6, 10, 15, 16, 30, 60, 61, 9999].map(minutesClass)).toEqual([0, 0, 1, 1, 2, 3, 3, 4, 5, 5]);
    const expression = colourOf(THEMES.light, ['get', 'minutes']) as unknown[];
    expect(expression).toHaveLength(3 + 2 * 5);
    expect(new Set(expression.filter((part) => String(part).startsWith('#'))).size).toBe(6);
  });

  it('is of several streets the worst', () => {
    expect(worst([{ minutes: 4, safe: true }])).toEqual({ minutes: 4, safe: true, cutOff: 0, streets: 1 });
    expect(worst([{ minutes: 4, safe: true }, { minutes: 9, safe: false }, { cut_off: 1 }])).toEqual({ minutes: 9, safe: false, cutOff: 1, streets: 3 });
    expect(worst([{ cut_off: 3, count: 3 }])).toEqual({ minutes: null, safe: true, cutOff: 3, streets: 3 });
    expect(worst([])).toBeNull();
  });

  it('is as real as the roads and the shelters', () => {
    const region = {
      roads: { source: 'OSM', licence: 'ODbL', synthetic: false },
      layers: [
        { role: 'shelter', source: 'Bureau', licence: 'own', synthetic: true },
        { role: 'hazard_zone', source: 'Census', licence: 'own', synthetic: false },
      ],
    } as unknown as Region;
    expect(minutesCredits(region, { zh: '时间', en: 'Minutes' }).map(({ source, synthetic }) => [source, synthetic])).toEqual([['OSM', false], ['Bureau', true]]);
  });
});

describe('its drawing', () => {
  const drawn = minutes(THEMES.dark, { id: 'minutes_to_shelter_foot', fade: 50 }, 'https://x.org');

  it('asks for the layer, and is lighter where it was made so', () => {
    expect(drawn.sources['minutes']).toMatchObject({ url: 'https://x.org/tiles/minutes_to_shelter_foot.json?encoding=mlt' });
    for (const layer of drawn.layers) {
      expect(layer).toMatchObject({ 'source-layer': 'minutes_to_shelter_foot' });
      expect(Object.entries(layer.paint ?? {}).filter(([name]) => name.endsWith('-opacity')).map(([, value]) => value), layer.id).toContain(0.5);
    }
    expect(MINUTES_HIT.every((id) => drawn.layers.some((layer) => layer.id === id))).toBe(true);
    expect(minutes(THEMES.dark, null, '')).toEqual({ sources: {}, layers: [] });
  });

  it('lies over the ground and the zones and under all names', () => {
    const styled = (id: string, group: string, type: string): LayerSpecification => ({ id, type, source: 's', metadata: { 'refugia:group': group } }) as unknown as LayerSpecification;
    const server = [styled('land', 'base', 'fill'), styled('flood', 'hazards', 'fill'), styled('towns', 'base', 'symbol'), styled('shelters', 'shelters', 'circle')];
    const ids = ordered(server, drawn.layers).map(({ id }) => id);
    expect(ids.slice(0, 2)).toEqual(['land', 'flood']);
    expect(ids.slice(-2)).toEqual(['towns', 'shelters']);
    expect(ids[2]).toBe('minutes:edge');
  });
});
