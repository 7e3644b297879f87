/** The operator's desk: who is signed in, which file is on it, and how far its import has come. */
import type { FeatureCollection } from 'geojson';
import { accepted, discarded, previewed, uploaded, uploads, wholeReport, type Operator } from '../../api/imports';
import { ApiProblem, isAbort, problemFromThrown } from '../../api/problem';
import { region } from '../../api/client';
import type { ImportOptions, ImportPreview, Upload, Uploads } from '../../api/types';
import { app } from '../../state/app.svelte';
import { switched } from '../../state/layers';
import { nav } from '../../state/nav.svelte';
import { prefs } from '../../state/prefs.svelte';
import { chosen, type Choice } from './choices';
import { emptyForm, options, type Form } from './form';
import { propose } from './proposals';
import { readReport, type Report } from './report';

const TOKEN_KEY = 'refugia.operator';

/** For this tab only: gone when it closes. Storage can be switched off; the token is then asked for again. */
function remembered(): string {
  try {
    return sessionStorage.getItem(TOKEN_KEY) ?? '';
  } catch {
    return '';
  }
}

function remember(token: string): void {
  try {
    if (token === '') sessionStorage.removeItem(TOKEN_KEY);
    else sessionStorage.setItem(TOKEN_KEY, token);
  } catch {
    return;
  }
}

export type Access = 'asking' | 'closed' | 'off' | 'open' | 'failed';
export type Step = 'choose' | 'sending' | 'describe' | 'looking' | 'review' | 'importing' | 'done';

/** Problems that the steps show in different places. */
export type Trouble = 'send' | 'look' | 'import';

class Desk {
  access = $state<Access>('asking');
  step = $state<Step>('choose');
  limits = $state.raw<Uploads | null>(null);
  upload = $state.raw<Upload | null>(null);
  filename = $state('');
  /** Of the file, how much is sent: 0 to 1. */
  sent = $state(0);
  form = $state<Form>(emptyForm());
  preview = $state.raw<ImportPreview | null>(null);
  report = $state.raw<Report | null>(null);
  /** The server holds more of the report than it answered. */
  reportCut = $state(false);
  reload = $state<string | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  trouble = $state<Trouble | null>(null);
  /** What the preview was made with: another form needs another preview. */
  #lookedAt = $state('');
  #token = remembered();
  #running: AbortController | null = null;

  get operator(): Operator {
    return { token: this.#token, lang: prefs.lang };
  }

  /** Whether a token is there to be tried. */
  get hasToken(): boolean {
    return this.#token !== '';
  }

  /** Whether the form has changed since the preview. */
  get stale(): boolean {
    return JSON.stringify(options(this.form)) !== this.#lookedAt;
  }

  /** The ids that layers have already. */
  get taken(): readonly string[] {
    return (app.region.answer?.layers ?? []).map((layer) => layer.id);
  }

  /** Tries the token, or finds out what is needed. */
  async enter(token: string = this.#token): Promise<void> {
    this.#token = token;
    this.access = 'asking';
    this.problem = null;
    try {
      this.limits = await uploads(this.operator, this.#begin());
      remember(token);
      this.access = 'open';
    } catch (thrown) {
      if (isAbort(thrown)) return;
      const problem = problemFromThrown(thrown);
      this.#shut(problem, token !== '');
    }
  }

  /** Forgets the token and everything of the file. */
  leave(): void {
    void this.clear();
    this.limits = null;
    this.#token = '';
    remember('');
    this.access = 'closed';
    this.problem = null;
  }

  /** Sends a file. */
  async send(file: File): Promise<void> {
    this.filename = file.name;
    const most = this.limits?.max_upload_bytes ?? Infinity;
    if (file.size > most) return this.#fail('send', new ApiProblem('import.too_large', 0, null), 'choose');
    this.step = 'sending';
    this.sent = 0;
    this.#calm();
    try {
      this.resume(await uploaded(this.operator, file, (share) => (this.sent = share), this.#begin()));
    } catch (thrown) {
      this.#fail('send', thrown, 'choose');
      // Others may wait there that this page does not know of.
      await this.#refresh();
    }
  }

  /** Goes on with a file that is on the server: just sent, or before this page was loaded. */
  resume(upload: Upload): void {
    this.upload = upload;
    this.filename = upload.filename;
    const { layer, role, kind, name } = propose(upload.filename, app.region.answer?.layers ?? []);
    this.form = { ...emptyForm(), layer, role, kind, nameZh: name, nameEn: /\p{Script=Han}/u.test(name) ? '' : name };
    this.step = 'describe';
  }

  /** Takes a waiting file off the server. */
  async remove(upload: Upload): Promise<void> {
    this.#calm();
    try {
      await discarded(this.operator, upload.id, this.#begin());
    } catch (thrown) {
      this.#fail('send', thrown, 'choose');
    }
    await this.#refresh();
  }

  /** Files on the server that wait to be gone on with. */
  get waiting(): readonly Upload[] {
    return this.limits?.uploads ?? [];
  }

  /** Works the import out. */
  async look(): Promise<void> {
    const { upload } = this;
    if (upload === null) return;
    const asked = options(this.form);
    const back = this.report === null ? 'describe' : 'review';
    this.step = 'looking';
    this.#calm();
    try {
      const preview = await previewed(this.operator, upload.id, asked, this.#begin());
      this.preview = preview;
      this.#take(preview.report, preview.report_cut);
      this.#lookedAt = JSON.stringify(asked);
      const features = preview.features as unknown as FeatureCollection;
      const bbox = this.report?.bbox ?? null;
      app.drafted = bbox === null ? null : { features, bbox };
      this.step = 'review';
    } catch (thrown) {
      this.#fail('look', thrown, back);
    }
  }

  /** Answers what the importer asked, and looks again. */
  async choose(choice: Choice): Promise<void> {
    this.form = chosen(this.form, choice);
    await this.look();
  }

  /** Carries the import out. */
  async accept(anyway: boolean): Promise<void> {
    const { upload } = this;
    if (upload === null) return;
    this.step = 'importing';
    this.#calm();
    try {
      const done = await accepted(this.operator, upload.id, { ...options(this.form), accept: anyway }, this.#begin());
      this.#take(done.report, done.report_cut);
      this.reload = done.reload;
      app.drafted = null;
      this.step = 'done';
      await app.region.ask(region);
      this.#show();
    } catch (thrown) {
      this.#fail('import', thrown, 'review');
    }
  }

  /** Stops what is under way. */
  cancel(): void {
    this.#running?.abort();
    this.step = this.upload === null ? 'choose' : this.report === null ? 'describe' : 'review';
  }

  /** Back to what the file is. */
  describe(): void {
    this.step = 'describe';
  }

  /** Puts the file away. */
  async clear(): Promise<void> {
    const { upload } = this;
    this.#running?.abort();
    this.#calm();
    this.step = 'choose';
    this.upload = null;
    this.preview = null;
    this.report = null;
    this.reload = null;
    app.drafted = null;
    // It expires by itself where this fails.
    if (upload !== null) await discarded(this.operator, upload.id, new AbortController().signal).catch(() => undefined);
    await this.#refresh();
  }

  /** The whole report, to be saved. */
  async whole(): Promise<Blob | null> {
    if (this.upload === null) return null;
    return wholeReport(this.operator, this.upload.id, new AbortController().signal).catch((thrown: unknown) => {
      const { detail } = problemFromThrown(thrown);
      app.notice = { tone: 'bad', text: detail ?? '' };
      return null;
    });
  }

  /** Asks again which files wait; keeps what is known where that fails, for a later step will say why. */
  async #refresh(): Promise<void> {
    if (this.access !== 'open') return;
    this.limits = await uploads(this.operator, new AbortController().signal).catch(() => this.limits);
  }

  #begin(): AbortSignal {
    this.#running?.abort();
    this.#running = new AbortController();
    return this.#running.signal;
  }

  #calm(): void {
    this.problem = null;
    this.trouble = null;
  }

  #take(report: ImportPreview['report'], cut: boolean): void {
    this.report = readReport(report);
    this.reportCut = cut;
  }

  #fail(trouble: Trouble, thrown: unknown, back: Step): void {
    if (isAbort(thrown)) return;
    const problem = problemFromThrown(thrown);
    if (problem.status === 401 || problem.status === 403) return this.#shut(problem, true);
    // A stopped import comes with the report that says why.
    if (problem.code === 'import_stopped') this.#take((problem.body as { report?: ImportPreview['report'] }).report ?? {}, false);
    // A file that has expired is to be sent again.
    this.step = problem.code === 'unknown_upload' ? 'choose' : back;
    if (this.step === 'choose') this.upload = null;
    this.problem = problem;
    this.trouble = this.step === 'choose' ? 'send' : trouble;
  }

  /** No way in; `tell` says whether a person tried, who should hear why. */
  #shut(problem: ApiProblem, tell: boolean): void {
    if (problem.status !== 401 && problem.status !== 403) {
      this.problem = problem;
      this.access = 'failed';
      return;
    }
    this.#token = '';
    remember('');
    this.problem = tell ? problem : null;
    this.access = problem.code === 'operator_off' ? 'off' : 'closed';
  }

  /** The new layer is on the map: switched on where layers of its kind are not by themselves. */
  #show(): void {
    const id = this.report?.layer ?? this.form.layer;
    const layers = app.region.answer?.layers ?? [];
    if (layers.some((layer) => layer.id === id)) nav.go(switched(layers, { ...nav.place, hazard: app.mappedHazard }, id, true));
  }
}

export const desk = new Desk();

/** The options of a request; see {@link options}. */
export type { ImportOptions };
