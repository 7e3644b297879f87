/** How operators ask: every question carries the operator's token. */
import { problemFrom } from './problem';
import type { Lang } from './types';

/** Who asks, and in which language problems are to be told. */
export interface Operator {
  readonly token: string;
  readonly lang: Lang;
}

export function headers({ token, lang }: Operator): Record<string, string> {
  // A token that no header can carry is wrong; the server says so.
  const carried = /^[\x21-\x7e]*$/.test(token) ? token : '';
  return { 'Accept-Language': lang, ...(carried === '' ? {} : { Authorization: `Bearer ${carried}` }) };
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Asks without a time limit: an import takes as long as its file is large. */
export async function ask(
  operator: Operator,
  method: string,
  path: string,
  signal: AbortSignal,
  body?: unknown,
  type = 'application/json',
): Promise<Response> {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const named = body === undefined ? {} : { 'Content-Type': type };
  const reply = await fetch(path, { method, headers: { ...headers(operator), ...named }, cache: 'no-store', signal, ...content });
  if (!reply.ok) throw problemFrom(reply.status, parsed(await reply.text()));
  return reply;
}
