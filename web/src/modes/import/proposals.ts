/** What a file's name says about what is in it: a beginning that an operator corrects. Pure. */
import type { HazardKind, Role } from '../../api/types';

/** What is proposed. */
export interface Proposal {
  readonly layer: string;
  readonly role: Role;
  readonly kind: HazardKind;
  readonly name: string;
}

/** Words in names of hazard files; the more special ones first, for 山洪 is not 洪. */
const KINDS: readonly (readonly [HazardKind, RegExp])[] = [
  ['flash_flood', /flash.?flood|山洪/i],
  ['debris_flow', /debris|mud.?flow|泥石流|土石流/i],
  ['landslide', /land.?slide|滑坡|地质灾害|地質|土砂|山崩|坡地/i],
  ['storm_surge', /surge|风暴潮|風暴潮|暴潮|高潮/i],
  ['tsunami', /tsunami|海啸|海嘯|津波/i],
  ['waterlogging', /water.?log|pluvial|内涝|內澇|淹水|积水|積水|内水/i],
  ['typhoon', /typhoon|wind|cyclone|hurricane|台风|颱風/i],
  ['wildfire', /wild.?fire|forest.?fire|bush.?fire|森林火|林火/i],
  ['earthquake', /earth.?quake|seismic|地震|断层|断裂|活断層/i],
  ['chemical', /chemical|危化|危险化学|毒性/i],
  ['flood', /flood|inundation|洪|浸水|氾濫/i],
];

const ROLES: readonly (readonly [Role, RegExp])[] = [
  ['rescue_team', /rescue|救援|消防/i],
  ['chemical_park', /chemical.?park|化工园|园区/i],
  ['shelter', /shelter|refuge|evacuation|避灾|避難|避难|避险|安置|收容/i],
  ['admin_area', /admin|boundar|district|county|township|行政|边界|縣市|区划|行政区域/i],
  ['settlement', /settlement|village|town|place|居民|村|聚落|地名/i],
  ['road', /road|street|highway|道路|公路/i],
  ['facility', /facilit|school|hospital|学校|医院|設施|设施|施設/i],
];

/** `zones 2026.geojson.gz` is `zones 2026`. */
function stem(filename: string): string {
  return filename.replace(/(\.[a-z0-9]{1,12}){1,2}$/i, '') || filename;
}

/** A layer id made from letters and digits, or null where there are none. */
function slug(text: string): string | null {
  const id = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 64);
  return /[a-z]/.test(id) ? id : null;
}

/** The text, or with a number after it where it is taken. */
function free(id: string, taken: readonly string[]): string {
  if (!taken.includes(id)) return id;
  for (let number = 2; ; number += 1) if (!taken.includes(`${id}_${number}`)) return `${id}_${number}`;
}

/** Proposes. A name that is a layer's id already means that layer; any other id is a new one. */
export function propose(filename: string, layers: readonly { id: string; role: Role; hazard_kind?: HazardKind | null }[]): Proposal {
  const name = stem(filename).trim();
  const id = slug(name);
  const same = layers.find((layer) => layer.id === id);
  if (same !== undefined) return { layer: same.id, role: same.role, kind: same.hazard_kind ?? 'flood', name };
  const role = ROLES.find(([, words]) => words.test(name))?.[0];
  const kind = KINDS.find(([, words]) => words.test(name))?.[0];
  const proposed: Role = role ?? (kind === undefined ? 'shelter' : 'hazard_zone');
  const fallback = proposed === 'hazard_zone' ? (kind ?? 'zones') : proposed;
  const taken = layers.map((layer) => layer.id);
  return { layer: free(id ?? fallback, taken), role: proposed, kind: kind ?? 'flood', name };
}
