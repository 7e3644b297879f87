/** Closing roads: what is drawn, what it would catch, and that it is done. For operators. */
import { closed, reopened, tried } from '../../api/closing';
import { isAbort, problemFromThrown, type ApiProblem } from '../../api/problem';
import type { ClosureMade, LonLat } from '../../api/types';
import { app } from '../../state/app.svelte';
import { Question } from '../../state/question.svelte';
import { rescue } from '../../state/rescue.svelte';
import { TRAVELS } from '../../state/url';
import { desk } from '../import/desk.svelte';
import { drawing, feature, pressed, RADIUS, type Draft } from './draft';

const EMPTY: Draft = { shape: 'point', corners: [], radiusM: RADIUS.usual, reason: '', source: '', modes: TRAVELS, starts: '', ends: '' };

class Closing {
  step = $state<'off' | 'sign_in' | 'draw'>('off');
  draft = $state.raw<Draft>(EMPTY);
  /** What the drawing would catch. */
  preview = new Question<ClosureMade>();
  busy = $state(false);
  /** Counts returns to the list: the focus goes there, for what had it is gone. */
  returns = $state(0);
  problem = $state.raw<ApiProblem | null>(null);

  /** Begins to draw, once it is known who asks. */
  start(): void {
    this.draft = EMPTY;
    this.problem = null;
    this.preview.clear();
    this.step = desk.access === 'open' ? 'draw' : 'sign_in';
    if (this.step !== 'draw') return;
    rescue.drawing = (at) => this.press(at);
    this.#draw();
  }

  /** Puts the drawing away. */
  stop(): void {
    this.step = 'off';
    rescue.drawing = null;
    rescue.drafted = null;
    this.preview.clear();
    this.problem = null;
    this.returns += 1;
  }

  press(at: LonLat): void {
    if (app.stop === 'peek') app.stop = 'half';
    this.change({ corners: pressed(this.draft.shape, this.draft.corners, at) });
  }

  /** Says something else of the closure. */
  change(change: Partial<Draft>): void {
    this.draft = { ...this.draft, ...change };
    this.#draw();
  }

  /** Asks what would be caught. */
  look(): void {
    const sent = feature(this.draft, app.timeZone);
    if (sent === null) return this.preview.clear();
    void this.preview.ask((signal) => tried(desk.operator, sent, signal)).then(() => this.#draw());
  }

  /** Closes what is drawn; true where it is done. */
  async close(): Promise<boolean> {
    const sent = feature(this.draft, app.timeZone);
    if (sent === null) return false;
    return this.#do(async (signal) => {
      await closed(desk.operator, sent, signal);
      this.stop();
    });
  }

  /** Ends a closure; true where it is done. */
  end(id: string): Promise<boolean> {
    return this.#do(async (signal) => {
      await reopened(desk.operator, id, signal);
      this.returns += 1;
    });
  }

  async #do(work: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    this.busy = true;
    this.problem = null;
    try {
      await work(new AbortController().signal);
      await rescue.changed();
      return true;
    } catch (thrown) {
      if (isAbort(thrown)) return false;
      this.problem = problemFromThrown(thrown);
      // The token is not what it was: find out how it stands.
      if (this.problem.status === 401 || this.problem.status === 403) void desk.enter();
      return false;
    } finally {
      this.busy = false;
    }
  }

  #draw(): void {
    if (this.step !== 'draw') return;
    const caught = this.draft.corners.length === 0 ? [] : (this.preview.answer?.properties.caught.geometry.coordinates ?? []);
    rescue.drafted = { shape: drawing(this.draft), caught };
  }
}

export const closing = new Closing();
