/**
 * What the app reads of an import's report. The report is the importer's own and
 * grows with it: every member may be missing, and unknown ones are left alone. Pure.
 */
import type { Names } from '../../api/types';

export const SEVERITIES = ['stop', 'warning', 'note'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Finding {
  readonly severity: Severity;
  readonly code: string;
  readonly message: Names;
}

export interface Assigned {
  readonly meaning: string;
  readonly column: string;
  /** `given`, `proposed`, `numbered` …: who says so. */
  readonly how: string;
}

export interface Refusal {
  readonly row: number;
  readonly field: string | null;
  readonly value: string | null;
  readonly reason: Names;
}

/** How a layer differs from the version before. */
export const CHANGES = ['added', 'changed', 'moved', 'removed', 'unchanged'] as const;
export type Change = (typeof CHANGES)[number];

export interface Report {
  readonly format: string | null;
  readonly layer: string | null;
  readonly counts: Readonly<Record<'read' | 'kept' | 'repaired' | 'refused', number | null>>;
  readonly refusals: readonly Refusal[];
  readonly mapping: readonly Assigned[];
  readonly columns: readonly string[];
  /** Codes of a hazard layer's levels, lowest first. */
  readonly levels: readonly string[];
  readonly bbox: readonly [number, number, number, number] | null;
  readonly stopped: boolean;
  /** The datum that the positions look like, where it is another than the one said. */
  readonly looksLike: string | null;
  /** Heaviest first. */
  readonly findings: readonly Finding[];
  readonly changes: readonly { readonly change: Change; readonly count: number }[];
}

type Members = Readonly<Record<string, unknown>>;

const members = (value: unknown): Members => (typeof value === 'object' && value !== null ? (value as Members) : {});
const list = (value: unknown): Members[] => (Array.isArray(value) ? value.map(members) : []);
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** What is said, in both languages where the server says it in both. */
function said(given: Members, one: string, both: string): Names | null {
  const plain = text(given[one]);
  const { zh, en } = members(given[both]);
  const names = { zh: text(zh) ?? plain, en: text(en) ?? plain };
  return names.zh === null || names.en === null ? null : { zh: names.zh, en: names.en };
}

/** The language to read it out in where it is not the page's: what nobody has translated is English in both. */
export const speech = ({ zh, en }: Names): 'en' | undefined => (zh === en ? 'en' : undefined);

function finding(given: Members): Finding | null {
  const message = said(given, 'message', 'messages');
  if (message === null) return null;
  // What weighs an unknown amount is better looked at.
  const severity = SEVERITIES.find((known) => known === given['severity']) ?? 'warning';
  return { severity, code: text(given['code']) ?? '', message };
}

function box(value: unknown): Report['bbox'] {
  if (!Array.isArray(value) || value.length !== 4) return null;
  const [west, south, east, north] = value.map(number);
  if (west == null || south == null || east == null || north == null) return null;
  return [west, south, east, north];
}

/** Reads a report. */
export function readReport(value: unknown): Report {
  const given = members(value);
  const findings = list(given['findings']).map(finding).filter((found) => found !== null);
  const update = members(given['update']);
  const shift = members(given['shift']);
  return {
    format: text(given['format']),
    layer: text(given['layer']),
    counts: {
      read: number(given['read']),
      kept: number(given['kept']),
      repaired: number(given['repaired']),
      refused: number(given['refused']),
    },
    refusals: list(given['refusals']).map((refusal) => ({
      row: number(refusal['row']) ?? 0,
      field: text(refusal['field']),
      value: text(refusal['value']),
      reason: said(refusal, 'reason', 'reasons') ?? { zh: '', en: '' },
    })),
    mapping: list(given['mapping']).flatMap(({ meaning, column, how }) =>
      typeof meaning === 'string' && typeof column === 'string' ? [{ meaning, column, how: text(how) ?? '' }] : [],
    ),
    columns: list(given['columns']).flatMap((column) => text(column['name']) ?? []),
    levels: list(members(given['hazard'])['levels']).flatMap((level) => text(level['code']) ?? []),
    bbox: box(given['bbox']),
    stopped: given['stopped'] === true,
    looksLike: shift['verdict'] === 'shifted' ? text(shift['hypothesis']) : null,
    findings: findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)),
    changes: CHANGES.flatMap((change) => {
      const count = number(update[change]);
      return count === null ? [] : [{ change, count }];
    }),
  };
}
