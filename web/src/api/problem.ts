/** What can go wrong with a request, as one kind of value the screens can show. */

export type ProblemCode = 'offline' | 'busy' | 'server' | 'request' | (string & {});

/** A failed request: a stable code, the server's own sentence where it sent one. */
export class ApiProblem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly status: number,
    readonly detail: string | null,
    /** The whole problem document, for members that only some problems have. */
    readonly body: unknown = null,
  ) {
    super(detail ?? code);
    this.name = 'ApiProblem';
  }

  /** What kind of problem it is, in the server's words. */
  get title(): string | null {
    return field(this.body, 'title');
  }
}

function field(body: unknown, name: string): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const value = (body as Record<string, unknown>)[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Turns an error answer (RFC 9457 where the server kept to it) into a problem. */
export function problemFrom(status: number, body: unknown): ApiProblem {
  const kind = status === 429 || status === 503 ? 'busy' : status >= 500 ? 'server' : 'request';
  return new ApiProblem(field(body, 'code') ?? kind, status, field(body, 'detail'), body);
}

/** A thrown fetch: the network, a refused connection, an answer that is not JSON. */
export function problemFromThrown(thrown: unknown): ApiProblem {
  if (thrown instanceof ApiProblem) return thrown;
  if (thrown instanceof SyntaxError) return new ApiProblem('server', 0, null);
  return new ApiProblem('offline', 0, null);
}

/** True for a request that was given up on purpose; nobody needs to hear of it. */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'AbortError';
}

/** True where it was worked out that there is no way, and not where that could not be found out. */
export function isNoWay(problem: ApiProblem | null): boolean {
  return problem?.code === 'no_route' || problem?.code === 'no_road_near';
}
