/** What an operator asks about closures: what one would catch, closing, opening again. */
import type { Feature } from 'geojson';
import { ask, type Operator } from './operator';
import type { ClosureMade } from './types';

const BASE = '/api/closures';

const posted = async (operator: Operator, path: string, closure: Feature, signal: AbortSignal): Promise<ClosureMade> =>
  (await ask(operator, 'POST', path, signal, closure, 'application/geo+json')).json() as Promise<ClosureMade>;

/** What a closure would catch. */
export function tried(operator: Operator, closure: Feature, signal: AbortSignal): Promise<ClosureMade> {
  return posted(operator, `${BASE}?preview=true`, closure, signal);
}

/** Closes roads. Every route asked for after the answer obeys. */
export function closed(operator: Operator, closure: Feature, signal: AbortSignal): Promise<ClosureMade> {
  return posted(operator, BASE, closure, signal);
}

/** Ends a closure. */
export async function reopened(operator: Operator, id: string, signal: AbortSignal): Promise<void> {
  await ask(operator, 'DELETE', `${BASE}/${encodeURIComponent(id)}`, signal);
}
