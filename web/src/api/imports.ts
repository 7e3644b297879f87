/** What an operator asks the server: uploads, previews, imports. Every question carries the operator's token. */
import { ask, headers, parsed, type Operator } from './operator';
import { ApiProblem, problemFrom, problemFromThrown } from './problem';
import type { ImportDone, ImportOptions, ImportPreview, Upload, Uploads } from './types';

export type { Operator };

const BASE = '/api/imports';

/** The end of a name, with what tells the format; an address has no room for more. */
const ending = (name: string): string => Array.from(name).slice(-120).join('');

const one = (id: string, action = ''): string => `${BASE}/${encodeURIComponent(id)}${action}`;

/** The files there are and the limits; fails where the token is wrong. */
export async function uploads(operator: Operator, signal: AbortSignal): Promise<Uploads> {
  return (await ask(operator, 'GET', BASE, signal)).json() as Promise<Uploads>;
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
