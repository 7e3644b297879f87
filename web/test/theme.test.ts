import { describe, expect, it } from 'vitest';
import { contrast, cssVariables, inkOn, SCHEME_NAMES, THEMES } from '@/theme';

describe.each(SCHEME_NAMES)('the %s theme', (name) => {
  const theme = THEMES[name];
  const tones = [theme.good, theme.wait, theme.bad, theme.calm];

  it('keeps text at 4.5:1', () => {
    const pairs: [string, string][] = [
      ...[theme.page, theme.surface, theme.sunken, theme.accentSoft].map((ground): [string, string] => [theme.ink, ground]),
      ...[theme.page, theme.surface, theme.sunken].map((ground): [string, string] => [theme.inkSoft, ground]),
      [theme.onAccent, theme.accent],
      [theme.onAccent, theme.accentHover],
      [theme.map.label, theme.map.answer],
      [theme.map.label, theme.map.other],
      [theme.map.halo, theme.map.route],
      [theme.map.onDanger, theme.map.danger],
      [theme.surface, theme.calm.ink],
      ...tones.flatMap(({ ink, ground }): [string, string][] => [
        [ink, ground],
        [ink, theme.surface],
        [theme.ink, ground],
      ]),
    ];
    for (const [ink, ground] of pairs) expect(contrast(ink, ground), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  });

  it('keeps marks and edges at 3:1', () => {
    for (const mark of [theme.edge, theme.accent, theme.focus, ...tones.map((tone) => tone.mark)]) {
      expect(contrast(mark, theme.surface), mark).toBeGreaterThanOrEqual(3);
    }
  });

  it('keeps the classes of minutes at 3:1 against the ground, each farther from it than the one before', () => {
    const land = { light: '#f8f7f3', dark: '#252d2f' }[name];
    const far = theme.minutes.map((colour) => contrast(colour, land));
    expect(far).toHaveLength(6);
    for (const [i, ratio] of far.entries()) expect(ratio, theme.minutes[i]).toBeGreaterThanOrEqual(i === 0 ? 3 : 1.2 * (far[i - 1] ?? 0));
  });

  it('becomes custom properties', () => {
    const variables = cssVariables(theme);
    expect(variables['--ink-soft']).toBe(theme.inkSoft);
    expect(variables['--good-ground']).toBe(theme.good.ground);
    expect(variables['--map-here']).toBe(theme.map.here);
  });
});

it('chooses the ink that reads better on a colour of the data', () => {
  expect(inkOn('#1d4f9c')).toBe('#ffffff');
  expect(inkOn('#cfe3f7')).toBe('#000000');
  for (const colour of ['#6b3d14', '#b0783f', '#3f9f9d', '#dd7443', '#9b70cb']) {
    expect(contrast(inkOn(colour), colour)).toBeGreaterThanOrEqual(4.5);
  }
});
