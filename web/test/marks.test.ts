import { describe, expect, it } from 'vitest';
import type { Role } from '@/api/types';
import { marksOf, NO_MARKS, type Hit } from '@/map/marks';

const ROLES = new Map<string, Role>([
  ['shelters', 'shelter'],
  ['parks', 'chemical_park'],
  ['flood', 'hazard_zone'],
]);

const hit = (layer: string, properties: object, geometry: object = { type: 'Point', coordinates: [119, 26] }): Hit =>
  ({ source: layer, layer: { id: `${layer}:symbol`, metadata: { 'refugia:layer': layer } }, properties, geometry }) as unknown as Hit;
const drawn = (source: string, properties: object): Hit => ({ ...hit('', properties), source, layer: { id: `${source}:x` } }) as unknown as Hit;
const park = hit('parks', { id: 'cp-1', name_zh: '某园区', name_en: 'Some Park' });

describe('what lies under a press', () => {
  it('is a park with its name and where it stands', () => {
    const { place, shelter } = marksOf([park], ROLES);
    expect(place).toEqual({ id: 'cp-1', role: 'chemical_park', at: { lon: 119, lat: 26 }, names: { zh: '某园区', en: 'Some Park' } });
    expect(shelter).toBeNull();
  });

  it('is a shelter, by its id and as a place', () => {
    const marks = marksOf([hit('shelters', { id: 's', name_zh: '某避灾点' })], ROLES);
    expect(marks.shelter).toBe('s');
    // A name in one language is better than none.
    expect(marks.place?.names).toEqual({ zh: '某避灾点', en: '某避灾点' });
  });

  it('is the topmost of several marks', () => {
    expect(marksOf([hit('shelters', { id: 's', name_zh: 'x' }), park], ROLES).place?.id).toBe('s');
    expect(marksOf([park, hit('shelters', { id: 's', name_zh: 'x' })], ROLES).place?.id).toBe('cp-1');
  });

  it('is no place where a mark stands for several, has no name, or is an area', () => {
    const area = hit('parks', { id: 'a', name_zh: 'x' }, { type: 'Polygon', coordinates: [] });
    for (const other of [hit('parks', { ...park.properties, count: 3 }), hit('parks', { id: 'b' }), area, hit('flood', park.properties)]) {
      expect(marksOf([other], ROLES).place).toBeNull();
    }
  });

  it('is what the app itself draws, closures and teams apart', () => {
    expect(marksOf([drawn('rescue', { part: 'team', id: 't' }), drawn('rescue', { part: 'closed', id: 'c' })], ROLES)).toEqual({ ...NO_MARKS, team: 't', closure: 'c' });
    expect(marksOf([drawn('overlay', { part: 'here', id: '' })], ROLES)).toEqual(NO_MARKS);
    expect(marksOf([drawn('overlay', { part: 'pick', id: 's' })], ROLES).shelter).toBe('s');
  });
});
