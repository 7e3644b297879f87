/**
 * Colours as data. Every pair that carries text keeps a contrast of 4.5:1 and
 * every mark 3:1 against its ground; `test/theme.test.ts` recomputes them.
 */

export const SCHEME_NAMES = ['light', 'dark'] as const;
export type SchemeName = (typeof SCHEME_NAMES)[number];

/** Ground and ink of one kind of statement. */
interface Tone {
  /** Pale ground. */
  ground: string;
  /** Text on that ground and on `surface`. */
  ink: string;
  /** Solid mark: dots, bars, borders. */
  mark: string;
}

export interface Theme {
  /** Behind everything, the map's own land while it loads. */
  page: string;
  /** Cards, panels, controls. */
  surface: string;
  /** Wells and rows inside a surface. */
  sunken: string;
  ink: string;
  inkSoft: string;
  line: string;
  /** Edges of things one can operate. */
  edge: string;
  /** The one thing to press. */
  accent: string;
  onAccent: string;
  accentHover: string;
  accentSoft: string;
  focus: string;
  shadow: string;
  good: Tone;
  wait: Tone;
  bad: Tone;
  calm: Tone;
  /** Minutes by class, the shortest first: ever farther from the map's ground in lightness, so that the order is seen without hues. */
  minutes: readonly string[];
  /** Marks that the app itself draws over the map. */
  map: { here: string; halo: string; answer: string; other: string; link: string; label: string; preview: string; route: string; danger: string; onDanger: string };
}

const light: Theme = {
  page: '#eef1ef',
  surface: '#ffffff',
  sunken: '#f3f6f4',
  ink: '#16211c',
  inkSoft: '#51605a',
  line: '#dfe5e2',
  edge: '#83918b',
  accent: '#1b7f4b',
  onAccent: '#ffffff',
  accentHover: '#15683d',
  accentSoft: '#e4f3ea',
  focus: '#0b5cad',
  shadow: '0 2px 12px rgb(16 32 24 / 16%)',
  good: { ground: '#e0f2e7', ink: '#12633a', mark: '#1b7f4b' },
  wait: { ground: '#fdf0d5', ink: '#7a4a00', mark: '#b26a00' },
  bad: { ground: '#fde7e4', ink: '#9c2218', mark: '#c62828' },
  calm: { ground: '#edf1ef', ink: '#46544e', mark: '#6b7a73' },
  minutes: ['#18908a', '#007890', '#005f9e', '#313498', '#43096b', '#33002c'],
  map: {
    here: '#0b5cad',
    halo: '#ffffff',
    answer: '#12633a',
    other: '#46544e',
    link: '#12633a',
    label: '#ffffff',
    preview: '#b0108f',
    route: '#4a2fbd',
    danger: '#c62828',
    onDanger: '#ffffff',
  },
};

const dark: Theme = {
  page: '#161c1a',
  surface: '#1f2624',
  sunken: '#283130',
  ink: '#edf3f0',
  inkSoft: '#aebab5',
  line: '#35403d',
  edge: '#7d8a85',
  accent: '#57c98b',
  onAccent: '#06210f',
  accentHover: '#76d8a2',
  accentSoft: '#1f3a2c',
  focus: '#7fc0ff',
  shadow: '0 2px 14px rgb(0 0 0 / 55%)',
  good: { ground: '#1d3b2b', ink: '#8fe0b3', mark: '#57c98b' },
  wait: { ground: '#40310f', ink: '#ffd48a', mark: '#e5a33a' },
  bad: { ground: '#47201c', ink: '#ffb4a9', mark: '#f0776a' },
  calm: { ground: '#2c3634', ink: '#c2cec9', mark: '#8c9a94' },
  minutes: ['#5577ca', '#3893c2', '#26afb6', '#4fcc92', '#b3dc5e', '#faec6a'],
  map: {
    here: '#7fc0ff',
    halo: '#10201a',
    answer: '#8fe0b3',
    other: '#c2cec9',
    link: '#8fe0b3',
    label: '#06210f',
    preview: '#ff8fe4',
    route: '#b9a8ff',
    danger: '#ff7a6b',
    onDanger: '#2b0703',
  },
};

export const THEMES: Readonly<Record<SchemeName, Theme>> = { light, dark };

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** A theme as CSS custom properties: `--ink-soft`, `--good-ground`, `--minutes-0`. */
export function cssVariables(theme: Theme): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(theme)) {
    if (typeof value === 'string') variables[`--${kebab(name)}`] = value;
    else for (const [part, colour] of Object.entries(value)) variables[`--${kebab(name)}-${kebab(part)}`] = String(colour);
  }
  return variables;
}

/** Puts a scheme on the page. */
export function applyTheme(root: HTMLElement, scheme: SchemeName): void {
  root.style.colorScheme = scheme;
  root.dataset['scheme'] = scheme;
  for (const [name, value] of Object.entries(cssVariables(THEMES[scheme]))) root.style.setProperty(name, value);
}

function luminance(hex: string): number {
  const channel = (at: number): number => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

/** WCAG 2.2 contrast ratio of two `#rrggbb` colours. */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Black or white, whichever reads better on a colour that data brought. */
export function inkOn(hex: string): string {
  if (!/^#[0-9a-f]{6}$/i.test(hex)) return '#000000';
  return contrast(hex, '#ffffff') >= contrast(hex, '#000000') ? '#ffffff' : '#000000';
}
