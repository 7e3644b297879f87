/** What an operator asks the server: uploads, previews, imports. Every question carries the operator's token. */
import { ApiProblem, problemFrom, problemFromThrown } from './problem';
import type { ImportDone, ImportOptions, ImportPreview, Lang, Upload, Uploads } from './types';

/** Who asks, and in which language problems are to be told. */
export interface Operator {
  readonly token: string;
  readonly lang: Lang;
}

const BASE = '/api/imports';

function headers({ token, lang }: Operator): Record<string, string> {
  // A token that no header can carry is wrong; the server says so.
  const carried = /^[\x21-\x7e]*$/.test(token) ? token : '';
  return { 'Accept-Language': lang, ...(carried === '' ? {} : { Authorization: `Bearer ${carried}` }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Asks without a time limit: an import takes as long as its file is large. */
async function ask(operator: Operator, method: string, path: string, signal: AbortSignal, body?: unknown): Promise<Response> {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const reply = await fetch(BASE + path, { method, headers: { ...headers(operator), ...type }, cache: 'no-store', signal, ...content });
  if (!reply.ok) throw problemFrom(reply.status, parsed(await reply.text()));
  return reply;
}

/** The end of a name, with what tells the format; an address has no room for more. */
const ending = (name: string): string => Array.from(name).slice(-120).join('');

const one = (id: string, action = ''): string => `/${encodeURIComponent(id)}${action}`;

/** The files there are and the limits; fails where the token is wrong. */
export async function uploads(operator: Operator, signal: AbortSignal): Promise<Uploads> {
  return (await ask(operator, 'GET', '', signal)).json() as Promise<Uploads>;
}

/** What importing a file would do. */
export async function previewed(operator: Operator, id: string, options: ImportOptions, signal: AbortSignal): Promise<ImportPreview> {
  return (await ask(operator, 'POST', one(id, '/preview'), signal, options)).json() as Promise<ImportPreview>;
}

/** Imports a file. */
export async function accepted(operator: Operator, id: string, options: ImportOptions, signal: AbortSignal): Promise<ImportDone> {
  return (await ask(operator, 'POST', one(id, '/accept'), signal, options)).json() as Promise<ImportDone>;
}

/** Forgets a file. */
export async function discarded(operator: Operator, id: string, signal: AbortSignal): Promise<void> {
  await ask(operator, 'DELETE', one(id), signal);
}

/** The last report of a file, with every refused row. */
export async function wholeReport(operator: Operator, id: string, signal: AbortSignal): Promise<Blob> {
  return (await ask(operator, 'GET', one(id, '/report'), signal)).blob();
}

/**
 * Sends a file and tells how much of it is gone, from 0 to 1. Not by `fetch`, which cannot tell.
 * Rejects with {@link ApiProblem}, or with the abort when the caller gave up.
 */
export function uploaded(operator: Operator, file: File, progress: (share: number) => void, signal: AbortSignal): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${BASE}?filename=${encodeURIComponent(ending(file.name))}`);
    for (const [name, value] of Object.entries(headers(operator))) request.setRequestHeader(name, value);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = (event) => progress(event.total === 0 ? 1 : event.loaded / event.total);
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status === 201 && body !== null) resolve(body as Upload);
      else reject(problemFrom(request.status, body));
    };
    request.onerror = () => reject(problemFromThrown(new TypeError('network')));
    request.ontimeout = () => reject(new ApiProblem('slow', 0, null));
    request.onabort = () => reject(new DOMException('given up', 'AbortError'));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
