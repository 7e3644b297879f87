import { describe, expect, it } from 'vitest';
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { Footprint, Nearest, Shelter } from '@/api/types';
import { EMPTY, features, overlay } from '@/map/overlay';
import { compose, opacities, scaled } from '@/map/style';
import { ordered } from '@/map/zorder';
import { THEMES } from '@/theme';

const styled = (id: string, group: string, extra: object = {}): LayerSpecification =>
  ({ id, type: 'fill', source: 's', metadata: { 'refugia:layer': id.split(':')[0], 'refugia:group': group }, ...extra }) as LayerSpecification;
const SERVER = [
  styled('land:fill', 'base'),
  styled('flood:fill', 'hazards', { paint: { 'fill-opacity': 0.5 } }),
  styled('shelters:symbol', 'shelters', { type: 'symbol' }),
];
const own = overlay(THEMES.light, EMPTY);
const ids = (layers: readonly { id: string }[]): string[] => layers.map(({ id }) => id);

describe('drawing order', () => {
  it('puts the link below the shelters and the marks above, whatever order they come in', () => {
    const drawn = ids(ordered(SERVER, [...own.layers].reverse()));
    expect(drawn.indexOf('overlay:link')).toBe(drawn.indexOf('shelters:symbol') - 2);
    expect(drawn.at(-1)).toBe('overlay:here');
    expect(drawn.filter((id) => id.startsWith('overlay:'))).toEqual(ids(own.layers));
  });

  it('puts everything on top where a style has no shelters', () => {
    expect(ids(ordered(SERVER.slice(0, 2), own.layers)).slice(0, 2)).toEqual(['land:fill', 'flood:fill']);
  });

  it('throws on strangers of either side', () => {
    expect(() => ordered(SERVER, [styled('overlay:comet', 'x')])).toThrow('overlay:comet');
    expect(() => ordered(SERVER, [styled('shelters', 'x')])).toThrow('shelters');
    expect(() => ordered([styled('odd:fill', 'odd')], [])).toThrow('odd:fill');
    expect(() => ordered([{ id: 'bare', type: 'background' }], [])).toThrow('bare');
  });
});

describe('opacity', () => {
  it('scales numbers, plain expressions and the outputs of zoom curves', () => {
    expect(scaled(0.8, 0.5)).toBeCloseTo(0.4);
    expect(scaled(undefined, 0.5)).toBe(0.5);
    expect(scaled(['get', 'x'], 0.5)).toEqual(['*', 0.5, ['get', 'x']]);
    expect(scaled(['interpolate', ['linear'], ['zoom'], 6, 0.6, 12, ['get', 'x']], 0.5)).toEqual([
      'interpolate', ['linear'], ['zoom'], 6, 0.3, 12, ['*', 0.5, ['get', 'x']],
    ]);
    expect(scaled(['step', ['zoom'], 1, 8, 0.5], 0.5)).toEqual(['step', ['zoom'], 0.5, 8, 0.25]);
  });

  it('returns to the style where the slider stands at the end', () => {
    expect(opacities(SERVER[1] as LayerSpecification, undefined)).toEqual({ 'fill-opacity': 0.5 });
    expect(opacities(SERVER[1] as LayerSpecification, 40)).toEqual({ 'fill-opacity': 0.2 });
  });
});

describe('the composed style', () => {
  const server = {
    version: 8,
    sprite: '/styles/sprite',
    sources: { base: { type: 'vector', tiles: ['/tiles/land/{z}/{x}/{y}.mvt'] }, flood: { type: 'vector', url: '/tiles/flood.json' } },
    layers: [{ id: 'background', type: 'background', metadata: { 'refugia:layer': 'background', 'refugia:group': 'base' } }, ...SERVER],
  } as StyleSpecification;
  const style = compose(server, own, { visible: new Set(['land', 'shelters']), fade: { land: 50 } }, 'https://x.org');

  it('asks one origin only and keeps the braces of tile addresses', () => {
    expect(style.sprite).toBe('https://x.org/styles/sprite');
    expect(style.sources['base']).toMatchObject({ tiles: ['https://x.org/tiles/land/{z}/{x}/{y}.mvt'] });
    expect(style.sources['flood']?.type).toBe('vector');
  });

  it('asks for MapLibre Tiles where the server describes the tiles', () => {
    expect(style.sources['flood']).toMatchObject({ url: 'https://x.org/tiles/flood.json?encoding=mlt' });
  });

  it('shows what is switched on, the ground and the app’s own marks', () => {
    const hidden = style.layers.filter((layer) => layer.layout?.visibility === 'none');
    expect(ids(hidden)).toEqual(['flood:fill']);
    expect(style.layers.find(({ id }) => id === 'land:fill')?.paint).toEqual({ 'fill-opacity': 0.5 });
  });
});

describe('the scene', () => {
  const shelter = (id: string, lon: number): Shelter =>
    ({ type: 'Feature', geometry: { type: 'Point', coordinates: [lon, 1] }, properties: { id } }) as Shelter;
  const answer = {
    features: [shelter('a', 179.9), shelter('b', 10)],
    unverified: [shelter('u', 11)],
    refused: [{ id: 'r', lon: 12, lat: 1 }],
  } as unknown as Nearest;

  it('marks the pick, numbers the candidates and links across the antimeridian the short way', () => {
    const [pick] = answer.features;
    const drawn = features({ at: { lon: -179.9, lat: 1 }, answer, pick: pick ?? null, footprint: null }).features;
    const byPart = Object.fromEntries(drawn.map((feature) => [feature.properties?.['part'], feature]));
    expect(drawn.map((feature) => feature.properties?.['part'])).toEqual(['refused', 'unverified', 'pick', 'candidate', 'link', 'here']);
    expect(byPart['candidate']?.properties?.['number']).toBe('2');
    expect(byPart['link']?.geometry).toMatchObject({ coordinates: [[-179.9, 1], [expect.closeTo(-180.1), 1]] });
  });

  it('has the outline of a shelter that is an area below everything, and it is nothing to tap on', () => {
    const footprint = { type: 'Polygon', coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] } as unknown as Footprint;
    const [first] = features({ at: null, answer: null, pick: shelter('a', 1), footprint }).features;
    expect(first).toEqual({ type: 'Feature', geometry: footprint, properties: { part: 'footprint' } });
    const drawn = ids(ordered(SERVER, own.layers));
    expect(drawn.indexOf('overlay:footprint-line')).toBeLessThan(drawn.indexOf('shelters:symbol'));
  });

  it('is empty without a question', () => expect(features({ at: null, answer: null, pick: null, footprint: null })).toEqual(EMPTY));
});
