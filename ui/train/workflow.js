// The experiment "first overfit, then regularise": a chain of runs, each begun when the one before has ended.

import { finder, make } from '../shared/dom.js';
import { language, text, withDetails, fillWords } from '../shared/words.js';
import { errorNumber, plain } from './numbers.js';
import { numberIn } from './recipes.js';
import { Watcher } from './watcher.js';
import { WorkflowChart } from './workflow_chart.js';

/** @import { RunAnswer, TrainProps, TrainRefusal, TrainServer, WorkflowRun } from '../types.d.ts' */

const AGAIN = 3000;     // ms until a full queue is asked again
const LONGER = 3;       // times as long as the first run the others may take for as many steps, on a busy server
const ENOUGH = 0.95;    // of the steps of the first run, to be compared with it
const NOTICED = 0.02;   // share of an error below which two runs count as alike

/** @type {Record<string, WorkflowRun['state']>} of a run that has ended, by the reason */
const STATES = { budget: 'ended', early: 'ended', stopped: 'stopped' };

export class Workflow {
  /** @type {WorkflowRun[]} */ #runs = [];
  #going = false;
  #token = '';
  /** @type {() => void} */ #over = () => {};  // ends the waiting for the run that goes on

  /**
   * @param {HTMLDetailsElement | HTMLElement} root
   * @param {TrainProps} props
   * @param {TrainServer} server
   */
  constructor(root, props, server) {
    this.root = root;
    this.props = props;
    this.server = server;
    const $ = this.$ = finder(root);
    fillWords(root);
    this.input = $('.workflow-seconds', HTMLInputElement);
    this.chart = new WorkflowChart($('.workflow-chart', SVGSVGElement));
    this.watcher = new Watcher({
      seen: () => !document.hidden && root.offsetParent !== null,
      ask: (token, since) => server.watch({ token, since }),
      show: (answer) => this.#take(answer),
      lost: () => this.#say(text.workflow_lost),
      found: () => this.#sayWhere(),
      gone: () => this.#over(),
    });
    const [, { limit }] = props.workflow[0];
    $('.workflow-about').textContent = withDetails(text.workflow_about, { few: limit });
    $('.workflow-go').addEventListener('click', () => (this.#going ? this.#stop() : this.#go()));
    this.input.addEventListener('input', () => this.#describe());
    this.#describe();
  }

  get seconds() { return numberIn('seconds', this.input.value, this.props.limits.seconds); }

  async #go() {
    const { seconds } = this;
    const [lowest, highest] = this.props.limits.seconds;
    this.$('.fault').textContent = seconds === null ? withDetails(text.fault_seconds, { lowest, highest }) : '';
    if (seconds === null) return this.input.focus();
    this.#going = true;
    this.#runs = this.props.workflow.map(([name, settings]) => (
      { name, settings, training: [], validation: [], seconds, step: 0, progress: 0, nothing: null, state: 'ahead' }));
    this.#show();
    for (const run of this.#runs) if (!await this.#train(run)) break;
    const failed = this.#runs.find(({ state }) => state === 'failed');
    const stopped = !this.#going;
    this.#going = false;
    this.#show();
    this.#say(failed ? withDetails(text.workflow_failed, { name: text[`workflow.${failed.name}`] })
      : stopped ? text.workflow_stopped : text.workflow_done);
  }

  /**
   * Whether the next one may follow.
   * @param {WorkflowRun} run
   */
  async #train(run) {
    const token = await this.#begin(run);
    if (!token) return false;
    this.#token = token;
    if (!this.#going) this.server.stop({ token }).catch(() => {});
    run.state = 'running';
    this.#sayWhere();
    await new Promise((done) => {
      this.#over = () => done(null);
      this.watcher.follow(token);
    });
    this.#show();
    return this.#going && endedWell(run);
  }

  /**
   * A token as soon as the server takes the run; none where it does not, or nobody wants it any more.
   * @param {WorkflowRun} run
   */
  async #begin(run) {
    const [first] = this.#runs;
    const longest = Math.min(LONGER * run.seconds, this.props.limits.seconds[1]);
    const budget = run === first ? { seconds: run.seconds } : { seconds: longest, steps: first.step };
    const settings = { ...run.settings, ...budget };
    while (this.#going) {
      const answer = await this.server.start({ settings, drawing: null, of: null }).catch(() => undefined);
      if (answer?.token) return answer.token;
      if (answer && !['full', 'busy'].includes(answer.hint ?? '')) return this.#refused(run.name, answer);
      this.#say(answer ? this.#numbered(text.workflow_busy, run.name) : text.workflow_lost);
      await new Promise((done) => {
        this.#over = () => done(null);
        setTimeout(done, AGAIN);
      });
    }
    return null;
  }

  /**
   * @param {string} name
   * @param {TrainRefusal} refusal
   */
  #refused(name, { error }) {
    const run = this.#runs.find((one) => one.name === name);
    if (run) run.state = 'failed';
    this.$('.fault').textContent = withDetails(text.fault_refused, { error });
    return null;
  }

  #stop() {
    this.#going = false;
    this.#over();
    this.watcher.leave();
    if (this.#token) this.server.stop({ token: this.#token }).catch(() => {});
    const run = this.#runs.find(({ state }) => state === 'running');
    if (run) run.state = 'stopped';
  }

  /** @param {RunAnswer} answer */
  #take(answer) {
    const run = this.#runs.find(({ state }) => state === 'running');
    if (!run) return;
    if (answer.fresh) [run.training, run.validation] = [[], []];
    run.training.push(...answer.fitted);
    run.validation.push(...answer.validation);
    [run.step, run.progress] = [answer.step, answer.progress];
    run.nothing = answer.started?.nothing ?? run.nothing;
    run.place = answer.state === 'waiting' ? answer.place : undefined;
    if (answer.state === 'ended') {
      run.state = STATES[answer.reason] ?? 'failed';
      this.#over();
    }
    this.#sayWhere();
    this.#show();
  }

  #sayWhere() {
    const run = this.#runs.find(({ state }) => state === 'running');
    if (!run || !this.#going) return;
    this.#say(this.#numbered(run.place ? text.workflow_queue : text.workflow_step, run.name, run.place));
  }

  /**
   * @param {string} words
   * @param {string} name
   */
  #numbered(words, name, place = 0) {
    const number = this.#runs.findIndex((run) => run.name === name) + 1;
    return withDetails(words, { number, count: this.#runs.length, name: text[`workflow.${name}`], place });
  }

  /** @param {string} words */
  #say(words) {
    const news = this.$('.workflow-news');
    if (news.textContent !== words) news.textContent = words;
  }

  #show() {
    this.root.dataset.state = this.#going ? 'running' : 'idle';
    this.input.disabled = this.#going;
    this.$('.workflow-go').textContent = this.#going ? text.stop : text.workflow_start;
    this.$('.workflow-results').hidden = !this.#runs.length;
    this.chart.show(this.#runs);
    this.$('tbody').replaceChildren(...this.#runs.map((run, place) => rowOf(run, place + 1, this.#runs[0])));
  }

  #describe() {
    const { seconds } = this;
    const count = this.props.workflow.length;
    const minutes = plain((seconds ?? 0) * count / 60, 1);
    this.$('.workflow-total').textContent = seconds ? withDetails(text.workflow_total, { count, minutes }) : '';
  }
}

/**
 * @param {WorkflowRun} run
 * @param {number} number
 * @param {WorkflowRun} first without any remedy
 */
function rowOf(run, number, first) {
  const { name, settings } = run;
  const what = text[`workflow_${name}_what`];
  const details = { ...settings, limit: plain(settings.limit ?? 0), dropout: share(settings.dropout ?? 0) };
  const [training, validation] = [last(run.training), last(run.validation)];
  const known = training !== null && validation !== null;
  const cells = [
    withDetails(what, details),
    ...[training, validation, known ? validation - training : null].map(errorNumber),
    run !== first && run.state === 'ended' ? effectOf(run, first) : '',
  ];
  const row = make('tr');
  row.dataset.run = name;
  row.dataset.state = run.state;
  row.append(
    make('th', { scope: 'row', textContent: `${number} ${text[`workflow.${name}`]}` }),
    ...cells.map((textContent) => make('td', { textContent })),
  );
  return row;
}

/**
 * A run that the server no longer knows has failed.
 * @param {WorkflowRun} run
 */
function endedWell(run) {
  if (run.state === 'running') run.state = 'failed';
  return run.state === 'ended';
}

/**
 * Whether a remedy helped, in words.
 * @param {WorkflowRun} run
 * @param {WorkflowRun} first
 */
export function effectOf(run, first) {
  const made = run.step / first.step;
  if (run.settings.patience === 0 && made < ENOUGH) {
    return withDetails(text.workflow_fewer, { share: Math.round(100 * made) });
  }
  const [[training, validation], [before, was]] = [run, first].map((each) => (
    [last(each.training) ?? NaN, last(each.validation) ?? NaN]));
  const lower = 1 - validation / was;
  if (lower > NOTICED) return withDetails(text.workflow_better, { percent: Math.round(100 * lower) });
  const closer = 1 - (validation - training) / (was - before);
  return closer > NOTICED && was > before
    ? withDetails(text.workflow_closer, { percent: Math.round(100 * Math.min(1, closer)) }) : text.workflow_worse;
}

/** @param {[number, number][]} points */
const last = (points) => points.at(-1)?.[1] ?? null;

/** @param {number} part */
const share = (part) => `${(100 * part).toLocaleString(language)} %`;
