/** Which column means what: what the importer found, and what the operator changes about it. Pure. */
import type { HazardKind, Role } from '../../api/types';
import type { Assigned } from './report';

/** Meaning to column; an empty column takes a proposal back. As the server takes it. */
export type Changes = Readonly<Record<string, string>>;

const ANY = ['name', 'name.zh', 'name.en', 'id', 'lon', 'lat', 'address', 'admin_code', 'population', 'as_of', 'source', 'synthetic'];
const FACILITIES = ['step_free', 'toilets', 'beds', 'power', 'water', 'medical', 'pets', 'kitchen'];

/** The hazard kinds, in the order of the model. */
export const KINDS = [
  'flood',
  'waterlogging',
  'flash_flood',
  'landslide',
  'debris_flow',
  'typhoon',
  'storm_surge',
  'tsunami',
  'earthquake',
  'wildfire',
  'chemical',
] as const satisfies readonly HazardKind[];

/** What a role's features can have beyond what all can. The server has the last word. */
const OF_ROLE: Partial<Record<Role, readonly string[]>> = {
  shelter: [
    'phone',
    'capacity',
    'effective_area',
    'elevation',
    'grade',
    'space',
    'function',
    'duration',
    'legal_kind',
    'status',
    'status_as_of',
    'keeper_role',
    'precision_m',
    ...KINDS.map((kind) => `suits.${kind}`),
    ...FACILITIES.map((facility) => `facilities.${facility}`),
  ],
  rescue_team: ['phone', 'specialty', 'serves', 'precision_m'],
  chemical_park: ['phone', 'precision_m'],
  facility: ['phone', 'precision_m'],
  settlement: ['rank', 'precision_m'],
  hazard_zone: ['depth_m'],
  admin_area: ['level'],
};

/** Every meaning that columns of a role's features can have. */
export function meanings(role: Role): string[] {
  return [...ANY, ...(OF_ROLE[role] ?? [])];
}

/** A row of the table: a column and one of its meanings, or none. */
export interface Row {
  readonly column: string;
  readonly meaning: string | null;
  /** Who says so; `given` for what was just changed. */
  readonly how: string;
}

/** How the importer came to a column that stands in no file. */
const MADE = ['numbered', 'derived'];

/**
 * The table: columns with a meaning first, in the importer's order, then the others.
 * `asked` are the changes the report was made with; those made since are in `changes`.
 */
export function rows(mapping: readonly Assigned[], columns: readonly string[], changes: Changes): Row[] {
  const made = new Set(mapping.filter(({ how }) => MADE.includes(how)).map(({ column }) => column));
  const kept = mapping
    .filter(({ meaning, column, how }) => !MADE.includes(how) && (changes[meaning] ?? column) === column)
    .map(({ meaning, column, how }): Row => ({ column, meaning, how: changes[meaning] === undefined ? how : 'given' }));
  const added = Object.entries(changes)
    .filter(([meaning, column]) => column !== '' && !kept.some((row) => row.meaning === meaning))
    .map(([meaning, column]): Row => ({ column, meaning, how: 'given' }));
  const meant = [...kept, ...added];
  const all = [...new Set([...mapping.map(({ column }) => column), ...columns])].filter((column) => !made.has(column));
  const rest = all.filter((column) => !meant.some((row) => row.column === column));
  return [...meant, ...rest.map((column): Row => ({ column, meaning: null, how: '' }))];
}

/** The changes after a row was given another meaning; null for none. */
export function changed(changes: Changes, row: Row, meaning: string | null): Changes {
  const next: Record<string, string> = { ...changes };
  if (row.meaning !== null) next[row.meaning] = '';
  if (meaning !== null) next[meaning] = row.column;
  return next;
}
