import { describe, expect, it } from 'vitest';
import { choices, chosen, label } from '@/modes/import/choices';
import { emptyForm, isId, options } from '@/modes/import/form';
import { changed, meanings, rows } from '@/modes/import/mapping';
import { propose } from '@/modes/import/proposals';
import { readReport } from '@/modes/import/report';
import { bytes } from '@/i18n/format';
import app from '@messages/app.json';
import words from '@messages/words.json';

describe('what a file’s name says', () => {
  const layers = [
    { id: 'flood', role: 'hazard_zone', hazard_kind: 'flood' },
    { id: 'shelter', role: 'shelter' },
  ] as const;

  it.each([
    ['flood.geojson', 'flood', 'hazard_zone', 'flood'],
    ['flood.geojson.gz', 'flood', 'hazard_zone', 'flood'],
    ['Landslide zones 2026.geojson', 'landslide_zones_2026', 'hazard_zone', 'landslide'],
    ['山洪灾害危险区.csv', 'flash_flood', 'hazard_zone', 'flash_flood'],
    ['洪水风险图.zip', 'flood_2', 'hazard_zone', 'flood'],
    ['避灾点2026.xlsx', 'shelter_2', 'shelter', 'flood'],
    ['避難所.csv', 'shelter_2', 'shelter', 'flood'],
    ['化工园区.shp', 'chemical_park', 'chemical_park', 'flood'],
    ['rescue teams.csv', 'rescue_teams', 'rescue_team', 'flood'],
    ['行政区划.geojson', 'admin_area', 'admin_area', 'flood'],
    ['data.csv', 'data', 'shelter', 'flood'],
    ['2026.csv', 'shelter_2', 'shelter', 'flood'],
    ['.csv', 'csv', 'shelter', 'flood'],
  ])('%s', (filename, layer, role, kind) => {
    const proposal = propose(filename, layers);
    expect([proposal.layer, proposal.role, proposal.kind]).toEqual([layer, role, kind]);
    expect(isId(proposal.layer)).toBe(true);
  });

  it('never proposes the id of another layer than the one named', () => {
    const taken = ['shelter', 'shelter_2', 'shelter_3'].map((id) => ({ id, role: 'shelter' as const }));
    expect(propose('避灾.csv', taken).layer).toBe('shelter_4');
  });
});

describe('what a problem offers', () => {
  it('is chosen by its options, a datum that is not in the list as another one', () => {
    const form = { ...emptyForm(), map: { name: '名称', lon: 'X', lat: 'Y' }, otherDatum: 'epsg:1' };
    expect(chosen(form, { datum: 'gcj02' })).toMatchObject({ datum: 'gcj02', otherDatum: '', map: form.map });
    const turned = chosen(form, { datum: 'epsg:4549', map: { lon: 'Y', lat: 'X' } });
    expect(options(turned)).toMatchObject({ datum: 'epsg:4549', map: { name: '名称', lon: 'Y', lat: 'X' } });
    expect(chosen(form, { encoding: 'big5', sample: '避難所' })).toMatchObject({ encoding: 'big5', datum: '' });
  });

  it('is labelled by what people know, and by the code where there is one', () => {
    const names = { zh: '高德', en: 'Amap' };
    expect(label({ datum: 'gcj02', names }, 'zh')).toBe('高德');
    expect(label({ datum: 'epsg:4549', names: { zh: 'CGCS2000', en: 'CGCS2000' } }, 'en')).toBe('CGCS2000 (EPSG:4549)');
    expect(label({ encoding: 'gb18030', sample: '避灾点' }, 'en')).toBe('GB18030');
    expect(choices(null)).toEqual([]);
    expect(choices({ choices: [{ datum: 'wgs84' }] })).toHaveLength(1);
  });
});

describe('the form', () => {
  it('is sent without what is blank', () => {
    expect(options({ ...emptyForm(), layer: ' a ', nameZh: '甲' })).toEqual({
      layer: 'a',
      role: 'shelter',
      names: { zh: '甲', en: '' },
      map: {},
      synthetic: false,
      replace: false,
    });
  });

  it('is sent with its hazard only where it is one, levels split at any comma', () => {
    const hazard = { levelFrom: '等级', levels: '低，中、高, 极高,', unsafeFrom: '高', kind: 'landslide' } as const;
    expect(options({ ...emptyForm(), ...hazard }).hazard).toBeUndefined();
    expect(options({ ...emptyForm(), ...hazard, role: 'hazard_zone' }).hazard).toEqual({
      kind: 'landslide',
      level_from: '等级',
      levels: ['低', '中', '高', '极高'],
      unsafe_from: '高',
    });
  });

  it('takes a datum that is not offered', () => {
    expect(options({ ...emptyForm(), datum: 'gcj02', otherDatum: 'epsg:3826' }).datum).toBe('gcj02');
    expect(options({ ...emptyForm(), datum: 'other', otherDatum: ' epsg:3826 ' }).datum).toBe('epsg:3826');
  });
});

describe('the table of columns', () => {
  const mapping = [
    { meaning: 'lon', column: 'x', how: 'proposed' },
    { meaning: 'name', column: '名称', how: 'proposed' },
    { meaning: 'capacity', column: '人数', how: 'given' },
    { meaning: 'id', column: 'row', how: 'numbered' },
  ];
  const columns = ['名称', '人数', '备注', 'row'];
  const shown = (changes = {}): string[] =>
    rows(mapping, columns, changes).map(({ column, meaning, how }) => `${column}=${meaning ?? ''}/${how}`);

  it('has meanings first, then the other columns, and none that the importer made', () => {
    expect(shown()).toEqual(['x=lon/proposed', '名称=name/proposed', '人数=capacity/given', '备注=/']);
  });

  it('follows a change: the old meaning is taken back, the new one given', () => {
    const [, name] = rows(mapping, columns, {});
    const changes = changed({ capacity: '人数' }, name!, 'address');
    expect(changes).toEqual({ capacity: '人数', name: '', address: '名称' });
    expect(shown(changes)).toEqual(['x=lon/proposed', '人数=capacity/given', '名称=address/given', '备注=/']);
    const cleared = changed({}, name!, null);
    expect(cleared).toEqual({ name: '' });
    expect(shown(cleared)).toEqual(['x=lon/proposed', '人数=capacity/given', '名称=/', '备注=/']);
  });

  it('moves a meaning from one column to another', () => {
    const rest = rows(mapping, columns, {}).find(({ column }) => column === '备注');
    const changes = changed({}, rest!, 'name');
    expect(changes).toEqual({ name: '备注' });
    expect(shown(changes)).toEqual(['x=lon/proposed', '人数=capacity/given', '备注=name/given', '名称=/']);
  });

  it('offers what a role can have, each in words', () => {
    expect(meanings('shelter')).toContain('suits.flood');
    expect(meanings('road')).not.toContain('suits.flood');
    const known: Record<string, unknown> = { ...app, ...words };
    for (const role of ['shelter', 'rescue_team', 'chemical_park', 'facility', 'settlement', 'admin_area', 'road'] as const) {
      for (const meaning of meanings(role)) {
        const [family, code] = meaning.split('.');
        const key = family === 'suits' ? `kind.${code}` : family === 'facilities' ? `facility.${code}` : `meaning.${meaning}`;
        expect(known[key], key).toBeDefined();
      }
    }
  });
});

describe('the report', () => {
  it('is read heaviest finding first, with what it does not know left alone', () => {
    const report = readReport({
      read: 5,
      kept: 4,
      novelty: { a: [1] },
      bbox: [1, 2, 3, 4],
      findings: [
        { severity: 'note', code: 'a', message: 'A', messages: { zh: '甲', en: 'A' } },
        { severity: 'stop', code: 'b', message: 'B', more: 1 },
        { severity: 'grave', code: 'c', message: 'C' },
        { severity: 'stop' },
      ],
      refusals: [{ row: 3, field: 'lon', value: null, reason: 'no number' }, 7],
      columns: [{ name: 'x', kind: 'text' }, {}],
      hazard: { kind: 'flood', levels: [{ code: '低' }, { code: '高' }] },
      update: { added: 2, removed: 1, before: 9 },
      shift: { verdict: 'shifted', hypothesis: 'gcj02' },
    });
    expect(report.findings.map(({ severity, code }) => `${severity} ${code}`)).toEqual(['stop b', 'warning c', 'note a']);
    expect(report.looksLike).toBe('gcj02');
    expect(report.counts).toEqual({ read: 5, kept: 4, repaired: null, refused: null });
    expect(report.refusals[0]).toEqual({ row: 3, field: 'lon', value: null, reason: { zh: 'no number', en: 'no number' } });
    expect(report.findings.find(({ code }) => code === 'a')?.message).toEqual({ zh: '甲', en: 'A' });
    expect([report.columns, report.levels, report.bbox]).toEqual([['x'], ['低', '高'], [1, 2, 3, 4]]);
    expect(report.changes).toEqual([{ change: 'added', count: 2 }, { change: 'removed', count: 1 }]);
  });

  it.each([null, undefined, 7, 'x', [], { findings: 'x', mapping: {}, bbox: [1, 2], refusals: null, columns: [null] }])(
    'of %j breaks nothing',
    (value) => {
      const report = readReport(value);
      expect([report.findings, report.mapping, report.bbox, report.columns]).toEqual([[], [], null, []]);
    },
  );
});

it('shows sizes as file managers do', () => {
  expect([512, 1536, 20 * 1024, 5 << 20, 1 << 30].map((value) => bytes('en', value))).toEqual(['0.5 KB', '1.5 KB', '20 KB', '5 MB', '1 GB']);
});
