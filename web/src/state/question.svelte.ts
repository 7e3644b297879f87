/** One question to the server at a time: its phase, its answer, its failure. */
import { isAbort, problemFromThrown, type ApiProblem } from '../api/problem';

/** A later `ask` gives up the earlier one, so a slow answer never replaces a newer one. */
export class Question<T> {
  phase = $state<'idle' | 'asking' | 'answered' | 'failed'>('idle');
  answer = $state.raw<T | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  #running: AbortController | null = null;
  #last: ((signal: AbortSignal) => Promise<T>) | null = null;

  /** Asks; the answer lands in `answer`, a failure in `problem`. */
  async ask(request: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#last = request;
    this.phase = 'asking';
    this.problem = null;
    try {
      const answer = await request(running.signal);
      if (running.signal.aborted) return;
      this.answer = answer;
      this.phase = 'answered';
    } catch (thrown) {
      if (isAbort(thrown) || running.signal.aborted) return;
      this.answer = null;
      this.problem = problemFromThrown(thrown);
      this.phase = 'failed';
    }
  }

  /** Asks the last question again. */
  again(): void {
    if (this.#last !== null) void this.ask(this.#last);
  }

  /** Forgets question and answer. */
  clear(): void {
    this.#running?.abort();
    this.#last = null;
    this.phase = 'idle';
    this.answer = null;
    this.problem = null;
  }
}
