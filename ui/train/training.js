// The Train tab: wires the form, the line to the server, the stage and what comes afterwards.

import { finder } from '../shared/dom.js';
import { drawing } from '../shared/drawing.js';
import { kept } from '../shared/kept.js';
import { ownNetworks } from '../shared/own.js';
import { toBase64 } from '../shared/pixels.js';
import { followSideways } from '../shared/sliders.js';
import { addWords, fillWords, language, text, withDetails } from '../shared/words.js';
import { goesOnFromWeights, isUsable } from './afterwards.js';
import { FORM_KEY } from './kept_form.js';
import { AGAIN_KEY, RUN_KEY, bootOf, noteBoot } from './kept_run.js';
import { Mine, rememberRun } from './mine.js';
import { newsOf } from './news.js';
import { Results } from './results.js';
import { Settings } from './settings.js';
import { Stage } from './stage.js';
import { Timelapse } from './timelapse.js';
import { TransferProblem, uploadCheckpoint } from './transfer.js';
import { Watcher } from './watcher.js';
import { Workflow } from './workflow.js';

/** @import { News, Run, RunAnswer, RunSettings, RunState } from '../types.d.ts' */
/** @import { TrainProps, TrainRefusal, TrainServer } from '../types.d.ts' */

/** @type {Run} */
const NOTHING_YET = { state: 'idle', token: null, usable: false, can_go_on: false, frames: 0, started: null, name: '' };
const AT_WORK = ['waiting', 'running'];

class Training {
  run = { ...NOTHING_YET };

  /**
   * @param {HTMLElement} root
   * @param {TrainProps} props
   * @param {TrainServer} server
   */
  constructor(root, props, server) {
    this.root = root;
    this.props = props;
    this.server = server;
    const $ = this.$ = finder(root);
    fillWords(root);
    this.settings = new Settings(root, props, () => this.#chosen());
    this.stage = new Stage(root, server);
    this.lapse = new Timelapse($('.lapse'), {
      load: () => this.stage.frames(this.run),
      show: (pixels, step) => this.stage.showFrame(pixels, step),
    });
    this.results = new Results(root, {
      server,
      settings: this.settings,
      chart: this.stage.chart,
      run: () => this.run,
      lost: () => this.#lose(),
    });
    this.watcher = new Watcher({
      seen: () => !document.hidden && root.offsetParent !== null,
      ask: (token, since) => server.watch({ token, since }),
      show: (answer) => {
        this.#take(answer);
        root.dataset.updates = String(Number(root.dataset.updates) + 1);
      },
      lost: () => this.#say(['lost']),
      found: () => { this.settings.clearFault('action'); this.#sayHowItStands(); },
      gone: (token, boot) => { if (token === this.run.token) this.#lose(boot); },
    });
    this.mine = new Mine($('.own-list'), {
      use: (network) => this.results.draw(network),
      save: (network) => this.results.save(network),
      busy: () => (AT_WORK.includes(this.run.state) ? this.run.token : null),
      // The run that is shown is not found again by a reload, once its network was removed.
      told: (token, still) => { if (token === this.run.token) kept.set(RUN_KEY, still ? token : null); },
    });
  }

  open() {
    this.stage.figures.show(this.run);
    this.#setState('idle');
    this.#sayHowItStands();
    this.#preview();
    const token = kept.get(RUN_KEY);
    if (token) this.#follow(token, true);
  }

  // --- the life of a run

  async #begin() {
    const wish = this.settings.read();
    if (!wish) return;
    this.#setState('starting');
    const pixels = drawing.board?.pixels() ?? null;
    const answer = await this.server.start({ ...wish, drawing: pixels && toBase64(pixels) }).catch(() => undefined);
    if (answer?.token) return this.#follow(answer.token);
    this.#setState(this.run.state);
    const place = answer?.hint === 'mnist' ? 'data' : answer?.hint === 'of' ? 'of' : 'run';
    this.settings.refuse(place, answer?.hint, answer);
  }

  /** @param {string} token */
  #follow(token, returned = false) {
    kept.set(RUN_KEY, token);
    this.run = { ...NOTHING_YET, state: 'starting', token, returned };
    this.results.compare(false);
    this.lapse.close();
    this.#preview();
    this.#setState('starting');
    this.watcher.follow(token);
  }

  /**
   * Whether the wish was granted.
   * @param {Promise<TrainRefusal>} wish
   */
  async #act(wish) {
    this.settings.clearFaults();
    const answer = await wish.catch(() => undefined);
    const granted = Boolean(answer && !answer.hint && !answer.error);
    if (answer?.hint === 'gone') this.#lose();
    else if (!granted) this.settings.refuse('action', answer?.hint, answer);
    return granted;
  }

  async #goOn() {
    const { run, settings } = this;
    const { seconds } = settings;
    if (seconds === null) return settings.read();
    if (goesOnFromWeights(run) && run.settings && run.token) {
      settings.fill({ ...run.settings, seconds }, run.token);
      return this.#begin();
    }
    const { token } = run;
    if (!await this.#act(this.server.go_on({ token, seconds })) || !token) return;
    ownNetworks.renew(token);
    kept.set(AGAIN_KEY, `${token} ${Date.now()}`);
    this.watcher.follow(token);
  }

  /**
   * The server no longer has this run. What is seen of it stays, and so do its settings; only the weights are gone.
   * @param {string} [boot] the name of the server, where it is known
   */
  async #lose(boot) {
    const { token, settings: known, state } = this.run;
    if (token === null) return;
    this.watcher.leave();
    boot ??= await this.#boot(token);
    if (this.run.token !== token) return;
    const restarted = bootOf(token) && boot && boot !== bootOf(token);
    ownNetworks.remove(token);
    kept.set(RUN_KEY, null);
    const busy = AT_WORK.includes(state);  // else the form may have changed meanwhile
    if (busy && known?.digits) this.settings.fill(known, this.settings.of);
    this.#showLost();
    this.#say(restarted ? ['restarted', { button: text.start }] : ['gone']);
  }

  /** @param {string} token */
  async #boot(token) {
    const answer = await this.server.watch({ token, since: 0 }).catch(() => undefined);
    return answer?.boot;
  }

  #showLost() {
    const { run } = this;
    const shown = Boolean(run.started);
    const left = { usable: false, can_go_on: false, token: null };
    this.run = { ...(shown ? run : NOTHING_YET), ...left, state: shown ? 'lost' : 'idle' };
    this.results.compare(false);
    this.lapse.close(run.step || null);
    this.stage.figures.show(this.run);
    if (!shown) this.#preview();
    this.#setState(this.run.state);
  }

  // --- an answer of the server, painted

  /** @param {RunAnswer} answer */
  #take(answer) {
    const before = this.run;
    const run = this.run = {
      ...before, ...answer, settings: answer.settings ?? before.settings, started: answer.started ?? before.started,
    };
    noteBoot(run.token, answer.boot);
    if (isUsable(run)) this.#remember(run);
    else if (run.reason === 'diverged') ownNetworks.remove(run.token);
    if (answer.settings && !before.settings) this.#takeSettings(answer.settings);
    this.stage.show(answer, run);
    if (run.state === 'ended') this.lapse.open(run.frames, run.step);
    else this.lapse.close(run.step || null);
    if (run.state !== before.state || run.usable !== before.usable) this.#setState(run.state);
    if (run.state !== before.state) this.settings.clearFault('action');  // what could not be done then
    this.#sayHowItStands();
    if (run.state === 'ended' && run.reason === 'failed') this.#sayWhatFailed(run);
  }

  /** @param {Run} run */
  #sayWhatFailed({ fault, message }) {
    const words = text[`fault_${fault}`] ?? message;
    if (words) this.settings.fault('run', words);
  }

  /** @param {Run} run */
  #remember(run) {
    if (run.token !== null) rememberRun({ ...run, token: run.token }, this.mine.forgotten);
  }

  /**
   * Those of the run that is shown; of an uploaded checkpoint only its network is known, and it is what comes next.
   * Back at a run that is over, the form stays as it was left.
   * @param {RunSettings} known
   */
  #takeSettings(known) {
    const { returned, state, token } = this.run;
    if (known.digits && returned && state === 'ended' && kept.get(FORM_KEY)) return;
    this.settings.fill(known, known.digits ? this.settings.of : token ?? '');
  }

  #sayHowItStands() {
    this.#say(newsOf(this.run, this.settings.reads, this.props.own_source));
  }

  /**
   * A live region: spoken when it changes, so it changes only with the state.
   * @param {News} news
   */
  #say([name, details, ...more]) {
    const sentences = [text[`news_${name}`] ?? text.news_ended, ...more.map((other) => text[`news_${other}`])];
    const words = withDetails(sentences.join(language === 'zh' ? '' : ' '), details ?? {});
    this.root.dataset.news = name;
    const place = this.$('.news');
    if (place.textContent !== words) place.textContent = words;
  }

  /** @param {RunState} state */
  #setState(state) {
    const { $, root, run } = this;
    root.dataset.state = state;
    if (state !== 'starting') run.state = state;
    const words = { starting: text.starting, waiting: text.leave_queue, running: text.stop, ended: text.start_again };
    const focused = document.activeElement;
    $('.go').textContent = state in words ? words[/** @type {keyof typeof words} */ (state)] : text.start;
    $('.go').setAttribute('aria-disabled', String(state === 'starting'));  // a disabled button would lose the focus
    this.settings.lock(['starting', ...AT_WORK].includes(state));
    this.results.describe();
    this.mine.show();
    if (root.contains(focused) && focused?.matches(':disabled')) $('.go').focus({ preventScroll: true });
  }

  // The visitor changed something in the form.
  #chosen() {
    if (this.root.dataset.state === 'idle') this.#preview();
    if (this.root.dataset.news?.startsWith('idle')) this.#sayHowItStands();
    this.results.describe();
  }

  #preview() {
    const { digits, reads, seconds } = this.settings;
    this.stage.preview({ digits, reads, seconds: seconds ?? this.props.defaults.seconds });
  }

  /** @param {File} file */
  async #upload(file) {
    this.settings.clearFaults();
    try {
      this.#follow(await uploadCheckpoint(file, this.props.largest_checkpoint));
    } catch (problem) {
      this.settings.refuse('upload', problem instanceof TransferProblem ? problem.message : 'upload');
    }
  }

  // --- the start

  listen() {
    const { $, root } = this;
    /** @type {(selector: string, act: () => void) => void} */
    const onClick = (selector, act) => $(selector).addEventListener('click', act);
    const file = $('[type=file]', HTMLInputElement);
    followSideways(root);
    onClick('.go', () => this.#press());
    onClick('.go-on', () => this.#goOn());
    onClick('.upload', () => file.click());
    file.addEventListener('change', () => {
      if (file.files?.[0]) this.#upload(file.files[0]);
      file.value = '';  // the same file can be chosen again
    });
    const [layers, setup] = [$('.layers', HTMLDetailsElement), $('.setup', HTMLDetailsElement)];
    layers.addEventListener('toggle', () => { if (layers.open) layers.scrollIntoView({ block: 'nearest' }); });
    const small = matchMedia('(max-width: 1000px)');
    const fold = () => { setup.open = !small.matches; };
    small.addEventListener('change', fold);
    fold();
    window.addEventListener('storage', (event) => this.#followOtherTab(event));
    drawing.onArrival(() => { if (root.dataset.state === 'idle') this.#preview(); });
    new IntersectionObserver(([{ isIntersecting }]) => { if (isIntersecting) this.#comeBack(); }).observe(root);
  }

  #press() {
    const { state } = this.root.dataset;
    if (state === 'starting') return;
    if (AT_WORK.includes(state ?? '')) this.#act(this.server.stop({ token: this.run.token }));
    else this.#begin();
  }

  /**
   * Another tab of this browser began a run, or went on with this one: here it is shown too, unless one is busy.
   * @param {StorageEvent} event
   */
  #followOtherTab({ key, newValue }) {
    const { token } = this.run;
    if (!newValue || !['idle', 'ended', 'lost'].includes(this.root.dataset.state ?? '')) return;
    if (key === RUN_KEY && newValue !== token) this.#follow(newValue);
    if (key === AGAIN_KEY && token && newValue.startsWith(`${token} `)) this.watcher.follow(token);
  }

  // Back from Draw there may be another digit.
  #comeBack() {
    this.watcher.wake();
    if (this.root.dataset.state === 'idle') this.#preview();
    this.results.compareAgain();
    this.server.sources({}).then(({ mnist }) => this.settings.nameSources(mnist)).catch(() => {});
  }
}

/**
 * @param {HTMLElement} element
 * @param {TrainProps} props
 * @param {TrainServer} server
 */
export function start(element, props, server) {
  addWords(props.texts);
  const training = new Training(finder(element)('.training'), props, server);
  training.listen();
  training.open();
  new Workflow(finder(element)('.workflow'), props, server);
}
