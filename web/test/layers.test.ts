import { describe, expect, it } from 'vitest';
import type { Layer } from '@/api/types';
import { grouped, groupOf, hazardKinds, shown, switched } from '@/state/layers';

const layer = (id: string, role: Layer['role'], hazard_kind: Layer['hazard_kind'] = null): Layer => ({
  id,
  role,
  hazard_kind,
  names: { zh: id, en: id },
  count: 1,
  geometry: 'polygon',
  bbox: [0, 0, 1, 1],
  levels: [],
  source: 's',
  licence: 'l',
  vintage: '2026',
  synthetic: false,
  version: '1',
  zoom: { min: 0, max: 14 },
  tiles: '',
});

const PACK = [
  layer('land', 'reference'),
  layer('flood', 'hazard_zone', 'flood'),
  layer('flood_deep', 'hazard_zone', 'flood'),
  layer('landslide', 'hazard_zone', 'landslide'),
  layer('shelters', 'shelter'),
  layer('teams', 'rescue_team'),
  layer('parks', 'chemical_park'),
];
const place = { hazard: null as string | null, on: [] as string[], off: [] as string[] };

describe('layers', () => {
  it('are grouped as the panel shows them, empty groups left out', () => {
    expect(grouped(PACK).map(({ group, layers }) => [group, layers.map(({ id }) => id)])).toEqual([
      ['hazards', ['flood', 'flood_deep', 'landslide']],
      ['shelters', ['shelters', 'teams']],
      ['facilities', ['parks']],
      ['base', ['land']],
    ]);
    expect(groupOf(layer('x', 'a role of the future' as Layer['role']))).toBe('base');
  });

  it('name each hazard kind once', () => expect(hazardKinds(PACK)).toEqual(['flood', 'landslide']));

  it('show one hazard: the first, or all of the chosen kind', () => {
    expect([...shown(PACK, place)]).toEqual(['land', 'shelters', 'teams', 'parks', 'flood']);
    expect([...shown(PACK, { ...place, hazard: 'flood' })]).toContain('flood_deep');
    expect([...shown(PACK, { ...place, hazard: 'landslide' })]).not.toContain('flood');
  });

  it('obey the switches and ignore ids of another pack', () => {
    const ids = shown(PACK, { hazard: null, on: ['landslide', 'nothing'], off: ['flood'] });
    expect(ids.has('landslide')).toBe(true);
    expect(ids.has('flood')).toBe(false);
    expect(ids.has('nothing')).toBe(false);
  });

  it('leave no trace when a switch returns to where it was', () => {
    for (const { id } of PACK) {
      const before = shown(PACK, place).has(id);
      const moved = { ...place, ...switched(PACK, place, id, !before) };
      expect(shown(PACK, moved).has(id), id).toBe(!before);
      expect(switched(PACK, moved, id, before)).toEqual({ on: [], off: [] });
    }
  });
});
