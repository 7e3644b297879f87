/** What an operator says about a file, as the fields hold it, and as the server takes it. Pure. */
import type { HazardKind, ImportOptions, Role } from '../../api/types';
import type { Changes } from './mapping';

export const ROLES = [
  'shelter',
  'hazard_zone',
  'chemical_park',
  'rescue_team',
  'admin_area',
  'settlement',
  'road',
  'facility',
  'reference',
] as const satisfies readonly Role[];

/** Datums offered; any other word can be typed, the server knows more. */
export const DATUMS = ['', 'wgs84', 'cgcs2000', 'gcj02', 'bd09'] as const;
export const OTHER_DATUM = 'other';
export const ENCODINGS = ['', 'utf-8', 'gb18030', 'big5', 'shift_jis', 'utf-16le'] as const;

export interface Form {
  layer: string;
  role: Role;
  nameZh: string;
  nameEn: string;
  kind: HazardKind;
  levelFrom: string;
  /** Lowest first, separated by commas. */
  levels: string;
  unsafeFrom: string;
  datum: string;
  /** The word for a datum that is not offered. */
  otherDatum: string;
  encoding: string;
  table: string;
  source: string;
  licence: string;
  vintage: string;
  synthetic: boolean;
  replace: boolean;
  map: Changes;
}

export function emptyForm(): Form {
  return {
    layer: '',
    role: 'shelter',
    nameZh: '',
    nameEn: '',
    kind: 'flood',
    levelFrom: '',
    levels: '',
    unsafeFrom: '',
    datum: '',
    otherDatum: '',
    encoding: '',
    table: '',
    source: '',
    licence: '',
    vintage: '',
    synthetic: false,
    replace: false,
    map: {},
  };
}

const filled = (entries: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(entries).map(([key, text]) => [key, text.trim()] as const).filter(([, text]) => text !== ''));

/** The form as the server takes it; what is blank is left out. */
export function options(form: Form): ImportOptions {
  const datum = form.datum === OTHER_DATUM ? form.otherDatum : form.datum;
  const { encoding, table, source, licence, vintage, synthetic, replace, map } = form;
  const hazard = {
    kind: form.kind,
    ...filled({ level_from: form.levelFrom, unsafe_from: form.unsafeFrom }),
    levels: form.levels.split(/[,，、]/).map((level) => level.trim()).filter((level) => level !== ''),
  };
  return {
    layer: form.layer.trim(),
    role: form.role,
    names: { zh: form.nameZh, en: form.nameEn },
    ...(form.role === 'hazard_zone' ? { hazard } : {}),
    ...filled({ datum, encoding, table, source, licence, vintage }),
    map,
    synthetic,
    replace,
  };
}

/** Whether the server takes a text as a layer's id. */
export const isId = (text: string): boolean => /^[a-z0-9][a-z0-9_-]{0,63}$/.test(text);
